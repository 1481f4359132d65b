import * as z from 'zod';
import { podState } from '../cluster/pod-state.ts';
import { redisPersistence } from '../cluster/redis-persistence.ts';
import { redisPing } from '../cluster/redis-ping.ts';
import { restartDeployment } from '../cluster/restart-deployment.ts';
import { rolloutState } from '../cluster/rollout-state.ts';
import { runbook } from '../language/define.ts';
import { holds, keepsItsData, lost, MEANWHILE, restartKeeping, restartLosing, told } from './redis.ts';
import { sayPods, sayRollout } from './said.ts';
import { type SaveitSettings, saveit } from './system.ts';

const asked = ({ backend, redis }: SaveitSettings) => ({
  selector: backend.selector,
  container: backend.container,
  host: redis.host,
  port: redis.port,
});
const sayAnswers = ({ answers }: z.output<typeof redisPing.facts>) =>
  answers.map(({ pod, answer }) => `${pod}: ${answer}`).join(', ') || 'no pod could be asked from';

/** Save-It's page, "Redis Connection Issues". */
export default runbook(saveit, 'redis-unreachable', {
  title: 'Redis connection issues',
  symptom: 'Rate limits do not hold, the cache misses.',
  owner: 'oncall',
  // Users feel little: the application counts in memory, and answers a little slower.
  triggers: [{ alert: 'RedisUnreachable', severity: 'SEV3' }],
  parameters: z.object({}),
  people: [
    `${MEANWHILE}: nothing has to be done for that.`,
    'A password that Redis asks for and the application does not have: NOAUTH is an answer, and a restart changes nothing.',
    'An image without redis-cli: whether Redis answers is unknown then, and a person looks.',
    'Crash loops, and a volume that can not be mounted: the log of Redis says why.',
  ],
  prevention: [
    'Redis with a volume of its own and appendonly or save: then it is restarted without anybody being asked.',
    'A memory limit for the container that is above the maxmemory of Redis.',
  ],
})
  .diagnose('ping', 'Ping Redis from two pods', { command: redisPing, with: (_, settings) => asked(settings), says: sayAnswers })
  .diagnose('pods', 'See the pods of Redis', {
    command: podState,
    with: (_, { redis }) => ({ selector: redis.selector }),
    says: sayPods,
  })
  .diagnose('persistence', 'See what Redis keeps', {
    command: redisPersistence,
    with: (_, { redis: { selector, container, port } }) => ({ selector, container, port }),
    says: ({ claims, writes }) => `${claims.length > 0 ? `volume ${claims.join(', ')}` : 'no volume'}; writes to disk: ${writes}`,
  })
  .diagnose('deployment', 'See whether a deployment of Redis is under way', {
    command: rolloutState,
    on: ({ redis }) => [redis.deployment],
    with: (_, { redis }) => ({ deployment: redis.deployment }),
    says: sayRollout,
  })

  .act('Restart Redis', {
    when: restartKeeping,
    command: restartDeployment,
    on: ({ redis }) => [redis.deployment],
    with: (_, __, { redis }) => ({ deployment: redis.deployment }),
    says: ({ tookSeconds }) => `it is available again, after ${tookSeconds} s`,
  })
  // The same restart where it loses what is in memory.
  .act('Restart Redis, which keeps nothing', {
    safety: 'destructive',
    when: restartLosing,
    command: restartDeployment,
    on: ({ redis }) => [redis.deployment],
    with: (_, __, { redis }) => ({ deployment: redis.deployment }),
    list: lost,
    says: ({ tookSeconds }) => `it is available again, and empty, after ${tookSeconds} s`,
  })

  .verify('Redis answers both pods', {
    looks: {
      ping: { command: redisPing, with: (_, settings) => asked(settings) },
      pods: { command: podState, with: (_, { redis }) => ({ selector: redis.selector }) },
    },
    holds: ({ ping, pods }) => holds({ ping, pods }),
    settle: '10s',
    times: 3,
    every: '20s',
    within: '5m',
  })
  .escalate({
    to: 'oncall',
    instead: { infrastructure: ({ pods }) => pods.illNodes.length > 0 },
    tell: (facts) => `${told(facts)}${keepsItsData(facts) ? '' : '\nA restart would empty it.'}`,
  })
  .examples(
    {
      name: 'it does not answer and keeps its data',
      faults: ['saveit-redis-down'],
      alert: { name: 'RedisUnreachable', value: 1 },
      acts: ['Restart Redis'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'it does not answer and keeps nothing, and a person says yes',
      faults: ['saveit-redis-no-persistence'],
      alert: { name: 'RedisUnreachable', value: 1 },
      answers: 'approve',
      acts: ['Restart Redis, which keeps nothing'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'it does not answer and keeps nothing, and nobody answers',
      faults: ['saveit-redis-no-persistence'],
      alert: { name: 'RedisUnreachable', value: 1 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'it is loading its data',
      faults: ['saveit-redis-loading'],
      alert: { name: 'RedisUnreachable', value: 1 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'it asks for a password',
      faults: ['saveit-redis-noauth'],
      alert: { name: 'RedisUnreachable', value: 1 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'nobody can ask it: the image has no redis-cli',
      faults: ['saveit-redis-no-cli'],
      alert: { name: 'RedisUnreachable', value: 1 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'one pod does not reach it, and another does',
      faults: ['saveit-redis-one-pod'],
      alert: { name: 'RedisUnreachable', value: 1 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'it keeps nothing, and a person says no',
      faults: ['saveit-redis-no-persistence'],
      alert: { name: 'RedisUnreachable', value: 1 },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'it was rolled out a moment ago: a person is asked, and says yes',
      faults: ['saveit-redis-deployed', 'saveit-redis-down'],
      alert: { name: 'RedisUnreachable', value: 1 },
      answers: 'approve',
      acts: ['Restart Redis'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'it was rolled out a moment ago: a person is asked, and says no',
      faults: ['saveit-redis-deployed', 'saveit-redis-down'],
      alert: { name: 'RedisUnreachable', value: 1 },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the cluster throttles',
      faults: ['saveit-redis-down', 'saveit-api-throttles'],
      alert: { name: 'RedisUnreachable', value: 1 },
      acts: ['Restart Redis'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'a rehearsal changes nothing', faults: ['saveit-redis-down'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
