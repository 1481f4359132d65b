import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeQueries } from '../../../runbooks/commands/active-queries.ts';
import { addWorkers } from '../../../runbooks/commands/add-workers.ts';
import { cancelQueries } from '../../../runbooks/commands/cancel-queries.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { restoreWorkers } from '../../../runbooks/commands/restore-workers.ts';
import { workerState } from '../../../runbooks/commands/worker-state.ts';
import { type HostCall, parameterText } from '../../../runbooks/language/command.ts';
import { stackOf } from '../../../runbooks/sira/stack.ts';
import { openStage, type Stage, settings } from '../../local/simulation/stage.ts';

let stage: Stage;
let calls = 0;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function run(call: HostCall<unknown>) {
  const parameters = Object.entries(call.parameters).map(([name, value]) => [`SSM_${name}`, parameterText(value)]);
  calls += 1;
  const environment = { ...Object.fromEntries(parameters), SSM_key: `step-${calls}`, SSM_notAfter: '4102444800' };
  const { exitCode, stdout, stderr } = await stage.run(scriptOf(call.command), environment);
  return {
    exitCode,
    stderr,
    facts: exitCode === 0 ? call.command.facts.parse(JSON.parse(stdout.split('\n')[0] ?? '')) : undefined,
  };
}

const backend = { ...stackOf(settings), service: settings.services.backend };
const add = (workers: number) => run(addWorkers({ ...backend, workers }));
const restore = () => run(restoreWorkers(backend));
const state = async () => workerState.facts.parse((await run(workerState(backend))).facts);

describe('more workers for a while', () => {
  it('come through an override, and go again', async () => {
    expect(await state()).toMatchObject({ workers: 4, asWritten: true, added: false, waiting: 0 });
    expect((await add(6)).facts).toEqual({ before: 4, workers: 6, changed: true });
    expect(await state()).toMatchObject({ workers: 6, asWritten: false, added: true });
    expect((await add(6)).facts).toMatchObject({ changed: false });
    expect((await add(7)).stderr).toContain('not taken back yet');
    expect((await restore()).facts).toMatchObject({ restored: true });
    expect(await state()).toMatchObject({ workers: 4, asWritten: true, added: false });
    expect((await restore()).facts).toMatchObject({ restored: false });
  });

  it('do not come where the compose file has changed', async () => {
    stage.simulation.switchOn('deploy-running');
    const { exitCode, stderr } = await add(6);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('what runs is not what the compose file says')]);
    expect(await state()).toMatchObject({ workers: 4, added: false });
  });

  it('are not taken back where somebody has changed the compose file since', async () => {
    await add(6);
    stage.simulation.switchOn('deploy-running');
    const { exitCode, stderr } = await restore();
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The compose file has changed')]);
    expect(await state()).toMatchObject({ workers: 6 });
  });
});

describe('slow queries', () => {
  const { user, name, applicationRole } = settings.database;
  const database = { container: settings.containers.db, user, database: name, role: applicationRole };
  const list = async () => activeQueries.facts.parse((await run(activeQueries({ ...database, overSeconds: 5 }))).facts).queries;

  it('are listed without the values in them, and cancelled once', async () => {
    stage.simulation.switchOn('slow-query');
    const [query] = await list();
    expect(query).toMatchObject({ pid: 7_301, ordinary: true, text: expect.stringContaining('u.email = ? ORDER BY score') });
    const cancel = () => run(cancelQueries({ ...database, queries: [query?.id ?? ''] }));
    expect((await cancel()).facts).toEqual({ cancelled: [7_301], gone: [] });
    expect(await list()).toEqual([]);
    expect((await cancel()).facts).toEqual({ cancelled: [], gone: [7_301] });
  });

  it('are let finish where they are a dump, whatever is asked for', async () => {
    stage.simulation.switchOn('slow-dump');
    const [query] = await list();
    expect(query).toMatchObject({ application: 'pg_dump', ordinary: false });
    const { facts } = await run(cancelQueries({ ...database, queries: [query?.id ?? ''] }));
    expect(facts).toEqual({ cancelled: [], gone: [7_302] });
    expect(await list()).toHaveLength(1);
  });
});
