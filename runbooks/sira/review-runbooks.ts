import * as z from 'zod';
import { hostReadiness } from '../commands/host-readiness.ts';
import { runbook } from '../language/define.ts';
import { differences, PAGE_TOOLS, pagePaths, saidOf } from './review.ts';
import { stackOf } from './stack.ts';
import { needsOf, sira } from './system.ts';

/** SIRA's page, its last line: it is to be reviewed each quarter, and after each incident. */
export default runbook(sira, 'review-runbooks', {
  title: 'Quarterly review of the runbooks',
  symptom: 'A quarter has passed: contacts, thresholds and hosts may be otherwise than the runbooks say.',
  owner: 'devops',
  triggers: [],
  parameters: z.object({}),
  people: [
    'Reading each runbook against what the team would do today: only the team knows.',
    'Asking each contact whether the page would still reach them, by mail and by telephone.',
    'Correcting the settings in firebreak.json and the runbooks, and saying who has reviewed them in the incident.',
    'The review after an incident: each resolved P0 or P1 becomes a review document of its own, with its action items.',
  ],
  prevention: ['A procedure that nobody has read for a quarter is wrong when it is needed.'],
})
  .diagnose('host', 'See whether the host is as the page says', {
    command: hostReadiness,
    with: (_, settings) => ({ tools: PAGE_TOOLS, paths: pagePaths(needsOf(settings)), ...stackOf(settings) }),
    says: (found) =>
      found.docker === '' ? 'Docker does not answer' : `Docker ${found.docker}, ${found.compose || 'no Compose'}`,
  })
  .escalate({
    to: 'lead',
    tell: ({ host }, _, settings) => {
      const { urls, hosts, logFolders, backups } = settings;
      return [
        'To be reviewed, and corrected where it is no longer so:',
        `1. Contacts: ${sira.roles.map(({ title, name }) => `${title} (${name})`).join(', ')}, and their addresses in firebreak.json.`,
        `2. Severities and times to answer: ${sira.severities.map(({ name, response }) => `${name} ${response}`).join(', ')}.`,
        `3. Thresholds: each runbook's page under docs/runbooks, with its triggers and parameters, against the alarms that there are.`,
        `4. What is watched: ${hosts.map(({ name }) => name).join(', ')}; ${urls.api}, ${urls.site}; logs in ${logFolders.join(', ')}; backups in ${backups.folder}.`,
        `5. The host against the page: ${saidOf(host, needsOf(settings))}.`,
        '6. Findings and action items of the incidents since the last review: the console lists them.',
      ].join('\n');
    },
  })
  .schedule({
    name: 'quarterly',
    why: "The page's own next review: quarterly",
    at: '08:00',
    on: { dayOfMonth: 1, months: [1, 4, 7, 10] },
    severity: 'P3',
  })
  // However well all is: the review is a person's, and its day has come.
  .expects(({ host }, _, settings) => {
    const found = differences(host, needsOf(settings));
    return found.length === 0
      ? 'the quarterly review of the runbooks is due'
      : `the quarterly review of the runbooks is due, and the host is otherwise than the page says: ${found.join('; ')}`;
  })
  .examples(
    {
      name: 'the quarter is over: a person is asked to review, with the list of what',
      faults: [],
      schedule: 'quarterly',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a host that does not answer is told with it',
      faults: ['host-unreachable'],
      schedule: 'quarterly',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'by hand, whenever somebody wants to know', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
