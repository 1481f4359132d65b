import { JOBS, PODS } from '../kinds.ts';
import type { Job, Pod } from '../objects.ts';
import { stamp } from '../state.ts';
import { isOwned, ownerOf } from '../store.ts';
import { conditionsWith, isTrue, note, type World } from '../world.ts';
import { endPod, isAlive } from './replicas.ts';

/** One pod a job, until it has succeeded or failed too often; and gone when its time after that is up. */
export function jobs(world: World) {
  for (const job of world.store.list(JOBS)) tend(world, job);
}

function tend(world: World, job: Job) {
  const { store, now } = world;
  if (isTrue(job.status.conditions, 'Complete') || isTrue(job.status.conditions, 'Failed')) return expire(world, job);
  if (job.spec.suspend) return;
  const pods = store.list(PODS, job.metadata.namespace).filter((pod) => isOwned(pod, job));
  const startTime = job.status.startTime ?? stamp(now);
  const failed = pods.filter(({ status }) => status.phase === 'Failed').length;
  const counts = { startTime, active: pods.filter(isAlive).length, failed };
  const deadline = Date.parse(startTime) + (job.spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  if (pods.some(({ status }) => status.phase === 'Succeeded'))
    return finish(
      world,
      job,
      { ...counts, active: 0, succeeded: 1, completionTime: stamp(now) },
      'Complete',
      'CompletionsReached',
    );
  if (now >= deadline)
    return giveUp(world, job, pods, counts, 'DeadlineExceeded', 'Job was active longer than specified deadline');
  if (failed > job.spec.backoffLimit)
    return giveUp(world, job, pods, counts, 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  if (Number.isFinite(deadline)) world.wakeAt(deadline);
  if (counts.active === 0) {
    create(world, job);
    counts.active = 1;
  }
  store.save(JOBS, { ...job, status: { ...job.status, ...counts } });
}

function create(world: World, job: Job): void {
  const { metadata, spec } = job.spec.template;
  const labels = { ...metadata.labels, 'job-name': job.metadata.name, 'batch.kubernetes.io/job-name': job.metadata.name };
  const { name, namespace } = job.metadata;
  const pod = world.store.create(PODS, {
    metadata: { ...metadata, labels, generateName: `${name}-`, namespace, ownerReferences: [ownerOf(JOBS, job)] },
    spec: { ...spec },
  });
  note(world, JOBS, job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function giveUp(world: World, job: Job, pods: Pod[], counts: Partial<Job['status']>, reason: string, message: string): void {
  for (const pod of pods.filter(isAlive)) endPod(world, pod);
  finish(world, job, { ...counts, active: 0 }, 'Failed', reason, message);
}

function finish(
  world: World,
  job: Job,
  counts: Partial<Job['status']>,
  type: 'Complete' | 'Failed',
  reason: string,
  message = 'Reached expected number of succeeded pods',
) {
  const conditions = conditionsWith(job.status.conditions, { type, status: 'True', reason, message }, world.now);
  world.store.save(JOBS, { ...job, status: { ...job.status, ...counts, conditions } });
  note(world, JOBS, job, type === 'Failed' ? 'Warning' : 'Normal', type === 'Failed' ? reason : 'Completed', message);
  expire(world, { ...job, status: { ...job.status, conditions } });
}

function expire(world: World, job: Job) {
  const { ttlSecondsAfterFinished: ttl } = job.spec;
  const over = job.status.conditions.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
  if (ttl === undefined || !over?.lastTransitionTime) return;
  const at = Date.parse(over.lastTransitionTime) + ttl * 1_000;
  if (world.now >= at) world.store.remove(JOBS, job);
  else world.wakeAt(at);
}
