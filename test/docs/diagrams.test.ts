import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { registry } from '../../runbooks/registry.ts';

/**
 * The part of Mermaid's flowcharts that the pages use, strictly: GitHub shows an error in the place of a diagram that it can't read.
 * See "Flowcharts" in Mermaid's documentation.
 */
const LABEL = `"((?:[^"<>]|<br/>)+)"`;
const ID = `([a-z][A-Za-z0-9]*)`;
const NODE = String.raw`${ID}(?:\[${LABEL}\]|\(\[${LABEL}\]\)|\{\{${LABEL}\}\})`;
const LINES: readonly [RegExp, (groups: (string | undefined)[], chart: Chart) => void][] = [
  [/^flowchart TD$/, () => undefined],
  [new RegExp(String.raw`^\s+subgraph ${ID}\[${LABEL}\]$`), ([id = ''], { nodes }) => void nodes.add(id)],
  [/^\s+end$/, () => undefined],
  [new RegExp(String.raw`^\s+${NODE}$`), ([id = '', ...labels], chart) => chart.define(id, labels)],
  [new RegExp(String.raw`^\s+${ID}(?: --> ${ID})+$`), () => undefined],
  [
    new RegExp(String.raw`^\s+${ID} (?:-->|-- ${LABEL} -->|-\. ${LABEL} \.->) ${NODE}$`),
    ([, , , id = '', ...labels], chart) => chart.define(id, labels),
  ],
  [new RegExp(String.raw`^\s+${ID} (?:-- ${LABEL} -->|-\. ${LABEL} \.->) ${ID}$`), () => undefined],
];

class Chart {
  readonly nodes = new Set<string>();
  readonly labels: string[] = [];
  define(id: string, labels: readonly (string | undefined)[]): void {
    this.nodes.add(id);
    this.labels.push(...labels.filter((label) => label !== undefined));
  }
}

/** @returns the chart, or the first line that Mermaid would not read */
function read(lines: readonly string[]): Chart | string {
  const chart = new Chart();
  for (const line of lines) {
    const taken = LINES.map(([pattern, take]) => [pattern.exec(line), take] as const).find(([found]) => found);
    if (!taken?.[0]) return line;
    taken[1](taken[0].slice(1), chart);
  }
  const ends = lines.filter((line) => line.trim() === 'end').length;
  return ends === lines.filter((line) => line.includes('subgraph ')).length ? chart : 'end';
}

const withoutLabels = (line: string) => line.replaceAll(/"[^"]*"/g, '');
const named = (line: string) => [...withoutLabels(line).matchAll(/\b[a-z][A-Za-z0-9]*\b/g)].map(([id]) => id);
/** What Mermaid shows for the codes that stand for marks in a label. */
const shown = (label: string) => label.replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

const chartOf = ({ id }: Runbook) => {
  const page = readFileSync(new URL(`../../docs/runbooks/${id}.md`, import.meta.url), 'utf8');
  return (/^```mermaid\n(.*?)\n```$/ms.exec(page)?.[1] ?? '').split('\n');
};

it.each(registry.runbooks.map((runbook) => [runbook.id, runbook] as const))('GitHub draws the diagram of %s', (_, runbook) => {
  const lines = chartOf(runbook);
  expect(lines[0]).toBe('flowchart TD');
  const chart = read(lines);
  if (typeof chart === 'string') throw new Error(`Mermaid would not read: ${chart}`);
  for (const line of lines.slice(1).filter((one) => !/^\s+(end|subgraph .*)$/.test(one)))
    for (const id of named(line)) expect([...chart.nodes], line).toContain(id);
  const told = shown(chart.labels.join('\n'));
  for (const { title } of [...runbook.looks, ...runbook.acts]) expect(told).toContain(title.replace(/\s+/g, ' '));
});

it('would not draw what Mermaid can not read', () => {
  for (const line of ['  a["half]', '  a["x"y"]', '  a --> b["<b>"]', '  a -> b', '  end of it', '  A-b["x"]'])
    expect(read(['flowchart TD', line])).toBe(line);
  expect(read(['flowchart TD', '  subgraph a["x"]'])).toBe('end');
});
