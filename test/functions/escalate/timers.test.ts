import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { declare } from '../../../functions/console/commands/declare.ts';
import { climbName } from '../../../functions/incident/ladder/machine.ts';
import type { Whole } from '../../local/whole.ts';
import { round } from '../watching.ts';
import { pagesOf, passed, stage } from './replaying.ts';

const open = (system: Whole, severity: string) =>
  system.clock.during(
    declare(system.around)({ by: 'Ada', system: 'sira', severity, title: 'It is broken' }, `timers-${severity}`),
  );

/** Ends what waits for the next rung, as a restart of local mode or somebody in Step Functions' console does. */
async function lose(system: Whole, name: string): Promise<void> {
  const execution = system.aws.executions().find((one) => one.name === name);
  if (!execution) throw new Error(`there is no execution ${name}`);
  await system.clock.during(new SFNClient({}).send(new StopExecutionCommand({ executionArn: execution.executionArn })));
}

describe('a timer that is lost', () => {
  it('is begun again by the auditor, and the rung is climbed at its time', async () => {
    const system = await stage({ at: '2026-11-04T10:00:00Z' });
    const { id, openedAt } = await open(system, 'P0');
    await passed(system, 1);
    await lose(system, climbName(id, { generation: 1, attempt: 1 }));
    expect(await round(system)).toContain(`began to climb the ladder of ${id} again: nothing waited for its next page`);
    await passed(system, 16);
    expect(await pagesOf(system, id, openedAt)).toEqual(['0 oncall', '15 lead']);
  });

  it('that nobody missed until its page was late is made good at once, and the ladder goes on', async () => {
    const system = await stage({ at: '2026-11-04T10:00:00Z' });
    const { id, openedAt } = await open(system, 'P0');
    await passed(system, 1);
    await lose(system, climbName(id, { generation: 1, attempt: 1 }));
    await passed(system, 19);
    expect(await round(system)).toContain(`looked at the ladder of ${id}, whose next page was due`);
    await passed(system, 11);
    expect(await pagesOf(system, id, openedAt)).toEqual(['0 oncall', '20 lead', '30 cto', '30 oncall']);
  });

  it('is not missed where all is well: a round of the auditor pages nobody', async () => {
    const system = await stage({ at: '2026-11-04T10:00:00Z' });
    const { id, openedAt } = await open(system, 'P1');
    await passed(system, 1);
    expect(await round(system)).toEqual([]);
    expect(await pagesOf(system, id, openedAt)).toEqual(['0 oncall', '0 lead']);
  });
});
