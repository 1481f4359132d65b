import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Runbook } from '../../../runbooks/language/definition.ts';
import { diagram } from '../../../runbooks/language/diagram.ts';
import { explain } from '../../../runbooks/language/explain.ts';
import { kioskDown, kioskLook } from './kiosk.ts';

const down = explain(kioskDown());
const look = explain(kioskLook());

describe('the page of a runbook', () => {
  it.each([
    ['its title and id', '# Kiosk down\n\nKiosk · `kiosk/kiosk-down` · owner: keeper'],
    ['its symptom', '**Symptom.** No ticket comes out.'],
    ['what starts it, how bad that is, and how soon a person answers', '| `KioskDown` | any | P0 | 15 min |'],
    ['the values that it starts at, with their unit', '| `KioskErrors` | above 5 (percent of requests that failed) | P1 | 1 h |'],
    ['how long the alarm may take to clear', 'the alarm clear at most 5 min later'],
    [
      'the class of each act, and what it means',
      '| **disruptive** | interrupts or slows the service for a moment | Restart the till |',
    ],
    [
      'that a destructive act asks',
      '**destructive** · at most 1 in 24 h of `wipe` on the same thing, whichever runbook did them · safe to repeat, nothing to undo · asks a person',
    ],
    ['a parameter', '| `beatsAtLeast` | whole number from 1 to 200 | `40` | Beats that mean alive, per minute |'],
    ['a parameter’s choices', '| `part` | one of till, screen | `"till"` | What is restarted |'],
    ['a look and how to do it by hand', '- **Feel the pulse**.\n\n  ```bash\n  kiosk pulse\n  ```'],
    ['a look from outside', '- **Look through the front door**.\n\n  ```bash\n  curl -iL http://kiosk.example/health\n  ```'],
    ['facts that stay good for longer', '- **Look for a deployment**. Its facts are good for 2 min.'],
    ['an act and how to do it by hand', '### 1. Restart the till'],
    ['an undo', 'undone if it stays half done'],
    ['the verify', 'First 30 s after the last act, then every 10 s: 3 good checks in a row, within 5 min.'],
    ['who is paged', '**Keeper of the till** (keeper@kiosk.example)'],
    ['what it explains away', '`kiosk/kiosk-slow`'],
    ['what is left to a person', '## A task for a person\n\n- Refill the paper: nobody can do that from afar.'],
    ['how it is prevented', '## So that it does not happen again\n\n- Watch the paper.'],
    ['how it is started', "stateMachine:firebreak-kiosk-kiosk-down --input '{}'"],
    ['how it is rehearsed', `--endpoint-url http://127.0.0.1:4600 stepfunctions start-execution`],
    ['its examples', '| The till hangs | `till-hangs` | `KioskDown` | Restart the till | resolved |'],
    ['its diagram', '```mermaid\nflowchart TD\n'],
  ])('says %s', (_, text) => {
    expect(down).toContain(text);
  });

  it('of one that only looks says so, and has no empty parts', () => {
    expect(look).toContain('Only when a person starts it.');
    expect(look).toContain('**observe**: it only looks');
    expect(look).toContain('## Parameters\n\nNone.');
    for (const part of ['Verify', 'A task for a person', 'So that it', 'What happens when']) expect(look).not.toContain(part);
    expect(look).not.toMatch(/\n\n\n|undefined|\[object|NaN/);
  });

  it('is the same each time', () => {
    expect(explain(kioskDown())).toBe(down);
  });

  it('leaves out an address that it cannot know', () => {
    const needy: Runbook = { ...kioskDown(), parameters: z.object({ where: z.string() }) };
    expect(explain(needy)).toContain('| `where` | text | must be given |  |');
    expect(explain(needy)).not.toContain('curl');
  });
});

describe('the diagram', () => {
  it('is small, and reads like the runbook', () => {
    expect(
      diagram(kioskDown())
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'flowchart TD',
      'diagnose["Diagnose<br/>· Feel the pulse<br/>· Look for a deployment<br/>· Look through the front door"]',
      'subgraph acts["One after the other, each only if the facts give a reason"]',
      'act1["Restart the till<br/>disruptive"]',
      'act2["Throw old tickets away<br/>destructive"]',
      'act1 --> act2',
      'end',
      'diagnose --> act1',
      'act2 --> verify',
      'ask{{"A person decides"}}',
      'ask -- "yes: look again" --> diagnose',
      'ask -. "no, or silence" .-> escalated',
      'act2 -. "asks first" .-> ask',
      'acts -. "refused or failed" .-> undo',
      'undo["Undo what is half done<br/>· Restart the till"]',
      'undo --> escalated',
      'verify["Verify<br/>Tickets come out again"]',
      'verify -- "well, 3 times" --> resolved(["Resolved"])',
      'verify -. "not well in time" .-> undo',
      'escalated(["A person: keeper"])',
    ]);
  });

  it('of one that only looks ends in a report', () => {
    expect(diagram(kioskLook())).toContain('diagnose --> report["Report what was found"]');
  });
});

describe('hostile text', () => {
  const HOSTILE =
    '"]; click x "javascript:alert(1)" <img src=x onerror=alert(1)> | `id` ``` --> %%{init: {}}%% [a](b) &lt; #quot; end\n# Owned';
  const base = kioskDown();
  const hostile: Runbook = {
    ...base,
    title: HOSTILE,
    symptom: HOSTILE,
    owner: HOSTILE,
    people: [HOSTILE],
    prevention: [HOSTILE],
    system: { ...base.system, title: HOSTILE },
    looks: base.looks.map((one) => ({ ...one, title: HOSTILE })),
    acts: base.acts.map((act) => ({ ...act, title: HOSTILE })),
    parameters: z.object({ hostile: z.enum([HOSTILE, 'b']).default('b').describe(HOSTILE) }),
    examples: base.examples.map((example) => ({ ...example, name: HOSTILE, faults: [HOSTILE], acts: [HOSTILE] })),
  };
  const page = explain(hostile);
  const fenced = page.match(/^ *```[\s\S]*?^ *```$/gm) ?? [];
  const prose = fenced.reduce((rest, block) => rest.replace(block, ''), page);

  it('stays text on the page', () => {
    expect(page.match(/^#+ /gm)).toEqual(down.match(/^#+ /gm));
    const markup = prose.replace(/\\[!-~]/g, '').replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '');
    expect(markup).toContain('click x');
    expect(markup.replaceAll('<!-- Made by', '')).not.toMatch(/[<[`]/);
    expect(page).not.toMatch(/^# Owned/m);
  });

  it('keeps a table’s rows whole', () => {
    const bars = (line: string) => line.match(/(?<!\\)(\\\\)*\|/g)?.length;
    const tables = prose.match(/(^\|.*\n?)+/gm) ?? [];
    expect(tables.length).toBe(4);
    for (const lines of tables.map((table) => table.trim().split('\n')))
      for (const line of lines) expect(bars(line)).toBe(bars(lines[0] ?? ''));
  });

  it('stays a label in the diagram', () => {
    const lines = diagram(hostile).split('\n');
    expect(lines).toHaveLength(diagram(base).split('\n').length);
    const act = lines.find((line) => line.includes('act1["'));
    expect(act).toMatch(/^ +act1\["[\p{L}\p{N} .,:?!/()+·#;-]*<br\/>disruptive"\]$/u);
    expect(act).toContain('#34;#93;#59; click x #34;javascript:alert(1)#34;');
  });
});
