import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationLog } from '../../../runbooks/commands/application-log.ts';
import { databaseState } from '../../../runbooks/commands/database-state.ts';
import { externalServices } from '../../../runbooks/commands/external-services.ts';
import { failingRequests } from '../../../runbooks/commands/failing-requests.ts';
import { logErrors } from '../../../runbooks/commands/log-errors.ts';
import { type Errors, likelyCause, told } from '../../../runbooks/sira/error-cause.ts';
import { OUTSIDE } from '../../../runbooks/sira/system.ts';
import { send } from './commands.ts';
import { openStage, type Stage, settings } from './stage.ts';

const { containers, database, externalServices: outside, applicationLog: file } = settings;
const outsideNames = [...OUTSIDE];

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  expect(stage.unknown).toEqual([]);
  await stage.close();
});

async function errors(): Promise<Errors> {
  return {
    requests: await send(stage, failingRequests({ container: containers.nginx })),
    backend: await send(stage, logErrors({ container: containers.backend, outside: outsideNames })),
    application: await send(stage, applicationLog({ container: containers.backend, file, outside: outsideNames })),
    databaseLog: await send(stage, logErrors({ container: containers.db })),
    database: await send(stage, databaseState({ container: containers.db, user: database.user, database: database.name })),
    external: await send(stage, externalServices({ urls: [outside.mistral, outside.pinecone] })),
  };
}
const rate = () => stage.simulation.measure().find(({ alert }) => alert === 'HighErrorRate');

describe.each([
  ['error-rate-auth', 'authentication', 'POST /api/v1/auth/login'],
  ['error-rate-invalid-input', 'invalid input', 'POST /api/v1/profile/:id/preferences'],
  ['error-rate-external', 'external service', 'mistral'],
  ['error-rate-database', 'database', 'ERROR:  column'],
])('%s', (fault, cause, named) => {
  it(`makes its alarm fire between 2 and 5 %, and is told to be ${cause}`, async () => {
    stage.simulation.switchOn(fault);
    stage.clock.leap(60_000);
    expect(rate()?.firing).toBe(true);
    expect(rate()?.value).toBeGreaterThan(2);
    expect(rate()?.value).toBeLessThan(5);
    const found = await errors();
    expect(likelyCause(found)).toMatchObject({ cause, why: expect.stringContaining(named) });
    expect(JSON.stringify(found) + told(found)).not.toMatch(/maria|example\.com|203\.0\.113|58112|4711008/);
    stage.simulation.switchOff(fault);
    stage.clock.leap(180_000);
    expect(rate()?.firing).toBe(false);
  });
});

it('finds no cause on a healthy host, whose few missing pages count for nothing', async () => {
  expect(rate()?.firing).toBe(false);
  const { cause } = likelyCause(await errors());
  expect(cause).toBe('unknown');
});
