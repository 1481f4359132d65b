import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { saveitOutage, siraOutage } from './review-stories.ts';

const FOLDER = join(import.meta.dirname, '../../docs/examples');
const EXAMPLES = { 'review-p0.md': siraOutage, 'review-sev1.md': saveitOutage };

/**
 * Each is what the whole responder writes of an incident that it played: `WRITE_EXAMPLES=1` writes them anew. Nothing in them is typed
 * by hand but the answers.
 */
it.each(Object.entries(EXAMPLES))(
  '%s is what the responder writes of the incident',
  { timeout: 120_000 },
  async (name, story) => {
    const path = join(FOLDER, name);
    const written = await story();
    if (process.env.WRITE_EXAMPLES) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(path, written);
    }
    expect(written).toBe(readFileSync(path, 'utf8'));
  },
);
