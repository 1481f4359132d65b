import { readFileSync } from 'node:fs';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { consoleCall } from '../../functions/console/console-call.ts';
import { type Whole, whole } from '../local/whole.ts';

const [, section = ''] = /## Running something by hand\n(.*?)\n## /s.exec(readFileSync('docs/on-call.md', 'utf8')) ?? [];
const EXECUTION = /stateMachine:(\S+) \\\n {2}--input '([^']+)'/g;
const PAYLOAD = /--payload '([^']+)' \/dev\/stdout/g;
const Call = z.object({
  path: z.string(),
  body: z.object({ by: z.string(), reason: z.string(), override: z.array(z.string()) }),
});

async function started(system: Whole, machine: string, input: string): Promise<void> {
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${machine}`;
  await system.clock.during(new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, input })));
  await system.until(system.quiet);
}

it('does what the lines of the page say, as they stand there', async () => {
  const system = await whole({ monitoring: false });
  const executions = [...section.matchAll(EXECUTION)];
  const payloads = [...section.matchAll(PAYLOAD)];
  expect([executions.length, payloads.length]).toEqual([3, 1]);
  for (const [, machine = '', input = ''] of executions) await started(system, machine, input);
  expect(system.runs().map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  const [rehearsal, real, over] = await system.incidents();
  expect(rehearsal).toMatchObject({ origin: 'rehearsal', runs: { '1': { dryRun: true, reason: 'What would it delete?' } } });
  expect(real).toMatchObject({ origin: 'manual', runs: { '1': { parameters: { freeAtLeast: 30 }, by: { name: 'Ada' } } } });
  expect(over).toMatchObject({ origin: 'manual', runs: { '1': { override: ['breaker'] } } });

  const declared = { system: 'sira', title: 'slow', severity: 'P2', by: 'Ada' };
  const call = (given: unknown) => system.clock.during(consoleCall(system.around)(given, 'request'));
  const { body } = await call({ method: 'POST', path: '/api/incidents', body: declared });
  const { id } = z.object({ id: z.string() }).parse(body);
  const payload = JSON.parse(payloads[0]?.[1]?.replace('<id>', id) ?? '');
  expect(Call.parse(payload).body).toEqual({ by: 'Ada', reason: 'The deployment is over', override: ['deployment'] });
  // What nobody has a runbook for can not be run: the call is understood, and says so.
  expect(await call(payload)).toMatchObject({ status: 409, body: { error: { field: 'runbook' } } });
});
