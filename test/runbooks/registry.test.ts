import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { documentContent } from '../../runbooks/commands/document.ts';
import { commandsOf } from '../../runbooks/language/commands-of.ts';
import { compile } from '../../runbooks/language/compile.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { explain } from '../../runbooks/language/explain.ts';
import { overlaps } from '../../runbooks/language/overlaps.ts';
import { registry, runbooks, systems } from '../../runbooks/registry.ts';

const ROOT = join(import.meta.dirname, '..', '..', 'runbooks');

/** What a file of a system exports by default, if that is a runbook. */
async function runbookIn(system: string, file: string): Promise<Runbook | undefined> {
  const { default: exported } = (await import(join(ROOT, system, file))) as { default?: Runbook };
  return exported;
}

describe('the registry', () => {
  it.each(systems)('has every runbook that lies under runbooks/$id, under the id of its path', async ({ id: system }) => {
    for (const file of readdirSync(join(ROOT, system))) {
      const found = await runbookIn(system, file);
      if (found) expect(runbooks).toContain(found);
      if (found) expect(found.id).toBe(`${system}/${basename(file, '.ts')}`);
    }
  });

  it('has no two runbooks that answer to one signal', () => {
    expect(overlaps(runbooks)).toEqual([]);
  });

  it('would say which two do', () => {
    const [first] = runbooks;
    if (!first) throw new Error('the registry is empty');
    const twin = { ...first, id: `${first.system.id}/twin` };
    expect(overlaps([first, twin])[0]).toContain(`runbooks ${first.id} and ${twin.id}: "APIDown"`);
  });

  it('gives every command a document that Systems Manager can take', () => {
    for (const command of commandsOf(registry).values()) {
      const { parameters, mainSteps } = documentContent(command);
      for (const parameter of Object.values(parameters)) expect(() => new RegExp(parameter.allowedPattern)).not.toThrow();
      expect(mainSteps[0].inputs.runCommand.join('\n')).not.toContain('{{');
    }
  });
});

describe.each(registry.runbooks)('$id', (runbook) => {
  it('lies where its id says', () => {
    expect(existsSync(join(ROOT, `${runbook.id}.ts`))).toBe(true);
  });

  it('compiles to a state machine that an independent validator accepts', () => {
    const { isValid, errorsText } = aslValidator(
      JSON.parse(JSON.stringify(compile(runbook)).replaceAll('${RunStep}', 'firebreak-step')),
    );
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it('compiles to the same state machine every time', () => {
    expect(JSON.stringify(compile(runbook))).toBe(JSON.stringify(compile(runbook)));
  });

  it('renders a page that names every step and how to do it by hand', () => {
    const page = explain(runbook);
    for (const step of [...runbook.looks, ...runbook.acts]) expect(page).toContain(step.title);
    expect(page).toContain(runbook.title);
  });

  it('has parameters that all have a default, so that {} starts it', () => {
    expect(runbook.parameters.safeParse({}).success).toBe(true);
  });

  it('has an example for every act, and one that ends at a person', () => {
    const acted = new Set(runbook.examples.flatMap(({ acts }) => acts));
    const missing = runbook.acts.filter(({ title }) => !acted.has(title)).map(({ title }) => title);
    // What a person starts and what only looks has told that person all there is: it wakes nobody.
    const wakes = runbook.triggers.length + runbook.schedules.length + runbook.acts.length > 0;
    expect(runbook.examples.some(({ ends }) => ends === 'escalated')).toBe(wakes);
    expect(missing).toEqual([]);
  });
});
