import type { Act, Runbook, Verify } from './definition.ts';

/**
 * The runbook as it reads, in Mermaid's language, which GitHub and the console draw: the way of the good case in
 * full lines, every way to a person in dotted ones. The loops and retries of the machine itself are left out.
 */
export function diagram(runbook: Runbook): string {
  const { acts, verify, looks } = runbook;
  const lines = [
    `diagnose[${label('Diagnose', ...looks.map((look) => `· ${look.title}`))}]`,
    ...(acts.length > 0 ? actLines(acts) : []),
    ...(verify ? verifyLines(verify, acts) : reportLines(runbook)),
    ...(pages(runbook) ? [`escalated([${label(`A person: ${runbook.escalate.to}`)}])`] : []),
  ];
  return ['flowchart TD', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Whether anything but a person's own request starts it, or it changes anything: then it can end at a person. */
const pages = ({ verify, triggers, schedules }: Runbook) => verify !== null || triggers.length > 0 || schedules.length > 0;

/** One that only looks: who asked reads what it found; an alarm brings it to a person, a schedule only what is not as expected. */
function reportLines({ triggers, schedules }: Runbook): string[] {
  return [
    `diagnose --> report[${label('Report what was found')}]`,
    `report -- "started by hand${schedules.length > 0 ? ', or all as expected' : ''}" --> looked([${label('Done')}])`,
    ...(triggers.length > 0 ? ['report -- "started by an alarm" --> escalated'] : []),
    ...(schedules.length > 0 ? ['report -. "not as expected" .-> escalated'] : []),
  ];
}

/** The acts in one box, because every one of them can end at a person in the same ways. */
function actLines(acts: readonly Act[]): string[] {
  const asking = acts.flatMap((act, at) => (act.safety === 'destructive' ? [`act${at + 1}`] : []));
  return [
    `subgraph acts[${label('One after the other, each only if the facts give a reason')}]`,
    ...acts.map((act, at) => `  act${at + 1}[${label(act.title, act.safety)}]`),
    ...(acts.length > 1 ? [`  ${acts.map((_, at) => `act${at + 1}`).join(' --> ')}`] : []),
    'end',
    'diagnose --> act1',
    `act${acts.length} --> verify`,
    ...(asking.length > 0
      ? [`ask{{${label('A person decides')}}}`, 'ask -- "yes: look again" --> diagnose', 'ask -. "no, or silence" .-> escalated']
      : []),
    ...asking.map((act) => `${act} -. "asks first" .-> ask`),
    `acts -. "refused or failed" .-> ${illEnd(acts)}`,
    ...undoLines(acts),
  ];
}

function verifyLines({ title, times }: Verify, acts: readonly Act[]): string[] {
  return [
    ...(acts.length > 0 ? [] : ['diagnose --> verify']),
    `verify[${label('Verify', title)}]`,
    `verify -- "well, ${times} ${times === 1 ? 'time' : 'times'}" --> resolved([${label('Resolved')}])`,
    `verify -. "not well in time" .-> ${illEnd(acts)}`,
  ];
}

function illEnd(acts: readonly Act[]): string {
  return acts.some((act) => act.undo) ? 'undo' : 'escalated';
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
