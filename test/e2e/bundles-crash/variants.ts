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
const once = { pagesUnsent: 0, ladder: [], doubled: [], unheard: [], executions: 1, rounds: 1 };

export const VARIANTS = {
  resolves: {
    registry: resolves,
    build: (folder) => countedBundles(folder, 'resolves'),
    scenario: counted,
    clean: { acts: 1, undone: 0, status: 'resolved', automation: 'succeeded', climbed: [], others: [], mails: 0, ...once },
    traces: 'of the act',
    together: false,
  },
  undoes: {
    registry: undoes,
    build: (folder) => countedBundles(folder, 'undoes'),
    scenario: counted,
    // P1: the on-call engineer has it before an hour is over, so that the CTO is not paged, and nobody a second time.
    clean: {
      acts: 1,
      undone: 1,
      status: 'acknowledged',
      automation: 'escalated',
      climbed: ['oncall', 'lead'],
      others: [],
      mails: 2,
      ...once,
    },
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
    // P0: the on-call engineer hears of it at once, though it needs nobody; so do the team and the stakeholders, of its end, too.
    clean: {
      status: 'resolved',
      automation: 'succeeded',
      well: true,
      climbed: ['oncall'],
      others: ['notice stakeholders', 'notice stakeholders', 'notice team', 'notice team'],
      mails: 5,
      ...once,
    },
    traces: 'none',
    together: true,
  },
} satisfies Record<string, Variant>;
export type VariantName = keyof typeof VARIANTS;

export function isVariant(name: string): name is VariantName {
  return Object.hasOwn(VARIANTS, name);
}
