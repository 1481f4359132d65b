import * as z from 'zod';
import { hostCommand } from '../../runbooks/language/command.ts';
import { runbook } from '../../runbooks/language/define.ts';
import { because, notNeeded } from '../../runbooks/language/reason.ts';
import { sira } from '../../runbooks/sira/system.ts';
import { noDeployment } from './leave-one-file.ts';

const list = hostCommand('test-list', {
  title: 'List the files',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ names: z.array(z.string()) }),
  timeout: '1m',
  byHand: 'ls /srv/sira/old',
  script: `
mkdir -p /srv/sira/old
printf '{"names":[%s]}\\n' "$(find /srv/sira/old -type f -printf '"%f"\\n' | sort | paste -sd,)"`,
});

const remove = hostCommand('test-remove', {
  title: 'Remove the files',
  safety: 'destructive',
  verb: 'remove',
  parameters: z.object({ names: z.array(z.string().regex(/^[a-z]+$/)) }),
  facts: z.object({ removed: z.number() }),
  timeout: '1m',
  byHand: 'rm /srv/sira/old/NAME',
  script: `
read -r -a names <<<"$SSM_names"
for name in "\${names[@]}"; do rm -- "/srv/sira/old/$name"; done
printf '{"removed":%s}\\n' "\${#names[@]}"`,
});

/** Removes exactly the files that were shown, and asks before it does. */
export const removal = runbook(sira, 'removal', {
  title: 'Remove the files',
  symptom: 'There are files.',
  owner: 'oncall',
  triggers: [{ alert: 'DiskSpaceLow', severity: 'P1' }],
  parameters: z.object({}),
})
  .diagnose('files', 'List the files', { command: list })
  .diagnose('deployment', 'See that nothing is deployed', { command: noDeployment })
  .act('Remove the files', {
    when: ({ files: { names } }) => (names.length > 0 ? because(`there are ${names.length}`) : notNeeded('there are none')),
    command: remove,
    with: ({ files: { names } }) => ({ names }),
    list: ({ files: { names } }) => names,
  })
  .verify('They are gone', {
    looks: { files: { command: list } },
    holds: ({ files: { names } }) => names.length === 0 || `there are ${names.length}`,
    settle: '1s',
    times: 1,
    every: '5s',
    within: '1m',
  })
  .examples();
