import type { World } from '../fault.ts';
import { logLines } from '../inside/logs.ts';
import { PODS } from '../kinds.ts';
import type { Pod } from '../objects.ts';
import { notFound, Problem } from './problem.ts';
import type { ApiRequest, Place } from './request.ts';

/** `pods/<name>/log`: the text of it. @throws {Problem} where the container has none, in the kubelet's words */
export function podLog(world: World, { query }: ApiRequest, { namespace, name = '' }: Place): string {
  const pod = world.store.get(PODS, namespace, name);
  if (!pod) throw notFound(PODS, name);
  const container = containerOf(pod, query.get('container'));
  const previous = query.get('previous') === 'true';
  mustHaveRun(pod, container, previous);
  const since = query.get('sinceSeconds')
    ? world.now - Number(query.get('sinceSeconds')) * 1_000
    : Date.parse(query.get('sinceTime') ?? '') || 0;
  const lines = logLines(world, pod, previous).filter(({ at }) => Date.parse(at) >= since);
  const tail = query.get('tailLines');
  const asked = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  const stamps = query.get('timestamps') === 'true';
  const text = asked.map((line) => `${stamps ? `${line.at} ` : ''}${line.text}\n`).join('');
  const limit = query.get('limitBytes');
  return limit === null ? text : Buffer.from(text).subarray(0, Number(limit)).toString('utf8');
}

export function containerOf({ spec, metadata }: Pod, name: string | null): string {
  const names = spec.containers.map((one) => one.name);
  const asked = name ?? names[0] ?? '';
  if (!names.includes(asked)) throw new Problem('BadRequest', `container ${asked} is not valid for pod ${metadata.name}`);
  return asked;
}

function mustHaveRun({ status, metadata }: Pod, container: string, previous: boolean): void {
  const one = status.containerStatuses.find(({ name }) => name === container);
  const { name } = metadata;
  if (previous && !one?.lastState.terminated)
    throw new Problem('BadRequest', `previous terminated container "${container}" in pod "${name}" not found`);
  if (previous || one?.state.running || one?.state.terminated || one?.lastState.terminated) return;
  const waiting = one?.state.waiting?.reason ?? 'ContainerCreating';
  const why = waiting === 'ImagePullBackOff' ? 'trying and failing to pull image' : waiting;
  throw new Problem('BadRequest', `container "${container}" in pod "${name}" is waiting to start: ${why}`);
}
