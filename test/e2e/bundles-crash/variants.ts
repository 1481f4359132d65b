import { join } from 'node:path';
import type { Registry } from '../../../functions/surroundings.ts';
import { bundle } from '../../../infra/bundle.ts';
import { registry as real } from '../../../runbooks/registry.ts';
import { countedBundles } from './counted-bundles.ts';
import type { Came, Scenario } from './play.ts';
import { registry as resolves } from './registries/resolves.ts';
import { registry as undoes } from './registries/undoes.ts';

/** One runbook in bundles, what befalls it, and what comes of it when nobody dies. */
export interface Variant {
  registry: Registry;
  /** Builds the asset. @returns its folder */
  build(folder: string): Promise<string>;
  scenario: Scenario;
  clean: Partial<Came>;
  /** What each time leaves on the host. */
  traces: 'none' | 'of the act' | 'of act and undo';
  /** Eight deaths in a run instead of one: its runs are too long for one each. */
  together: boolean;
}

const counted = { alarm: 'sira-DiskSpaceLow', gone: (_stage: unknown, sinceMs: number) => sinceMs >= 45_000 };
const once = { pagesUnsent: 0, executions: 1, rounds: 1 };

export const VARIANTS = {
  resolves: {
    registry: resolves,
    build: (folder) => countedBundles(folder, 'resolves'),
    scenario: counted,
    clean: { acts: 1, undone: 0, status: 'resolved', automation: 'succeeded', mails: 0, ...once },
    traces: 'of the act',
    together: false,
  },
  undoes: {
    registry: undoes,
    build: (folder) => countedBundles(folder, 'undoes'),
    scenario: counted,
    clean: { acts: 1, undone: 1, status: 'open', automation: 'escalated', mails: 1, ...once },
    traces: 'of act and undo',
    together: false,
  },
  /** The asset as it is deployed, to the byte. What its runbooks do leaves no trace of each time: the end is looked at. */
  real: {
    registry: real,
    build: async (folder) => {
      const asset = join(folder, 'asset');
      await bundle(asset);
      return asset;
    },
    scenario: {
      alarm: 'sira-APIDown',
      fault: 'backend-down',
      gone: ({ simulation }) => simulation.measure().every(({ firing }) => !firing),
    },
    clean: { status: 'resolved', automation: 'succeeded', well: true, mails: 0, ...once },
    traces: 'none',
    together: true,
  },
} satisfies Record<string, Variant>;
export type VariantName = keyof typeof VARIANTS;

export function isVariant(name: string): name is VariantName {
  return Object.hasOwn(VARIANTS, name);
}
