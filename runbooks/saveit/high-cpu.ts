import * as z from 'zod';
import { raiseAutoscaler } from '../cluster/raise-autoscaler.ts';
import { restoreAutoscaler } from '../cluster/restore-autoscaler.ts';
import { scaleBackDeployment } from '../cluster/scale-back-deployment.ts';
import { scaleDeployment } from '../cluster/scale-deployment.ts';
import { runbook } from '../language/define.ts';
import { deployment, pods, scaling, sessions, usage } from './backend-looks.ts';
import { calmAgain, raiseForCpu, sayCpu, scaleForCpu, tellCpu } from './cpu.ts';
import { raising, restoring, sayRaised, sayScaled, scaling as scale, scalingBack, TAKE_BACK_AFTER } from './more-pods.ts';
import { sayPods, sayRollout } from './said.ts';
import { higherMost, sayScaling } from './scaling.ts';
import { saveit } from './system.ts';

/** An autoscaler looks every 15 s, by what was measured in the last minute, and its pods begin within another. */
const AUTOSCALER_SECONDS = 180;

/** Save-It's page, "High CPU Usage". */
export default runbook(saveit, 'high-cpu', {
  title: 'High CPU usage',
  symptom: 'Answers are slow, requests time out.',
  owner: 'oncall',
  // By the page's table: performance that is degraded, with slow answers for its example.
  triggers: [{ alert: 'HighCpuUsage', severity: 'SEV3' }],
  parameters: z.object({
    nearPercent: z
      .number()
      .int()
      .min(70)
      .max(100)
      .default(90)
      .describe('From how much of its CPU limit on a container has none to spare, in percent'),
  }),
  people: [
    'Finding what keeps one pod busy while the others are not: more pods would not take it from there.',
    'Raising the CPU limit: it is part of what is deployed.',
    'Raising the maximum of an autoscaler that KEDA, Argo CD or Flux owns: it is raised where they read it.',
    'Going beyond the most that automation may make: each pod takes connections of the database.',
    'Keeping the higher bounds: they go back after two hours, and if they are needed still, the alarm says so again.',
  ],
  prevention: [
    'Set the maximum of the autoscaler by the busiest day, and see that the nodes and the database have room for so many.',
    'Watch the use of processors, and an autoscaler that is at its maximum: the alarm rules for both are shipped.',
  ],
})
  .diagnose('usage', 'Check CPU usage', { ...usage, says: sayCpu })
  .diagnose('scaling', 'Check the autoscaler', { ...scaling(AUTOSCALER_SECONDS), says: sayScaling })
  .diagnose('pods', 'See the pods', { ...pods, says: sayPods })
  .diagnose('sessions', 'See how many connections are left', sessions)
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })

  .act('Scale the backend up for a while', {
    when: (facts, p, settings) => scaleForCpu(facts, p, settings),
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
  .act('Raise the maximum of the autoscaler for a while', {
    when: (facts, p, settings) => raiseForCpu(facts, p, settings),
    command: raiseAutoscaler,
    on: ({ autoscaler, backend }) => [autoscaler, backend.deployment],
    with: (facts, _, settings) => raising(facts, settings, higherMost(facts, settings)),
    known: (_, settings) => ({ toMax: settings.scale.autoscalerMost }),
    says: sayRaised,
    undo: {
      command: restoreAutoscaler,
      on: ({ autoscaler }) => [autoscaler],
      with: (facts, _, settings) => restoring(settings, higherMost(facts, settings)),
      takeBackAfter: TAKE_BACK_AFTER,
    },
  })

  .verify('There are processors to spare', {
    looks: { usage, pods, deployment, scaling: scaling(0) },
    holds: (facts, p) => calmAgain(facts, p),
    settle: '1m',
    times: 3,
    every: '1m',
    within: '8m',
  })
  .escalate({
    to: 'oncall',
    instead: { infrastructure: ({ pods: found }) => found.illNodes.length > 0 },
    tell: (facts, p, settings) => tellCpu(facts, p, settings),
  })
  .limits({ acts: 2, per: '1h' })
  // Where a fault makes the application itself fail, its own alarm fires, too, and is another incident: those are played by hand.
  .examples(
    {
      name: 'the autoscaler is at its maximum, and would have more',
      faults: ['saveit-cpu-pinned'],
      alert: { name: 'HighCpuUsage', value: 100 },
      acts: ['Raise the maximum of the autoscaler for a while'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'no autoscaler looks after the pods',
      faults: ['saveit-cpu-no-hpa'],
      alert: { name: 'HighCpuUsage', value: 100 },
      acts: ['Scale the backend up for a while'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: "KEDA owns the autoscaler: a person's",
      faults: ['saveit-cpu-keda'],
      alert: { name: 'HighCpuUsage', value: 100 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: "no node has room: a person's",
      faults: ['saveit-cpu-no-room'],
      alert: { name: 'HighCpuUsage', value: 100 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment is under way, and a person says no',
      faults: ['saveit-cpu-no-hpa', 'saveit-rollout'],
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to a higher maximum',
      faults: ['saveit-deployed', 'saveit-cpu-pinned'],
      alert: { name: 'HighCpuUsage', value: 100 },
      answers: 'approve',
      acts: ['Raise the maximum of the autoscaler for a while'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to more pods',
      faults: ['saveit-deployed', 'saveit-cpu-no-hpa'],
      alert: { name: 'HighCpuUsage', value: 100 },
      answers: 'approve',
      acts: ['Scale the backend up for a while'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'a rehearsal changes nothing', faults: ['saveit-cpu-no-hpa'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
