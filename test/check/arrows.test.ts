import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Violation, violations } from './arrows.ts';

/** Files that hold no import of their own, so that there is something to point at. */
const TARGETS = [
  'runbooks/language/step.ts',
  'runbooks/sira/system.ts',
  'functions/incident/incident.ts',
  'functions/aws/table.ts',
  'functions/intake/handler.ts',
  'infra/config.ts',
  'local/main.ts',
  'docs/pages.ts',
  'test/fixture.ts',
];

/** Each is one file with one import that the named rule must report. */
const FORBIDDEN: [rule: string, file: string, to: string][] = [
  ['runbooks-alone', 'runbooks/planted/functions.ts', 'functions/incident/incident.ts'],
  ['runbooks-alone', 'runbooks/planted/infra.ts', 'infra/config.ts'],
  ['runbooks-alone', 'runbooks/planted/local.ts', 'local/main.ts'],
  ['runbooks-alone', 'runbooks/planted/test.ts', 'test/fixture.ts'],
  ['runbooks-pure', 'runbooks/planted/core.ts', 'node:fs'],
  ['runbooks-pure', 'runbooks/planted/package.ts', 'hono'],
  ['documents-read-scripts', 'runbooks/commands/document.ts', 'node:child_process'],
  ['sdk-in-aws-only', 'runbooks/planted/sdk.ts', '@aws-sdk/client-ssm'],
  ['incident-knows-the-language-only', 'functions/incident/planted-sira.ts', 'runbooks/sira/system.ts'],
  ['incident-knows-the-language-only', 'functions/incident/planted-aws.ts', 'functions/aws/table.ts'],
  ['incident-knows-the-language-only', 'functions/incident/planted-local.ts', 'local/main.ts'],
  ['incident-pure', 'functions/incident/planted-core.ts', 'node:fs'],
  ['incident-pure', 'functions/incident/planted-package.ts', 'hono'],
  ['functions-on-runbooks', 'functions/intake/planted-infra.ts', 'infra/config.ts'],
  ['functions-on-runbooks', 'functions/intake/planted-local.ts', 'local/main.ts'],
  ['sdk-in-aws-only', 'functions/intake/planted-sdk.ts', '@aws-sdk/client-sqs'],
  ['sdk-in-aws-only', 'functions/intake/planted-not-installed.ts', '@kubernetes/not-installed'],
  ['sdk-in-aws-only', 'local/planted-sdk.ts', '@aws-sdk/client-dynamodb'],
  ['infra-on-shapes', 'infra/planted-functions.ts', 'functions/intake/handler.ts'],
  ['infra-on-shapes', 'infra/planted-local.ts', 'local/main.ts'],
  ['local-on-functions', 'local/planted-infra.ts', 'infra/config.ts'],
  ['local-on-functions', 'local/planted-test.ts', 'test/fixture.ts'],
  ['docs-on-runbooks', 'docs/planted-functions.ts', 'functions/intake/handler.ts'],
  ['nothing-missing', 'local/planted-missing.ts', 'local/nowhere.ts'],
];

/** What the design allows; none of it may be reported. */
const ALLOWED: [file: string, to: string][] = [
  ['runbooks/allowed/zod.ts', 'zod'],
  ['runbooks/allowed/language.ts', 'runbooks/language/step.ts'],
  ['functions/incident/allowed-language.ts', 'runbooks/language/step.ts'],
  ['functions/incident/allowed-zod.ts', 'zod'],
  ['functions/incident/allowed-digest.ts', 'node:crypto'],
  ['functions/aws/allowed-sdk.ts', '@aws-sdk/client-ssm'],
  ['functions/intake/allowed-core.ts', 'node:fs'],
  ['functions/intake/allowed-runbooks.ts', 'runbooks/sira/system.ts'],
  ['infra/allowed-incident.ts', 'functions/incident/incident.ts'],
  ['infra/allowed-runbooks.ts', 'runbooks/sira/system.ts'],
  ['local/allowed-functions.ts', 'functions/intake/handler.ts'],
  ['local/allowed-runbooks.ts', 'runbooks/sira/system.ts'],
  ['docs/allowed-runbooks.ts', 'runbooks/sira/system.ts'],
  ['test/allowed-anything.ts', 'infra/config.ts'],
];

let house = '';
let found: Violation[] = [];

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), text);
}

/** `runbooks/a/b.ts` as a file at the depth of `from` imports it; packages and built-in modules stay as they are. */
function specifier(from: string, to: string): string {
  return to.endsWith('.ts') ? '../'.repeat(from.split('/').length - 1) + to : to;
}

beforeAll(async () => {
  house = mkdtempSync(join(tmpdir(), 'firebreak-arrows-'));
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(house, 'node_modules'));
  for (const target of TARGETS) plant(target, 'export type Thing = 1;\nexport const thing: Thing = 1;\n');
  for (const [, file, to] of FORBIDDEN) plant(file, `import '${specifier(file, to)}';\n`);
  for (const [file, to] of ALLOWED) plant(file, `import '${specifier(file, to)}';\n`);
  plant('runbooks/planted/type-only.ts', "import type { Thing } from '../../local/main.ts';\nexport type Mine = Thing;\n");
  plant('runbooks/planted/type-inline.ts', "export type Mine = import('../../local/main.ts').Thing;\n");
  plant('runbooks/planted/re-export.ts', "export type { Thing } from '../../local/main.ts';\n");
  plant(
    'functions/intake/planted-type-only-sdk.ts',
    "import type { SSMClient } from '@aws-sdk/client-ssm';\nexport type S = SSMClient;\n",
  );
  plant('functions/intake/planted-later.ts', "export const later = () => import('../../local/main.ts');\n");
  plant('local/ring/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n");
  plant('local/ring/b.ts', "import type { a } from './a.ts';\nexport const b: typeof a | 1 = 1;\n");
  for (const name of ['util.ts', 'Utils.ts', 'helpers.ts', 'common.ts', 'misc.sh', 'index.ts', 'misc/fine.ts', 'helper.test.ts'])
    plant(`local/nameless-${name.replaceAll(/\W/g, '-')}/${name}`, 'export {};\n');
  plant('local/named/utility-meter.ts', 'export {};\n');
  found = await violations(house);
});

afterAll(() => rmSync(house, { recursive: true }));

const from = (file: string) => found.filter((violation) => violation.from === file).map(({ rule }) => rule);

describe('the arrows', () => {
  it.each(FORBIDDEN)('%s: %s may not import %s', (rule, file) => {
    expect(from(file)).toContain(rule);
  });

  it.each(ALLOWED)('%s may import %s', (file) => {
    expect(from(file)).toEqual([]);
  });

  it.each([
    ['an import of a type', 'runbooks/planted/type-only.ts', 'runbooks-alone'],
    ['a type named in place', 'runbooks/planted/type-inline.ts', 'runbooks-alone'],
    ['a type passed on', 'runbooks/planted/re-export.ts', 'runbooks-alone'],
    ["an SDK's type", 'functions/intake/planted-type-only-sdk.ts', 'sdk-in-aws-only'],
    ['an import at run time', 'functions/intake/planted-later.ts', 'functions-on-runbooks'],
    ['a cycle that a type closes', 'local/ring/a.ts', 'no-cycles'],
  ])('see %s', (_, file, rule) => {
    expect(from(file)).toContain(rule);
  });

  it('see names that say nothing, and barrels', () => {
    const names = found.filter(({ rule }) => rule === 'names-say-something').map((violation) => violation.from);
    expect(names).toHaveLength(8);
    expect(names.join()).not.toContain('utility-meter');
  });

  it('do not pass a house in which nothing can be seen', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'firebreak-empty-'));
    await expect(violations(empty)).rejects.toThrow();
    rmSync(empty, { recursive: true });
  });
});
