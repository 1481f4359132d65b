import * as z from 'zod';
import { podLogs } from '../cluster/pod-logs.ts';
import { runbook } from '../language/define.ts';
import { errorsAreBack } from '../language/impact.ts';
import { httpProbe, impactProbe } from '../language/probe.ts';
import { notYet } from '../language/reason.ts';
import { deployment, pods } from './backend-looks.ts';
import { illDependency, illPods, likelyCause, restart, startingPods } from './responding.ts';
import { restartBackend } from './restart-backend.ts';
import { sayLogs, sayPods, sayRollout } from './said.ts';
import { impactOf, saveit } from './system.ts';

/** Save-It's page, "Application Not Responding". */
export default runbook(saveit, 'application-not-responding', {
  title: 'Application not responding',
  symptom: 'The API answers 503, its health checks fail.',
  owner: 'oncall',
  triggers: [{ alert: 'ApplicationNotResponding', severity: 'SEV1' }],
  parameters: z.object({
    lines: z.number().int().min(10).max(500).default(100).describe('How many lines of each log to read'),
  }),
  people: [
    'Opening the incident channel, and the first update in it: the page of the incident has what to say.',
    'Mending what the logs show: an image that cannot be had, a configuration that does not fit, an ill node.',
  ],
  prevention: [
    'A liveness probe that asks the backend for an answer: then Kubernetes itself restarts the one pod that hangs, before all do.',
    'A readiness probe, and a rollout that takes no pod away before a new one is ready: then a version that does not start harms nobody.',
    'Pods of the backend spread over several nodes, so that an ill node does not take all of them.',
  ],
})
  .diagnose('pods', 'See the pods', { ...pods, says: sayPods })
  .diagnose('logs', 'Read the logs', {
    command: podLogs,
    with: ({ lines }, { backend }) => ({ selector: backend.selector, container: backend.container, lines }),
    says: sayLogs,
  })
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })
  .diagnose('ready', 'Ask whether it is ready', { probe: (_, { urls }) => httpProbe(urls.ready) })

  .act('Restart the backend, pod by pod', {
    when: (facts) => restart(facts),
    ...restartBackend,
  })

  .verify('The application answers again', {
    looks: {
      deployment,
      pods,
      ready: { probe: (_, { urls }) => httpProbe(urls.ready) },
      impact: { probe: (_, settings) => impactProbe(impactOf(settings)) },
    },
    holds: ({ deployment, pods, ready, impact }, _, { prometheus }) => {
      const ill = illPods({ pods });
      if (deployment.underWay) return notYet(deployment.sign);
      const starting = startingPods({ pods });
      if (ill.length === 0 && starting.length > 0) return notYet(`${starting.length} pods have only just begun`);
      if (ill.length > 0) return ill.map(({ name, standing }) => `${name} is ${standing}, and not ready`).join('; ');
      if (!ready.well) return `readiness answers ${ready.status || ready.error}`;
      // The rate is one of five minutes: what has failed before the restart is in it for so long. Where nothing measures, nothing can.
      const errors = prometheus === null || errorsAreBack(impact);
      return errors === true || notYet(errors);
    },
    settle: '30s',
    times: 3,
    every: '30s',
    within: '12m',
  })
  .escalate({
    to: 'oncall',
    // A node, an image that no registry gives: the cluster's people.
    instead: { infrastructure: ({ pods }) => pods.illNodes.length > 0 },
    tell: (facts) => {
      const dependency = illDependency(facts);
      return `${likelyCause(facts)}.${dependency ? ` Start ${dependency.runbook} if it has not begun by itself.` : ''}`;
    },
  })
  // The broker is a part of the backend: its port comes back with it.
  .supersedes('mqtt-broker-down')
  .examples(
    {
      name: 'it hangs, and a restart brings it back',
      faults: ['saveit-hung'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'its pods crash, and a restart brings them back',
      faults: ['saveit-crash-looping'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'new pods crash too',
      faults: ['saveit-crash-broken'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'its image cannot be had',
      faults: ['saveit-image-pull'],
      alert: { name: 'ApplicationNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'its configuration does not fit',
      faults: ['saveit-bad-config'],
      alert: { name: 'ApplicationNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'somebody has paused it',
      faults: ['saveit-paused'],
      alert: { name: 'ApplicationNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'somebody has scaled it to nothing',
      faults: ['saveit-empty'],
      alert: { name: 'ApplicationNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'its nodes are ill',
      faults: ['saveit-nodes-ill'],
      alert: { name: 'ApplicationNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a rollout is under way, and nobody answers',
      faults: ['saveit-rollout'],
      alert: { name: 'ApplicationNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the cluster throttles',
      faults: ['saveit-hung', 'saveit-api-throttles'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the way to the cluster breaks again and again',
      faults: ['saveit-hung', 'saveit-api-cuts'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the cluster does not know who asks',
      faults: ['saveit-hung', 'saveit-api-forgets'],
      alert: { name: 'ApplicationNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the cluster does not allow it',
      faults: ['saveit-hung', 'saveit-api-forbids'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes',
      faults: ['saveit-deployed', 'saveit-hung'],
      alert: { name: 'ApplicationNotResponding' },
      answers: 'approve',
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says no',
      faults: ['saveit-deployed', 'saveit-hung'],
      alert: { name: 'ApplicationNotResponding' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the cluster goes away between the restart and the look at what came of it',
      faults: ['saveit-hung', 'saveit-api-leaves'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the cluster goes away then, and stays away',
      faults: ['saveit-hung', 'saveit-api-stays-away'],
      alert: { name: 'ApplicationNotResponding' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'a rehearsal changes nothing', faults: ['saveit-hung'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
