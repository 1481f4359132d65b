import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actByHand, lookByHand, undoByHand } from '../../runbooks/language/by-hand.ts';
import { parameterRows } from '../../runbooks/language/parameter-rows.ts';
import { registry } from '../../runbooks/registry.ts';

/** An engineer without any automation could follow each page by hand. */
describe.each(registry.runbooks.map((runbook) => [runbook.id, runbook] as const))('the page of %s', (id, runbook) => {
  const page = readFileSync(new URL(`../../docs/runbooks/${id}.md`, import.meta.url), 'utf8');

  it('names every step, each with what to type', () => {
    const settings = runbook.system.settings.parse({});
    const parameters = runbook.parameters.parse({});
    const lines = [
      ...runbook.looks.map((look) => [look.title, lookByHand(look, parameters, settings)]),
      ...runbook.acts.flatMap((act) => [
        [act.title, actByHand(act, parameters, settings)],
        ...(act.undo ? [[`${act.title}, back`, undoByHand(act, settings)]] : []),
      ]),
    ];
    for (const [title = '', typed = ''] of lines) {
      expect(page).toContain(title.replace(/, back$/, ''));
      expect(typed.trim(), `${title} has nothing to type`).not.toBe('');
      expect(typed, title).not.toContain('undefined');
      for (const line of typed.split('\n').filter((text) => text.trim() !== '')) expect(page, title).toContain(line.trim());
    }
  });

  it('explains every parameter', () => {
    for (const { name, description } of parameterRows(runbook.parameters)) {
      expect(description?.length ?? 0, `${name}: describe() it`).toBeGreaterThan(9);
      expect(page).toContain(`\`${name}\``);
    }
  });

  it('says what is left to a person, and how it does not happen again', () => {
    // A look for whoever asks is no procedure of its own.
    if (runbook.triggers.length + runbook.schedules.length + runbook.acts.length === 0) return;
    expect(runbook.people).not.toEqual([]);
    for (const task of runbook.people) expect(task.length).toBeGreaterThan(20);
    // The procedures that only look have causes to be found, and no prevention of their own.
    if (runbook.triggers.length > 0 && runbook.acts.length > 0) expect(runbook.prevention).not.toEqual([]);
  });
});
