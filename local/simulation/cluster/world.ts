import type { PodEffect, World } from './fault.ts';
import { EVENTS, type Kind } from './kinds.ts';
import type { Condition, KubeObject, Pod } from './objects.ts';
import { type Life, stamp } from './state.ts';
import { letters } from './store.ts';

export type { World } from './fault.ts';

/** An event of a thing that went on is counted, not told again, for so long; and forgotten after. Milliseconds. */
const HOUR = 3_600_000;

export const APP = 'app.kubernetes.io/name';

export const appOf = ({ metadata }: KubeObject): string => metadata.labels?.[APP] ?? '';

export function effectsOn(world: World, pod: Pod): PodEffect[] {
  const made = Date.parse(pod.metadata.creationTimestamp);
  return world.active().flatMap(({ fault, since, before }) =>
    (fault.effects ?? []).filter(({ app, pods }) => {
      if (app !== appOf(pod)) return false;
      if (pods === 'chosen') return before.includes(pod.metadata.uid);
      return pods === 'all' || made < Math.floor(since / 1_000) * 1_000;
    }),
  );
}

export function lifeOf({ store }: Pick<World, 'store'>, { metadata }: Pod): Life {
  const life = store.state.lives[metadata.uid] ?? { said: [] };
  store.state.lives[metadata.uid] = life;
  return life;
}

const MOST_SAID = 200;

export function say(world: World, pod: Pod, lines: readonly string[], at = world.now): void {
  const life = lifeOf(world, pod);
  life.said = [...life.said, ...lines.map((text) => ({ at: new Date(at).toISOString(), text }))].slice(-MOST_SAID);
}

/** @returns the conditions with this one in them; its transition is now if its status is another than before */
export function conditionsWith(
  conditions: readonly Condition[],
  { type, status, reason, message }: Condition,
  now: number,
  updated = false,
): Condition[] {
  const before = conditions.find((one) => one.type === type);
  const at = stamp(now);
  const next: Condition = {
    type,
    status,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? at) : at,
    ...(updated && { lastUpdateTime: at }),
  };
  return before ? conditions.map((one) => (one === before ? next : one)) : [...conditions, next];
}

export const isTrue = (conditions: readonly Condition[], type: string): boolean =>
  conditions.some((one) => one.type === type && one.status === 'True');

export const isReady = ({ status, metadata }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && isTrue(status.conditions, 'Ready');

/** Writes down what happened to an object; the same again within the hour is counted. */
export function note(
  world: World,
  kind: Kind,
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const { store, now } = world;
  const { name, namespace = 'default', uid } = object.metadata;
  const at = stamp(now);
  const id = `${name}.${letters(`${uid} ${reason} ${message}`, 16)}`;
  const before = store.get(EVENTS, namespace, id);
  if (before) {
    store.save(EVENTS, { ...before, count: before.count + 1, lastTimestamp: at });
    return;
  }
  store.create(EVENTS, {
    metadata: { name: id, namespace },
    involvedObject: {
      kind: kind.kind,
      namespace,
      name,
      uid,
      apiVersion: object.apiVersion,
      resourceVersion: object.metadata.resourceVersion,
    },
    ...{ reason, message, type, count: 1, firstTimestamp: at, lastTimestamp: at },
    source: { component: kind.resource === 'pods' ? 'kubelet' : `${kind.resource}-controller` },
    reportingComponent: '',
    reportingInstance: '',
  });
}

export function forgetEvents({ store, now }: World): void {
  for (const event of store.list(EVENTS))
    if (Date.parse(event.lastTimestamp ?? event.metadata.creationTimestamp) < now - HOUR) store.remove(EVENTS, event);
}
