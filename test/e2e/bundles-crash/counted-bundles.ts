import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { bundle as deployedBundle } from '../../../infra/bundle.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** What is bundled, and what bundles it. */
const SOURCES = ['package.json', 'tsconfig.json', 'functions', 'runbooks', 'infra/bundle.ts'];
/** What the replaced registry needs. */
const COUNTED = ['test/functions/counted-runbook.ts', 'test/functions/leave-one-file.ts', 'test/e2e/bundles-crash/registries'];

export type Counted = 'resolves' | 'undoes';

/**
 * The asset that the stack deploys, built by what builds it, of the same sources but one: `runbooks/registry.ts` names a runbook
 * that leaves a trace of every time it acts, because the real ones can be repeated without one.
 *
 * @param folder is filled
 * @returns the folder of the bundles
 */
export async function countedBundles(folder: string, variant: Counted): Promise<string> {
  const sources = join(folder, 'sources');
  mkdirSync(sources, { recursive: true });
  for (const path of [...SOURCES, ...COUNTED]) cpSync(join(ROOT, path), join(sources, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(sources, 'node_modules'));
  const registry = `export { registry } from '../test/e2e/bundles-crash/registries/${variant}.ts';\n`;
  writeFileSync(join(sources, 'runbooks', 'registry.ts'), registry);
  const { bundle }: { bundle: typeof deployedBundle } = await import(join(sources, 'infra', 'bundle.ts'));
  const asset = join(folder, 'asset');
  await bundle(asset);
  return asset;
}
