import * as z from 'zod';
import { hostCommand } from '../../runbooks/language/command.ts';
import { runbook } from '../../runbooks/language/define.ts';
import type { Duration } from '../../runbooks/language/duration.ts';
import { because, notNeeded } from '../../runbooks/language/reason.ts';
import { sira } from '../../runbooks/sira/system.ts';
import { noDeployment } from './leave-one-file.ts';

/**
 * A runbook whose one act leaves a folder each time it is carried out, and whose undo does too: so that twice can be seen.
 * A folder and no file: `mkdir` needs nothing of the simulation, so a script goes on when the responder has died.
 */

const counted = (folder: string) => `
mkdir -p ${folder}
mkdir "${folder}/$RANDOM$RANDOM$RANDOM"
printf '{"left":1}\\n'`;

const look = hostCommand('test-count', {
  title: 'Count what was left',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ acts: z.number() }),
  timeout: '1m',
  byHand: 'ls /srv/sira/acts',
  script: `
mkdir -p /srv/sira/acts
printf '{"acts":%s}\\n' "$(find /srv/sira/acts -mindepth 1 | wc -l)"`,
});

const leave = hostCommand('test-leave', {
  title: 'Leave a file',
  safety: 'disruptive',
  verb: 'leave',
  parameters: z.object({ fail: z.boolean() }),
  facts: z.object({ left: z.number() }),
  timeout: '1m',
  byHand: 'mkdir /srv/sira/acts/x',
  script: `${counted('/srv/sira/acts')}
if [[ $SSM_fail == true ]]; then echo 'told to fail' >&2; exit 1; fi`,
});

const takeBack = hostCommand('test-take-back', {
  title: 'Take it back',
  safety: 'disruptive',
  verb: 'take-back',
  parameters: z.object({}),
  facts: z.object({ left: z.number() }),
  timeout: '1m',
  byHand: 'mkdir /srv/sira/undone/x',
  script: counted('/srv/sira/undone'),
});

/**
 * @param fails whether the act fails after it has left its file, so that its undo is owed
 * @param takeBackAfter set for a change that is only for a time
 */
export function countedRunbook(fails: boolean, takeBackAfter?: Duration) {
  return runbook(sira, 'counted', {
    title: 'Leave one file',
    symptom: 'There is no file.',
    owner: 'oncall',
    triggers: [{ alert: 'DiskSpaceLow', severity: 'P1' }],
    parameters: z.object({}),
  })
    .diagnose('count', 'Count what was left', { command: look })
    .diagnose('deployment', 'See that nothing is deployed', { command: noDeployment })
    .act('Leave a file', {
      when: ({ count }) => (count.acts === 0 ? because('there is none') : notNeeded('there is one')),
      command: leave,
      with: () => ({ fail: fails }),
      undo: { command: takeBack, with: () => ({}), ...(takeBackAfter && { takeBackAfter }) },
    })
    .verify('There is a file', {
      looks: { count: { command: look } },
      holds: ({ count }) => count.acts > 0 || 'there is none',
      settle: '1s',
      times: 1,
      every: '5s',
      within: '1m',
    })
    .escalate({ to: 'oncall', tell: ({ count }) => `There are ${count.acts} files.` })
    .examples();
}
