import * as z from 'zod';
import { runbook } from '../../runbooks/language/define.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { sira } from '../../runbooks/sira/system.ts';
import { noDeployment } from './leave-one-file.ts';

/** A runbook that only looks. @param severity of the alarm that starts it */
export function lookOnly(severity: string): Runbook {
  return runbook(sira, 'look-only', {
    title: 'Only look',
    symptom: 'Something may be wrong.',
    owner: 'oncall',
    triggers: [{ alert: 'DiskSpaceLow', severity }],
    parameters: z.object({}),
  })
    .diagnose('deployment', 'See that nothing is deployed', { command: noDeployment })
    .escalate({ to: 'oncall', tell: () => 'It looked.' })
    .examples();
}
