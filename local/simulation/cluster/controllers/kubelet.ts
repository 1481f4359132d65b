import type { PodEffect } from '../fault.ts';
import { type ContainerPlan, planFor } from '../inside/plans.ts';
import { failed, NoSuchProgram, type Ended as Result } from '../inside/program.ts';
import { runProgram } from '../inside/programs.ts';
import { NODES, PODS } from '../kinds.ts';
import type { Condition, ContainerState, ContainerStatus, Pod } from '../objects.ts';
import { stamp } from '../state.ts';
import { conditionsWith, effectsOn, isTrue, lifeOf, note, say, type World } from '../world.ts';

/** How long a pod takes to end when it is asked to, and a container to be made. Milliseconds. */
const ENDING = 2_000;
const CREATING = 1_000;
/** And a short program to run. */
const PROGRAM = 1_000;
const LONGEST_BACK_OFF = 300_000;

/** Every node's kubelet: starts containers, starts them again when they end, and says how they are. */
export function kubelets(world: World) {
  for (const pod of world.store.list(PODS)) if (pod.spec.nodeName !== undefined) tend(world, pod);
}

function tend(world: World, pod: Pod) {
  const { store, now } = world;
  const node = store.get(NODES, undefined, pod.spec.nodeName ?? '');
  if (!node || !isTrue(node.status.conditions, 'Ready')) return lost(world, pod);
  if (pod.metadata.deletionTimestamp !== undefined) return ending(world, pod);
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return;
  const startTime = pod.status.startTime ?? stamp(now);
  const deadline = Date.parse(startTime) + (pod.spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  if (now >= deadline) return overdue(world, pod);
  if (Number.isFinite(deadline)) world.wakeAt(deadline);
  const effects = effectsOn(world, pod);
  const plan = planFor(pod, effects);
  const before = pod.status.containerStatuses[0] ?? created(pod);
  const container = step(world, { pod, plan, effects, before, startTime });
  const ip = `10.0.${(Number(pod.metadata.resourceVersion) % 200) + 10}.${(pod.metadata.uid.charCodeAt(0) % 200) + 20}`;
  const { terminated } = container.state;
  const phase = terminated
    ? terminated.exitCode === 0
      ? 'Succeeded'
      : 'Failed'
    : container.state.running || container.restartCount > 0
      ? 'Running'
      : 'Pending';
  const status = {
    ...pod.status,
    phase,
    startTime,
    podIP: pod.status.podIP ?? ip,
    hostIP: '10.0.1.10',
    qosClass: 'Burstable',
  } as const;
  save(
    world,
    { ...pod, status: { ...status, containerStatuses: [container] } },
    container.ready,
    terminated ? 'PodCompleted' : 'ContainersNotReady',
  );
}

interface Moment {
  pod: Pod;
  plan: ContainerPlan;
  effects: PodEffect[];
  before: ContainerStatus;
  startTime: string;
}

/** What the container comes to at this moment. */
function step(world: World, moment: Moment): ContainerStatus {
  const { plan, before, startTime } = moment;
  const { running, waiting } = before.state;
  if (running) return runs(world, moment, Date.parse(running.startedAt));
  const restartsAt =
    Date.parse(before.lastState.terminated?.finishedAt ?? startTime) +
    (waiting?.reason === 'CrashLoopBackOff' ? backOff(before.restartCount) : CREATING);
  if (world.now < restartsAt && ['CrashLoopBackOff', 'ContainerCreating'].includes(waiting?.reason ?? '')) {
    world.wakeAt(restartsAt);
    return before;
  }
  if (plan.waiting) return refuses(world, moment, plan.waiting);
  return starts(world, moment);
}

function refuses(world: World, { pod, before }: Moment, waiting: NonNullable<ContainerState['waiting']>): ContainerStatus {
  if (before.state.waiting?.reason !== waiting.reason)
    note(
      world,
      PODS,
      pod,
      'Warning',
      waiting.reason === 'ImagePullBackOff' ? 'Failed' : waiting.reason,
      `Error: ${waiting.message ?? waiting.reason}`,
    );
  return { ...before, ready: false, started: false, state: { waiting } };
}

function starts(world: World, { pod, plan, before }: Moment): ContainerStatus {
  const { now } = world;
  const [container] = pod.spec.containers;
  note(world, PODS, pod, 'Normal', 'Pulled', `Container image "${container?.image}" already present on machine`);
  note(world, PODS, pod, 'Normal', 'Started', `Started container ${container?.name}`);
  say(world, pod, plan.greeting);
  const life = lifeOf(world, pod);
  const result = plan.program && programIn(world, pod, plan.program);
  if (result) {
    say(
      world,
      pod,
      `${result.stdout}${result.stderr}`.split('\n').filter((line) => line !== ''),
    );
    const at = new Date(now + PROGRAM + (result.seconds ?? 0) * 1_000).toISOString();
    life.ends = { at, exitCode: result.exitCode, reason: result.exitCode === 0 ? 'Completed' : 'Error' };
  } else if (plan.ends)
    life.ends = {
      at: new Date(now + plan.ends.afterSeconds * 1_000).toISOString(),
      exitCode: plan.ends.exitCode,
      reason: plan.ends.reason,
    };
  else delete life.ends;
  if (life.ends) world.wakeAt(Date.parse(life.ends.at));
  world.wakeAt(now + plan.bootSeconds * 1_000);
  const containerID = `containerd://${pod.metadata.uid.replaceAll('-', '')}${before.restartCount}`;
  return { ...before, ready: false, started: true, containerID, state: { running: { startedAt: stamp(now) } } };
}

function programIn(world: World, pod: Pod, argv: string[]): Result {
  try {
    return runProgram(world, pod, argv);
  } catch (error) {
    if (error instanceof NoSuchProgram) return failed(`exec: "${error.message}": executable file not found in $PATH`, 127);
    throw error;
  }
}

function runs(world: World, { pod, plan, before }: Moment, startedAt: number): ContainerStatus {
  const life = lifeOf(world, pod);
  const readyAt = startedAt + plan.bootSeconds * 1_000;
  // A fault that came while it ran ends it now.
  const due =
    life.ends ??
    (plan.ends && { at: new Date(Math.max(world.now, startedAt + plan.ends.afterSeconds * 1_000)).toISOString(), ...plan.ends });
  if (due && world.now >= Date.parse(due.at))
    return ended(world, { pod, plan, before, startedAt, exitCode: due.exitCode, reason: due.reason });
  if (due) world.wakeAt(Date.parse(due.at));
  if (world.now < readyAt) world.wakeAt(readyAt);
  return { ...before, ready: world.now >= readyAt && !plan.unready };
}

interface Ended extends Pick<Moment, 'pod' | 'plan' | 'before'> {
  startedAt: number;
  exitCode: number;
  reason: string;
}

function ended(world: World, { pod, plan, before, startedAt, exitCode, reason }: Ended): ContainerStatus {
  say(world, pod, plan.ends?.lines ?? []);
  delete lifeOf(world, pod).ends;
  const terminated = {
    exitCode,
    reason,
    startedAt: stamp(startedAt),
    finishedAt: stamp(world.now),
    containerID: before.containerID,
  };
  const again = pod.spec.restartPolicy === 'Always' || (pod.spec.restartPolicy === 'OnFailure' && exitCode !== 0);
  if (!again) return { ...before, ready: false, started: false, state: { terminated } };
  const restartCount = before.restartCount + 1;
  note(world, PODS, pod, 'Warning', 'BackOff', `Back-off restarting failed container ${before.name} in pod ${pod.metadata.name}`);
  world.wakeAt(world.now + backOff(restartCount));
  const message = `back-off ${backOff(restartCount) / 1_000}s restarting failed container=${before.name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  return {
    ...before,
    ready: false,
    started: false,
    restartCount,
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated },
  };
}

const backOff = (restarts: number) => Math.min(LONGEST_BACK_OFF, 10_000 * 2 ** Math.max(0, restarts - 1));

function created(pod: Pod): ContainerStatus {
  const [container] = pod.spec.containers;
  const image = container?.image ?? '';
  return {
    name: container?.name ?? '',
    ...{ ready: false, started: false, restartCount: 0, image, imageID: '' },
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
  };
}

/** Nobody hears of its containers any more; the pod stays as it was, and is not ready. */
function lost(world: World, pod: Pod): void {
  const conditions = conditionsWith(pod.status.conditions, { type: 'Ready', status: 'False', reason: 'NodeNotReady' }, world.now);
  world.store.save(PODS, { ...pod, status: { ...pod.status, conditions } });
}

function ending(world: World, pod: Pod) {
  const asked = Date.parse(pod.metadata.deletionTimestamp ?? '') - Number(pod.metadata.deletionGracePeriodSeconds ?? 30) * 1_000;
  if (world.now >= asked + ENDING) return world.store.remove(PODS, pod);
  world.wakeAt(asked + ENDING);
  save(world, pod, false, 'ContainersNotReady');
}

function overdue(world: World, pod: Pod): void {
  const message = 'Pod was active on the node longer than the specified deadline';
  const containerStatuses = pod.status.containerStatuses.map((one) => {
    const startedAt = one.state.running?.startedAt ?? stamp(world.now);
    return {
      ...one,
      ready: false,
      started: false,
      state: { terminated: { exitCode: 137, reason: 'Error', startedAt, finishedAt: stamp(world.now) } },
    };
  });
  save(
    world,
    { ...pod, status: { ...pod.status, phase: 'Failed', reason: 'DeadlineExceeded', message, containerStatuses } },
    false,
    'PodFailed',
  );
}

function save(world: World, pod: Pod, ready: boolean, reason: string) {
  const status = ready ? ('True' as const) : ('False' as const);
  const each: Condition[] = [
    { type: 'Initialized', status: 'True' },
    { type: 'ContainersReady', status, ...(!ready && { reason }) },
    { type: 'Ready', status, ...(!ready && { reason }) },
  ];
  const conditions = each.reduce((all, one) => conditionsWith(all, one, world.now), pod.status.conditions);
  world.store.save(PODS, { ...pod, status: { ...pod.status, conditions } });
}
