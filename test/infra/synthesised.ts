import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DocumentsStack } from '../../infra/documents-stack.ts';
import { ResponderStack } from '../../infra/responder-stack.ts';
import { type Deployment, deployment } from '../../runbooks/language/deployment.ts';
import { registry } from '../../runbooks/registry.ts';

/** A stack as it would be deployed; in place of the bundled functions lies a file of one line. */
export interface Synthesised {
  deployment: Deployment;
  template: Template;
  documents: Template;
  /** What is put beside the functions' code. */
  settings: unknown;
  /** What `cdk synth` says beside it. */
  warnings: readonly string[];
}

/** What `firebreak.example.json` gives, everything that can be given, and nothing. */
export const GIVEN = {
  nothing: {},
  example: JSON.parse(readFileSync('firebreak.example.json', 'utf8')),
  everything: {
    ...JSON.parse(readFileSync('firebreak.example.json', 'utf8')),
    prefix: 'blue',
    consoleUrl: 'https://blue.example.com',
    vpc: { id: 'vpc-0a1b2c3d4e5f60718', subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'] },
    encryptTopics: true,
    environment: { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4600' },
  },
} as const;
export type Given = keyof typeof GIVEN;

const QUICK = {
  'aws:cdk:disable-stack-trace': true,
  '@aws-cdk/core:target-partitions': ['aws'],
};

const made = new Map<Given, Synthesised>();

/** Made once for all the tests of a process: it takes seconds. */
export function synthesised(given: Given): Synthesised {
  const known = made.get(given) ?? synthesise(given);
  made.set(given, known);
  return known;
}

function synthesise(given: Given): Synthesised {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-synth-'));
  try {
    const code = mkdtempSync(join(folder, 'code-'));
    const outdir = join(folder, 'out');
    writeFileSync(join(code, 'intake.mjs'), 'export const handler = () => undefined;\n');
    // Without what only the command line shows: it takes as long as all the rest.
    const app = new App({
      outdir,
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
      context: QUICK,
    });
    const deployed = deployment(GIVEN[given], registry.systems);
    const documents = new DocumentsStack(app, `${deployed.prefix}-documents`, {
      runbooks: registry.runbooks,
      deployment: deployed,
    });
    const stack = new ResponderStack(app, deployed.prefix, {
      registry,
      deployment: deployed,
      documents: documents.documents,
      code,
    });
    // The rules are checked by a program of their own (`lint-template.ts`), which takes its time.
    const assembly = app.synth({ skipValidation: true });
    const of = (name: string) => Template.fromJSON(assembly.getStackByName(name).template);
    return {
      deployment: deployed,
      template: of(stack.stackName),
      documents: of(documents.stackName),
      settings: JSON.parse(readFileSync(join(code, 'settings.json'), 'utf8')),
      warnings: (assembly.getStackByName(stack.stackName).messages ?? []).map(({ entry }) => String(entry.data)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
