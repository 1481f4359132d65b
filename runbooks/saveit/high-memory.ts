import * as z from 'zod';
import { podLogs } from '../cluster/pod-logs.ts';
import { raiseAutoscaler } from '../cluster/raise-autoscaler.ts';
import { restoreAutoscaler } from '../cluster/restore-autoscaler.ts';
import { scaleBackDeployment } from '../cluster/scale-back-deployment.ts';
import { scaleDeployment } from '../cluster/scale-deployment.ts';
import { runbook } from '../language/define.ts';
import { deployment, pods, scaling, sessions, usage } from './backend-looks.ts';
import { clear, memoryAgain, raiseForMemory, sayMemory, scaleForMemory, severalKilled, tellMemory } from './memory.ts';
import { raising, restoring, sayRaised, sayScaled, scaling as scale, scalingBack, TAKE_BACK_AFTER } from './more-pods.ts';
import { restartBackend } from './restart-backend.ts';
import { sayPods, sayRollout } from './said.ts';
import { atLeast, sayScaling } from './scaling.ts';
import { saveit } from './system.ts';

/** Save-It's page, "High Memory Usage". */
export default runbook(saveit, 'high-memory', {
  title: 'High memory usage',
  symptom: 'Pods are killed for want of memory, answers are slow.',
  owner: 'oncall',
  // By the page's table: performance that is degraded. Several pods that are killed are more, which the facts say.
  triggers: [{ alert: 'HighMemoryUsage', severity: 'SEV3' }],
  parameters: z.object({
    nearPercent: z
      .number()
      .int()
      .min(70)
      .max(100)
      .default(90)
      .describe('From how much of its memory limit on a container is short of it, in percent'),
    lines: z.number().int().min(10).max(2_000).default(500).describe('How many lines of each log are searched for memory'),
  }),
  people: [
    'Finding the leak: the page of the incident shows what each pod held before and after, and what its log says of memory.',
    'Raising the memory limit: it is part of what is deployed, and each pod then needs a node with so much more room.',
    'Scaling what KEDA, Argo CD or Flux owns: what is changed in the cluster they take back, so it is changed where they read it.',
    'Keeping the pods that were added: they go after two hours, and if they are needed still, the alarm says so again.',
  ],
  prevention: [
    'Set requests and limits by what the pods use on a busy day, and let the autoscaler go by memory, too, if that grows with load.',
    'Watch the memory: the alarm rules for it are shipped.',
  ],
})
  .diagnose('usage', 'Check memory usage', { ...usage, says: sayMemory })
  .diagnose('pods', 'See the pods', { ...pods, says: sayPods })
  .diagnose('logs', 'Search the logs for memory', {
    command: podLogs,
    with: ({ lines }, { backend }) => ({
      ...{ selector: backend.selector, container: backend.container },
      ...{ lines, about: 'memory' as const },
    }),
    says: ({ speaksOf, pods: read }) => `${speaksOf.memory} lines speak of memory, in the logs of ${read} pods`,
  })
  .diagnose('scaling', 'See who decides how many pods there are', { ...scaling(0), says: sayScaling })
  .diagnose('sessions', 'See how many connections are left', sessions)
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })

  .act('Scale the backend up for a while', {
    when: (facts, p, settings) => scaleForMemory(facts, p, settings),
    command: scaleDeployment,
    on: ({ backend }) => [backend.deployment],
    with: (facts, _, settings) => scale(facts, settings),
    known: (_, settings) => ({ to: settings.scale.to }),
    says: sayScaled,
    undo: {
      command: scaleBackDeployment,
      on: ({ backend }) => [backend.deployment],
      with: (facts, _, settings) => scalingBack(facts, settings),
      takeBackAfter: TAKE_BACK_AFTER,
    },
  })
  // Where an autoscaler owns the deployment, a count that is set beside it is taken back within seconds: it is told the least.
  .act('Have the autoscaler make more pods for a while', {
    when: (facts, p, settings) => raiseForMemory(facts, p, settings),
    command: raiseAutoscaler,
    on: ({ autoscaler, backend }) => [autoscaler, backend.deployment],
    with: (facts, _, settings) => raising(facts, settings, atLeast(facts, settings)),
    known: (_, settings) => ({ toMin: settings.scale.to }),
    says: sayRaised,
    undo: {
      command: restoreAutoscaler,
      on: ({ autoscaler }) => [autoscaler],
      with: (facts, _, settings) => restoring(settings, atLeast(facts, settings)),
      takeBackAfter: TAKE_BACK_AFTER,
    },
  })
  .act('Restart the backend to clear its memory', {
    when: (facts, p) => clear(facts, p),
    ...restartBackend,
  })

  .verify('There is memory again, and it stays', {
    looks: { usage, pods, deployment },
    holds: (facts, p) => memoryAgain(facts, p),
    settle: '1m',
    // A leak fills a pod in minutes: it is watched for nine of them.
    times: 3,
    every: '4m',
    within: '14m',
  })
  .escalate({
    to: 'oncall',
    // A node that is ill, or none that has room: the cluster's people.
    instead: { infrastructure: ({ pods: found }) => found.illNodes.length > 0 },
    asBadAs: (facts) => (severalKilled(facts) ? 'SEV2' : undefined),
    tell: (facts, p, settings) => tellMemory(facts, p, settings),
  })
  // Memory that is used up twice within an hour is a leak, and a person's.
  .limits({ acts: 1, per: '1h' })
  // Where a fault makes the application itself fail, its own alarm fires, too, and is another incident: those are played by hand.
  // Where all are killed at once nobody answers: that is this one's to mend.
  .supersedes('application-not-responding')
  .examples(
    {
      name: 'more is asked than three pods have memory for',
      faults: ['saveit-memory-load'],
      alert: { name: 'HighMemoryUsage', value: 95 },
      acts: ['Have the autoscaler make more pods for a while'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the pods do not let go of their memory',
      faults: ['saveit-memory-high'],
      alert: { name: 'HighMemoryUsage', value: 94 },
      acts: ['Have the autoscaler make more pods for a while', 'Restart the backend to clear its memory'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'pods are killed again and again, and somebody starts it',
      faults: ['saveit-oom-killed'],
      acts: ['Have the autoscaler make more pods for a while', 'Restart the backend to clear its memory'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a leak fills new pods within minutes: a restart does not last',
      faults: ['saveit-memory-leak'],
      alert: { name: 'HighMemoryUsage', value: 97 },
      acts: ['Have the autoscaler make more pods for a while', 'Restart the backend to clear its memory'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'no autoscaler counts the pods, so they are counted for it, and somebody starts it',
      faults: ['saveit-memory-load', 'saveit-cpu-no-hpa'],
      acts: ['Scale the backend up for a while'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'no node has room for more pods: they are taken back',
      faults: ['saveit-memory-no-room'],
      alert: { name: 'HighMemoryUsage', value: 95 },
      acts: ['Have the autoscaler make more pods for a while'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the image can not be had: neither more pods nor new ones would begin',
      faults: ['saveit-image-pull'],
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'somebody has paused the deployment',
      faults: ['saveit-memory-high', 'saveit-paused'],
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment is under way, and a person says no',
      faults: ['saveit-memory-high', 'saveit-rollout'],
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to both steps',
      faults: ['saveit-deployed', 'saveit-memory-high'],
      alert: { name: 'HighMemoryUsage', value: 94 },
      answers: 'approve',
      acts: ['Have the autoscaler make more pods for a while', 'Restart the backend to clear its memory'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to more pods, where no autoscaler counts them',
      faults: ['saveit-deployed', 'saveit-memory-load', 'saveit-cpu-no-hpa'],
      answers: 'approve',
      acts: ['Scale the backend up for a while'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'a rehearsal changes nothing', faults: ['saveit-memory-high'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
