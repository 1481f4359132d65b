import type { Act, Runbook } from './define.ts';

/**
 * The runbook as it reads, in Mermaid's language, which GitHub and the console draw: the way of the good case in
 * full lines, every way to a person in dotted ones. The loops and retries of the machine itself are left out.
 */
export function diagram(runbook: Runbook): string {
  const { acts, verify } = runbook;
  const name = (at: number) => (at < acts.length ? `act${at + 1}` : verify ? 'verify' : 'report');
  const lines = [
    `diagnose[${label('Diagnose', ...runbook.looks.map((look) => `· ${look.title}`))}]`,
    ...acts.flatMap((act, at) => actLines(act, name(at), name(at + 1))),
    ...(verify ? verifyLines(runbook) : reportLines()),
    `diagnose --> ${name(0)}`,
    ...undoLines(acts),
    `escalated([${label(`A person: ${runbook.escalate.to}`)}])`,
  ];
  return ['flowchart TD', ...lines.map((line) => `  ${line}`)].join('\n');
}

function actLines(act: Act, id: string, next: string): string[] {
  const step = `${id}[${label(act.title, act.safety)}]`;
  const onwards = `${id} -- "done or not needed" --> ${next}`;
  if (act.safety !== 'destructive') return [step, onwards];
  return [
    `${id}ask{{${label('A person decides')}}}`,
    step,
    `${id} -. "asks first" .-> ${id}ask`,
    `${id}ask -- "yes: look again" --> diagnose`,
    `${id}ask -. "no, or silence" .-> escalated`,
    onwards,
  ];
}

function verifyLines({ acts, verify }: Runbook): string[] {
  const ill = acts.some((act) => act.undo) ? 'undo' : 'escalated';
  return [
    `verify[${label('Verify', verify?.title ?? '')}]`,
    `verify -- "well, ${verify?.times ?? 0} times" --> resolved([${label('Resolved')}])`,
    `verify -. "not well in time" .-> ${ill}`,
    ...acts.map((_, at) => `act${at + 1} -. "refused or failed" .-> ${ill}`),
  ];
}

function reportLines(): string[] {
  return [`report[${label('Report what was found')}]`, 'report --> escalated'];
}

/** One box for all of them: in the machine each is a state, in reverse. */
function undoLines(acts: readonly Act[]): string[] {
  const undone = acts.filter((act) => act.undo).toReversed();
  if (undone.length === 0) return [];
  return [`undo[${label('Undo what is half done', ...undone.map((act) => `· ${act.title}`))}]`, 'undo --> escalated'];
}

/**
 * A label that stays text. Mermaid reads quotes, brackets, backticks, semicolons and `#` inside labels, and HTML too,
 * so everything but letters, digits and a few marks is written as its code.
 */
function label(...lines: string[]): string {
  const safe = (line: string) =>
    line.replace(/\s+/g, ' ').replace(/[^\p{L}\p{N} .,:?!/()+·-]/gu, (character) => `#${character.codePointAt(0)};`);
  return `"${lines.filter(Boolean).map(safe).join('<br/>')}"`;
}
