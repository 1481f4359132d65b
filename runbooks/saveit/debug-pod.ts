import * as z from 'zod';
import { debugPods } from '../cluster/debug-pods.ts';
import { startDebugPod } from '../cluster/start-debug-pod.ts';
import { runbook } from '../language/define.ts';
import { because, notNeeded, notYet } from '../language/reason.ts';
import { deployment } from './backend-looks.ts';
import { sayRollout } from './said.ts';
import { saveit } from './system.ts';

/** Save-It's page, "Network Debug Pod". By hand only. */
export default runbook(saveit, 'debug-pod', {
  title: 'Network debug pod',
  symptom: 'Somebody wants to look at the network from inside the cluster.',
  owner: 'oncall',
  triggers: [],
  parameters: z.object({
    minutes: z.number().int().min(1).max(240).default(60).describe('When the pod goes by itself, in minutes'),
  }),
  people: ['What is looked at inside: the line that the step shows opens a shell in the pod.'],
})
  .diagnose('present', 'See which debug pods there are', {
    command: debugPods,
    says: ({ running }) => (running.length > 0 ? `there is one: ${running.join(', ')}` : 'there is none'),
  })
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })
  .act('Start a debug pod', {
    when: ({ present }) =>
      present.running.length > 0 ? notNeeded(`${present.running.join(', ')} runs already`) : because('somebody asked for one'),
    command: startDebugPod,
    with: (_, { minutes }, { debugImage }) => ({ image: debugImage, minutes }),
    known: ({ minutes }, { debugImage }) => ({ image: debugImage, minutes }),
    says: ({ enter, until }) => `until ${until.slice(0, 16).replace('T', ' ')} UTC: ${enter}`,
  })
  .verify('The pod runs', {
    looks: { present: { command: debugPods } },
    holds: ({ present }) => present.running.length > 0 || notYet('no debug pod runs'),
    settle: '5s',
    times: 1,
    every: '10s',
    within: '2m',
  })
  .examples(
    { name: 'somebody asks for one', faults: [], acts: ['Start a debug pod'], ends: 'resolved', pages: 0 },
    {
      name: 'the cluster does not allow one',
      faults: ['saveit-api-forbids'],
      acts: ['Start a debug pod'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes',
      faults: ['saveit-deployed'],
      answers: 'approve',
      acts: ['Start a debug pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says no',
      faults: ['saveit-deployed'],
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'rehearsed, it starts none', faults: [], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
  );
