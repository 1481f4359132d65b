import * as z from 'zod';
import { hostCommand } from '../../runbooks/language/command.ts';
import { runbook } from '../../runbooks/language/define.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { because, notNeeded } from '../../runbooks/language/reason.ts';
import { sira } from '../../runbooks/sira/system.ts';

/** Runbooks for one and the same need, so that whichever comes second must find nothing left to do. */

const count = hostCommand('test-files', {
  title: 'Count the files',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ files: z.number() }),
  timeout: '1m',
  byHand: 'ls /srv/sira/one',
  script: `
mkdir -p /srv/sira/one
printf '{"files":%s}\\n' "$(find /srv/sira/one -type f | wc -l)"`,
});

export const noDeployment = hostCommand('test-no-deployment', {
  title: 'See that nothing is deployed',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ underWay: z.boolean(), endedSecondsAgo: z.number().nullable(), sign: z.string() }),
  timeout: '1m',
  byHand: 'true',
  script: `printf '{"underWay":false,"endedSecondsAgo":null,"sign":"none"}\\n'`,
});

const leave = hostCommand('test-file', {
  title: 'Leave a file',
  safety: 'disruptive',
  verb: 'leave',
  parameters: z.object({}),
  facts: z.object({ left: z.number() }),
  timeout: '1m',
  byHand: 'touch /srv/sira/one/x',
  script: `
mkdir -p /srv/sira/one
touch "/srv/sira/one/$RANDOM$RANDOM"
printf '{"left":1}\\n'`,
});

/** @param alert the alert that starts it */
export function leaveOneFile(name: string, alert: string): Runbook {
  return runbook(sira, name, {
    title: `Leave one file, ${name}`,
    symptom: 'There is no file.',
    owner: 'oncall',
    triggers: [{ alert, severity: 'P1' }],
    parameters: z.object({}),
  })
    .diagnose('count', 'Count the files', { command: count })
    .diagnose('deployment', 'See that nothing is deployed', { command: noDeployment })
    .act('Leave a file', {
      when: ({ count: { files } }) => (files === 0 ? because('there is none') : notNeeded(`there are ${files}`)),
      command: leave,
      with: () => ({}),
    })
    .verify('There is a file', {
      looks: { count: { command: count } },
      holds: ({ count: { files } }) => files > 0 || 'there is none',
      settle: '1s',
      times: 1,
      every: '5s',
      within: '1m',
    })
    .examples();
}
