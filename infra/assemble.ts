import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Deployment } from '../runbooks/language/deployment.ts';
import { DocumentsStack } from './documents-stack.ts';
import type { Registry } from './registry.ts';
import { ResponderStack } from './responder-stack.ts';

/** The stacks of documents, by their names. */
const documentStacks = (prefix: string) =>
  (['looks', 'acts'] as const).map((kind) => ({ kind, name: `${prefix}-documents-${kind}` }));

/** Puts all stacks into an app: the documents first, which the functions of the other send. */
export function assemble(app: App, registry: Registry, deployment: Deployment, code: string): ResponderStack {
  const { prefix } = deployment;
  const scripts = documentStacks(prefix).map(
    ({ kind, name }) => new DocumentsStack(app, name, { kind, runbooks: registry.runbooks, deployment }),
  );
  const documents = Object.assign({}, ...scripts.map((stack) => stack.documents));
  const responder = new ResponderStack(app, prefix, { registry, deployment, documents, code });
  for (const stack of scripts) responder.addStackDependency(stack);
  return responder;
}

/** A template that was made to be read, not to be deployed. */
export interface Read {
  template: unknown;
  /** One for each stack of documents. */
  documents: readonly unknown[];
  /** The state machines, each as text, by the key that its part of the template names. */
  definitions: Readonly<Record<string, string>>;
  /** What is put beside the functions' code. */
  settings: unknown;
  /** What `cdk synth` says beside the template. */
  warnings: readonly string[];
}

/** Without where each construct was made, which takes longer than all the rest. */
const QUICK = { 'aws:cdk:disable-stack-trace': true, '@aws-cdk/core:target-partitions': ['aws', 'aws-cn', 'aws-us-gov'] };

/** Makes the templates quickly: no function is bundled (in their place lies a file of one line), and no rule is checked. */
export function templatesOf(registry: Registry, deployment: Deployment): Read {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-synth-'));
  try {
    const code = mkdtempSync(join(folder, 'code-'));
    writeFileSync(join(code, 'intake.mjs'), 'export const handler = () => undefined;\n');
    const app = new App({
      outdir: join(folder, 'out'),
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
      context: QUICK,
    });
    assemble(app, registry, deployment, code);
    const assembly = app.synth({ skipValidation: true });
    const stack = (name: string) => assembly.getStackByName(name);
    return {
      template: stack(deployment.prefix).template,
      documents: documentStacks(deployment.prefix).map(({ name }) => stack(name).template as unknown),
      definitions: definitionsIn(assembly.directory),
      settings: JSON.parse(readFileSync(join(code, 'settings.json'), 'utf8')),
      warnings: stack(deployment.prefix).messages.map(({ entry }) => String(entry.data)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files of assets lie in the assembly by their keys; those of the functions' code are folders. */
function definitionsIn(directory: string): Record<string, string> {
  const files = readdirSync(directory).filter((name) => /^asset\.[0-9a-f]+\.json$/.test(name));
  return Object.fromEntries(files.map((name) => [name.replace('asset.', ''), readFileSync(join(directory, name), 'utf8')]));
}
