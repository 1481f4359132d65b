import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { templatesOf } from '../../infra/assemble.ts';
import { type Deployment, deployment } from '../../runbooks/language/deployment.ts';
import { registry } from '../../runbooks/registry.ts';

/** A stack as it would be deployed; in place of the bundled functions lies a file of one line. */
export interface Synthesised {
  deployment: Deployment;
  template: Template;
  /** All documents, whichever stack has them. */
  documents: Template;
  /** The stacks of documents, each by itself. */
  scripts: Template[];
  /** The state machines, each as text, by the key that its part of the template names. */
  definitions: Readonly<Record<string, string>>;
  /** What is put beside the functions' code. */
  settings: unknown;
  /** What `cdk synth` says beside it. */
  warnings: readonly string[];
}

const example = z.looseObject({ systems: z.looseObject({ saveit: z.looseObject({}) }) });
const EXAMPLE = example.parse(JSON.parse(readFileSync('firebreak.example.json', 'utf8')));
/** Of Save-It's Docker Compose variant. */
const HOST = { name: 'saveit-1', instanceId: 'i-0c1d2e3f4a5b60718', aliases: ['10.0.2.7'] };

/** What `firebreak.example.json` gives, everything that can be given, and nothing. */
export const GIVEN = {
  nothing: {},
  example: EXAMPLE,
  everything: {
    ...EXAMPLE,
    systems: { ...EXAMPLE.systems, saveit: { ...EXAMPLE.systems.saveit, hosts: [HOST] } },
    prefix: 'blue',
    consoleUrl: 'https://blue.example.com',
    vpc: { id: 'vpc-0a1b2c3d4e5f60718', subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'] },
    encryptTopics: true,
    environment: { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4600' },
  },
} as const;
export type Given = keyof typeof GIVEN;

const made = new Map<Given, Synthesised>();

/** Made once for all the tests of a process. */
export function synthesised(given: Given): Synthesised {
  const known = made.get(given) ?? synthesise(given);
  made.set(given, known);
  return known;
}

function synthesise(given: Given): Synthesised {
  const deployed = deployment(GIVEN[given], registry.systems);
  const { template, documents, ...rest } = templatesOf(registry, deployed);
  return {
    ...rest,
    deployment: deployed,
    template: fromJson(template),
    documents: fromJson(together(documents)),
    scripts: documents.map(fromJson),
  };
}

const WithResources = z.object({ Resources: z.record(z.string(), z.unknown()) });

/** What all of them have, in one: who looks for a document need not know in which. */
function together(templates: readonly unknown[]): object {
  const read = templates.map((template) => WithResources.parse(template));
  return { Resources: Object.assign({}, ...read.map(({ Resources }) => Resources)) };
}

const fromJson = (template: unknown) => Template.fromJSON(z.record(z.string(), z.unknown()).parse(template));
