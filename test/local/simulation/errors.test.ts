import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationLog } from '../../../runbooks/commands/application-log.ts';
import { databaseState } from '../../../runbooks/commands/database-state.ts';
import { externalServices } from '../../../runbooks/commands/external-services.ts';
import { failingRequests } from '../../../runbooks/commands/failing-requests.ts';
import { keyedService } from '../../../runbooks/commands/keyed-service.ts';
import { logErrors } from '../../../runbooks/commands/log-errors.ts';
import { recommendationLog } from '../../../runbooks/commands/recommendation-log.ts';
import { statusPages } from '../../../runbooks/commands/status-pages.ts';
import { type Errors, likelyCause, told } from '../../../runbooks/sira/error-cause.ts';
import { broken, type Recommendations, told as toldOf, whose } from '../../../runbooks/sira/recommendations.ts';
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

async function recommendations(): Promise<Recommendations> {
  const { externalKeys, vectorIndex } = settings;
  return {
    mistral: await send(stage, keyedService({ url: outside.mistral, keyParameter: externalKeys.mistral, scheme: 'bearer' })),
    pinecone: await send(stage, keyedService({ url: vectorIndex, keyParameter: externalKeys.pinecone, scheme: 'api-key' })),
    pages: await send(stage, statusPages({ urls: Object.values(settings.statusPages) })),
    log: await send(stage, recommendationLog({ container: containers.backend, outside: outsideNames })),
  };
}

describe.each([
  ['recommendations-slow-theirs', 'theirs', 'Mistral takes 6.8 s', false],
  ['recommendations-slow-ours', 'ours', 'Pinecone answers well', false],
  ['recommendations-key-refused', 'ours', 'Mistral refuses our key (401)', true],
])('%s', (fault, verdict, named, isBroken) => {
  it(`makes its alarm fire, and is told to be ${verdict}`, async () => {
    const alarm = () => stage.simulation.measure().find(({ alert }) => alert === 'SlowRecommendationGeneration');
    expect(alarm()?.firing).toBe(false);
    stage.simulation.switchOn(fault);
    expect(alarm()).toMatchObject({ firing: true });
    const found = await recommendations();
    expect(whose(found).whose).toBe(verdict);
    expect(toldOf(found)).toContain(named);
    expect(broken(found)).toBe(isBroken);
    expect(JSON.stringify(found)).not.toMatch(/maria|simulated-(mistral|pinecone)-key/);
    stage.simulation.switchOff(fault);
    expect(alarm()?.firing).toBe(false);
  });
});
