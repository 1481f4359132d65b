import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { WIDTHS, wider, windowOf } from './visitor.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const Violations = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
);
const SHOWN_OF_A_FAULT = 400;

/** What axe finds wrong with a page as it is now, on every width, light and dark, and how far it is wider than the window: a line each. */
export async function faultsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize(windowOf(width));
    const over = await wider(page);
    if (over > 0) found.push(`${width} px: it is ${over} px wider than the window`);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const { id, help, nodes } of await violations(page))
        found.push(`${width} px, ${colorScheme}, ${id}: ${help}: ${nodes.map(shown).join(' | ')}`.slice(0, SHOWN_OF_A_FAULT * 3));
    }
  }
  return found;
}

/** What is folded is looked at, too. */
async function violations(page: Page): Promise<z.infer<typeof Violations>> {
  await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  return Violations.parse(
    await page.evaluate('axe.run(document, { resultTypes: ["violations"] }).then((told) => told.violations)'),
  );
}

const shown = ({ html, failureSummary }: { html: string; failureSummary: string }) =>
  `${html} ${failureSummary.replace(/\s+/g, ' ')}`.slice(0, SHOWN_OF_A_FAULT);
