import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const ASSETS = join(ROOT, 'functions/console/assets');

/** Every function by the name of its file in the asset, so that Lambda's handler is `<name>.handler`. */
export const ENTRIES = {
  intake: 'functions/intake/handler.ts',
  'run-step': 'functions/run-step/handler.ts',
  watch: 'functions/watch/handler.ts',
  escalate: 'functions/escalate/handler.ts',
  mode: 'functions/console/mode-handler.ts',
  promote: 'functions/console/promote-handler.ts',
  approve: 'functions/approve/handler.ts',
  console: 'functions/console/handler.ts',
  links: 'functions/links/handler.ts',
  widgets: 'functions/widgets/handler.ts',
} as const;
export type Entry = keyof typeof ENTRIES;

/** How code for Lambda is bundled, whatever is in it: the benchmarks measure others by the same. */
export const BUNDLING = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // The SDK's modules say which part of them is used; its CommonJS comes whole.
  mainFields: ['module', 'main'],
  // Blanks go, names stay: a stack trace in the log can be read without a source map, which costs more than it saves.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // Dependencies that are CommonJS inside call `require`, which a module does not have.
  banner: { js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);" },
  metafile: true,
  logLevel: 'error',
} as const satisfies BuildOptions;

/**
 * Bundles all functions into one folder: one asset, which is stored and uploaded once. What several share is a chunk of its own,
 * so that each loads what it needs and no more.
 *
 * @param outdir is filled; what lies there already stays
 * @returns what went into each file, for the test that keeps strangers out
 */
export async function bundle(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { ...ENTRIES },
    outdir,
    splitting: true,
    outExtension: { '.js': '.mjs' },
    ...BUNDLING,
  });
  // Read when a function starts, from beside its code: no bundler knows of them. No script is among them: beside `console.mjs`,
  // Lambda would take a `console.js` for the function.
  for (const asset of ['console.css', 'icon.svg']) cpSync(join(ASSETS, asset), join(outdir, asset));
  return metafile;
}

/** Every source that is loaded when an entry starts; what it may load later is not among them. */
export function loadedAtStart({ outputs }: Metafile, entry: Entry): { bytes: number; inputs: Set<string> } {
  const start = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === ENTRIES[entry]);
  const files = new Set<string>();
  const load = (path: string | undefined) => {
    if (path === undefined || files.has(path)) return;
    files.add(path);
    for (const part of outputs[path]?.imports ?? []) if (!part.external && part.kind === 'import-statement') load(part.path);
  };
  load(start);
  const loaded = [...files].flatMap((path) => outputs[path] ?? []);
  return {
    bytes: loaded.reduce((sum, { bytes }) => sum + bytes, 0),
    inputs: new Set(loaded.flatMap((output) => Object.keys(output.inputs))),
  };
}
