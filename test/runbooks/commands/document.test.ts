import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { documentContent, scriptOf } from '../../../runbooks/commands/document.ts';
import { hostCommand } from '../../../runbooks/language/command.ts';

const folder = new URL('../../../runbooks/commands/', import.meta.url);
const files = readdirSync(folder);
const names = files
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  // The others hold what commands share.
  .filter((name) => readFileSync(new URL(`${name}.ts`, folder), 'utf8').includes('= hostCommand('));

const Command = z.custom<ReturnType<typeof hostCommand>>((value) => typeof value === 'function' && 'safety' in value);
const commandOf = async (name: string) => {
  const module: Record<string, unknown> = await import(new URL(`${name}.ts`, folder).href);
  return Command.parse(Object.values(module).find((exported) => Command.safeParse(exported).success));
};

test('every script has its module, and every module its script', () => {
  const scripts = files.filter((file) => file.endsWith('.sh') && file !== 'wrapper.sh').map((file) => file.slice(0, -3));
  expect(scripts.toSorted()).toEqual(names.toSorted());
});

describe.each(names)('%s', (name) => {
  test('is called like its files', async () => {
    expect((await commandOf(name)).name).toBe(name);
  });

  test('has a whole script without anything that Systems Manager would replace', async () => {
    const script = scriptOf(await commandOf(name));
    expect(script.startsWith('#!/usr/bin/env bash\n')).toBe(true);
    expect(script).not.toContain('{{');
    expect(script).not.toMatch(/^\. parts\//m);
    expect(script).toMatch(/^[\t\n\x20-\x7e]*$/);
  });

  test('takes each parameter as a variable, checked by a pattern that lets no shell text through', async () => {
    const command = await commandOf(name);
    const { parameters } = documentContent(command);
    expect(Object.keys(parameters).toSorted()).toEqual([...Object.keys(command.parameters.shape), 'key', 'notAfter'].toSorted());
    for (const [parameter, { type, interpolationType, allowedPattern }] of Object.entries(parameters)) {
      expect([type, interpolationType]).toEqual(['String', 'ENV_VAR']);
      for (const hostile of ['$(touch x)', '`id`', '"; id', "' id", 'a\nb', 'a; b', '*', 'a[$(id)]'])
        expect(new RegExp(allowedPattern).test(hostile), `${parameter}: ${hostile}`).toBe(false);
    }
  });

  test('reads no variable that is no parameter', async () => {
    const command = await commandOf(name);
    // A part may hold more than this command uses: what it would need there is read only when it is called.
    const read = [...(command.script ?? readFileSync(new URL(`${name}.sh`, folder), 'utf8')).matchAll(/\bSSM_(\w+)/g)].map(
      ([, variable]) => variable ?? '',
    );
    expect([...Object.keys(command.parameters.shape), 'key', 'notAfter', 'x']).toEqual(expect.arrayContaining(read));
  });

  test('is one step of schema 2.2, well under the size that Systems Manager takes', async () => {
    const command = await commandOf(name);
    const content = documentContent(command);
    expect(content.schemaVersion).toBe('2.2');
    expect(content.mainSteps).toHaveLength(1);
    expect(content.mainSteps[0].name).toMatch(/^[a-zA-Z0-9_]+$/);
    expect(content.mainSteps[0].inputs.timeoutSeconds).toBe(command.timeoutSeconds);
    expect(content.mainSteps[0].inputs.runCommand.join('\n')).toBe(scriptOf(command));
    expect(JSON.stringify(content).length).toBeLessThan(60_000);
  });
});

test("a command can not take the name of one of the wrapper's own parameters", () => {
  const command = hostCommand('disk-usage', {
    title: 'Takes a key',
    safety: 'observe',
    parameters: z.object({ key: z.number().int() }),
    facts: z.unknown(),
    timeout: '1m',
    byHand: 'true',
  });
  expect(() => documentContent(command)).toThrow('"key" is a parameter of the wrapper');
});
