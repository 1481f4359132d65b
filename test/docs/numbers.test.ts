import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MOST } from '../../functions/console/read/numbers.ts';
import { NIGHT } from '../../functions/incident/night.ts';
import { FIGURES, PAGE_FIGURES } from '../../functions/incident/numbers/figures.ts';
import { DIMENSIONS, INCIDENT_METRICS, NAMESPACE, PAGE_METRICS } from '../../runbooks/language/metrics.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/numbers.md'), 'utf8');

it('the page has each metric as it is counted, and every dimension', () => {
  for (const { name, unit, about } of [...Object.values(INCIDENT_METRICS), ...Object.values(PAGE_METRICS)])
    expect(page).toContain(`| \`${name}\` | ${unit} | ${about} |`);
  for (const name of [NAMESPACE, ...Object.values(DIMENSIONS)]) expect(page).toContain(`\`${name}\``);
});

it('the page has each figure, and the bounds that hold', () => {
  for (const figure of [...Object.keys(FIGURES), ...Object.keys(PAGE_FIGURES)]) expect(page).toContain(`\`${figure}\``);
  for (const most of Object.values(MOST)) expect(page).toContain(most.toLocaleString('en-US'));
  expect(page).toContain(`from ${NIGHT.from} until ${NIGHT.to.replace(/^0/, '')}`);
});
