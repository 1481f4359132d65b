import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ending } from '../../../functions/run-step/executors/host.ts';
import { sayFacts } from '../../../functions/run-step/say-facts.ts';
import { type HostCommand, hostCommand } from '../../../runbooks/language/command.ts';
import { registry } from '../../../runbooks/registry.ts';
import { ARITHMETIC, type HostileHost, hostileHost, TEXT, WAYS } from './hostile-host.ts';
import { COMMANDS, legalParameters } from './legal-parameters.ts';

/** What Systems Manager gives back of a script's output, in characters, without a word that it cut. */
const SSM_CHARACTERS = 24_000;
const SSM_ERROR_CHARACTERS = 8_000;
/** What a terminal would obey. Tabs and line feeds are none of it. */
const CONTROLS = /[^\P{Cc}\t\n]/u;

let host: HostileHost;
beforeAll(async () => {
  host = await hostileHost();
});
afterEach(() => host.forget());
afterAll(() => host.stage.close());

/** As the step of the runbook reads it, after Systems Manager's cut. */
async function outcome(command: HostCommand, hostile: Parameters<HostileHost['run']>[2]) {
  const { exitCode, stdout, stderr } = await host.run(command, legalParameters(command), hostile);
  const cut = { stdout: stdout.slice(0, SSM_CHARACTERS), stderr: stderr.slice(0, SSM_ERROR_CHARACTERS) };
  return { exitCode, stdout, stderr, end: ending(command, { state: 'ended', exitCode, ...cut }) };
}

describe.each(COMMANDS.map((command) => [command.name, command] as const))('%s', (_name, command) => {
  test.each(WAYS)('where tools answer with hostile %s, tells facts or says why not', async (way) => {
    const { exitCode, stdout, stderr, end } = await outcome(command, { way });
    expect(host.canaries()).toEqual([]);
    expect(stdout.length).toBeLessThanOrEqual(SSM_CHARACTERS);
    const whole = JSON.stringify({ exitCode, stdout: stdout.slice(0, 3_000), stderr: stderr.slice(-3_000) });
    if (exitCode === 0) expect(end.status, `${'error' in end ? end.error : ''} ${whole}`).toBe('done');
    if (end.status !== 'done') expect(end.error, whole).toMatch(CLEAR);
    else for (const says of sentences(command, end.facts)) expect(says).not.toMatch(CONTROLS);
    expect(texts(end).filter((text) => CONTROLS.test(text))).toEqual([]);
  });

  test('where a parameter is what no pattern lets through, runs nothing of it', async () => {
    for (const name of Object.keys(command.parameters.shape))
      for (const value of [ARITHMETIC, `-n ${ARITHMETIC}\n${TEXT}`])
        await host.run(command, legalParameters(command), { raw: { [name]: value } });
    expect(host.canaries()).toEqual([]);
  });
});

test('what is run is noticed: a script that trusts its parameter or a tool is caught', async () => {
  const careless = (script: string) => hostCommand('careless', { ...CARELESS, script });
  const legal = { count: 1 };
  await host.run(careless('((SSM_count > 0)) || true'), legal, { raw: { count: ARITHMETIC } });
  expect(host.canaries()).toHaveLength(1);
  host.forget();
  await host.run(careless('n=$(nproc); ((n > 0)) || true; : "${SSM_count?}"'), legal, { way: 'numbers' });
  expect(host.canaries()).toHaveLength(1);
  host.forget();
  await host.run(careless('eval "echo $SSM_count" || true'), legal, { raw: { count: ARITHMETIC } });
  expect(host.canaries()).toHaveLength(1);
  host.forget();
});

const CARELESS = {
  title: 'Trusts everybody',
  safety: 'observe' as const,
  parameters: z.object({ count: z.number().int().min(0) }),
  facts: z.object({}),
  timeout: '1m' as const,
  byHand: 'true',
};

/** A sentence of ours or of the tool: neither nothing, nor a line number of a script that nobody has. */
const CLEAR = /^(?!it ended with status)(?!.*script\.sh: line \d)\P{Cc}{8,}$/u;

/** Every text in a value, however deep. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
}

/** All that is said of the facts: in the timeline, and by each runbook that has such a step. */
function sentences(command: HostCommand, facts: unknown): string[] {
  const steps = registry.runbooks.flatMap(({ looks, acts }) => [
    ...looks.flatMap((look) => (look.kind === 'host' && look.command.name === command.name ? [look.says(facts) ?? ''] : [])),
    ...acts.flatMap((act) => (act.command.name === command.name ? [act.says(facts) ?? ''] : [])),
  ]);
  return [sayFacts(facts), ...steps];
}
