import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import * as z from 'zod';
import { BUNDLING, bundle, ENTRIES, type Entry } from '../../infra/bundle.ts';
import { LOCAL_ACCOUNT } from '../../runbooks/language/names.ts';
import { type Percentiles, percentiles } from './percentiles.ts';

const ROOT = join(import.meta.dirname, '../..');
const START = join(import.meta.dirname, 'bundle-start.ts');
const KUBERNETES = 'node_modules/@kubernetes/client-node/';
/** What the functions are compared with, bundled in the same way. */
const COMPARED = {
  'an empty function': 'export const handler = async () => null;',
  'DynamoDB client only': `
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = (input) => client.send(new UpdateItemCommand(input));`,
  'DynamoDB document client': `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const handler = (input) => client.send(new UpdateCommand(input));`,
} as const;
const BASE = 'DynamoDB client only';
const Started = z.object({ imported: z.number(), started: z.number() });

interface Sizes {
  /** What is loaded at its start: its own file, and every chunk that it imports. */
  kilobytes: number;
  ownKilobytes: number;
  chunks: number;
}

export interface BundleFigures extends Sizes {
  name: string;
  importedMs: Percentiles;
  /** From the start of the process: Node's own start is in it. */
  startedMs: Percentiles;
}

export interface Bundles {
  figures: BundleFigures[];
  /** Of medians: `intake` against a function with nothing but the DynamoDB client. */
  intakeToDynamoDb: { imported: number; started: number };
  /** Files with the Kubernetes client in them, and the functions that load one at their start. */
  kubernetes: { files: string[]; loadedBy: string[] };
  wholeAssetKilobytes: number;
}

/** Sizes and start-up times of what is deployed: each start a process of its own, one function after the other and again. */
export async function bundles(starts: number): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-bundles-'));
  try {
    const metafile = await bundle(join(folder, 'asset'));
    const entries = Object.keys(ENTRIES).filter(isEntry);
    const files = new Map<string, string>(entries.map((name) => [name, join(folder, 'asset', `${name}.mjs`)]));
    const sizes = new Map<string, Sizes>(entries.map((name) => [name, sizesOf(metafile, name)]));
    for (const [name, source] of Object.entries(COMPARED)) {
      const file = join(folder, `${name.replaceAll(' ', '-')}.mjs`);
      files.set(name, file);
      sizes.set(name, await alone(source, file));
    }
    const took = await started(files, starts);
    const figures = [...Object.keys(COMPARED), ...entries].map((name) => ({
      name,
      ...(sizes.get(name) ?? { kilobytes: 0, ownKilobytes: 0, chunks: 0 }),
      importedMs: percentiles((took.get(name) ?? []).map(({ imported }) => imported)),
      startedMs: percentiles((took.get(name) ?? []).map((one) => one.started)),
    }));
    const withKubernetes = Object.keys(metafile.outputs).filter((path) => hasKubernetes(metafile, path));
    return {
      figures,
      intakeToDynamoDb: ratio(figures, 'intake', BASE),
      kubernetes: {
        files: withKubernetes.map((path) => basename(path)),
        loadedBy: entries.filter((name) => startsWith(metafile, name).some((path) => withKubernetes.includes(path))),
      },
      wholeAssetKilobytes: kilobytes(Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In turns, so that what else the machine does falls on all alike. The first start of each, which reads it from the disk, is not counted. */
async function started(files: ReadonlyMap<string, string>, starts: number) {
  const took = new Map<string, z.infer<typeof Started>[]>([...files.keys()].map((name) => [name, []]));
  const config = { account: LOCAL_ACCOUNT, region: 'us-east-1' };
  // Lambda compiles anew at each cold start: no cache.
  const { NODE_COMPILE_CACHE: _none, ...inherited } = process.env;
  const own = { FIREBREAK_CONFIG: JSON.stringify(config), AWS_REGION: 'us-east-1', POWERTOOLS_LOG_LEVEL: 'SILENT' };
  const env = { ...inherited, ...own, AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };
  for (let round = 0; round <= starts; round += 1)
    for (const [name, file] of files) {
      const { stdout } = await promisify(execFile)(process.execPath, [START, file], { env });
      if (round > 0) took.get(name)?.push(Started.parse(JSON.parse(stdout)));
    }
  return took;
}

async function alone(source: string, outfile: string) {
  const { metafile } = await build({
    stdin: { contents: source, resolveDir: ROOT },
    outfile,
    ...BUNDLING,
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, one) => sum + one.bytes, 0);
  return { kilobytes: kilobytes(bytes), ownKilobytes: kilobytes(bytes), chunks: 0 };
}

/** The files that a function loads at its start, its own first: followed here by what each imports. */
function startsWith({ outputs }: Metafile, name: Entry): string[] {
  const files = new Set(Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === ENTRIES[name]));
  // A set that is gone through gives what is added meanwhile, too.
  for (const file of files)
    for (const { path, kind, external } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && !external) files.add(path);
  return [...files];
}

function sizesOf(metafile: Metafile, name: Entry): Sizes {
  const [own = 0, ...chunks] = startsWith(metafile, name).map((path) => metafile.outputs[path]?.bytes ?? 0);
  const all = chunks.reduce((sum, bytes) => sum + bytes, own);
  return { kilobytes: kilobytes(all), ownKilobytes: kilobytes(own), chunks: chunks.length };
}

function ratio(figures: readonly BundleFigures[], name: string, to: string) {
  const of = (wanted: string, which: 'importedMs' | 'startedMs') =>
    figures.find((one) => one.name === wanted)?.[which].p50 ?? Number.NaN;
  const hundredths = (which: 'importedMs' | 'startedMs') => Math.round((100 * of(name, which)) / of(to, which)) / 100;
  return { imported: hundredths('importedMs'), started: hundredths('startedMs') };
}

function hasKubernetes({ outputs }: Metafile, path: string): boolean {
  return Object.keys(outputs[path]?.inputs ?? {}).some((input) => input.includes(KUBERNETES));
}

function isEntry(name: string): name is Entry {
  return Object.hasOwn(ENTRIES, name);
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1_000);
}
