import type { Runbook } from '../runbooks/language/definition.ts';
import { explain } from '../runbooks/language/explain.ts';
import { code, page, table, text } from '../runbooks/language/markdown.ts';
import { spokenTrigger } from '../runbooks/language/trigger.ts';

/**
 * The generated pages: one a runbook, and one that lists them.
 * @returns Markdown by path below `docs/runbooks/`
 */
export function pages(runbooks: readonly Runbook[]): Map<string, string> {
  const all = runbooks.map((runbook): [string, string] => [`${runbook.id}.md`, explain(runbook)]);
  return new Map([['README.md', contents(runbooks)], ...all]);
}

function contents(runbooks: readonly Runbook[]): string {
  const systems = [...new Set(runbooks.map(({ system }) => system))];
  return page([
    '# Runbooks',
    '<!-- Made by "npm run docs" from runbooks/registry.ts: change it there. -->',
    ...systems.flatMap((system) => [
      `## ${text(system.title)}`,
      table(['Runbook', 'Starts on', 'Safety', 'In short'], runbooks.filter((runbook) => runbook.system === system).map(row)),
    ]),
  ]);
}

function row(runbook: Runbook): string[] {
  const starts = runbook.triggers.map((trigger) => `${code(spokenTrigger(trigger))} (${text(trigger.severity)})`);
  return [
    `[${text(runbook.title)}](${runbook.id}.md)`,
    starts.join(', ') || 'by hand only',
    runbook.safety,
    text(runbook.symptom),
  ];
}
