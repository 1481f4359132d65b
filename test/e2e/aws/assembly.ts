import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Kinds of resources for which the emulator's CloudFormation refuses the whole template: docs/emulator.md says what proves them. */
const UNKNOWN_TO_IT = [
  'AWS::SSM::Document',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Route53::HealthCheck',
  'AWS::EKS::AccessEntry',
];

const Properties = z.record(z.string(), z.unknown());
const Resource = z.looseObject({
  Type: z.string(),
  Properties: Properties.default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  DeletionPolicy: z.string().optional(),
});
type Resource = z.output<typeof Resource>;
const Template = z.looseObject({
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.unknown()).optional(),
});
type Template = z.output<typeof Template>;

const Manifest = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({ type: z.string(), properties: z.looseObject({ templateFile: z.string().optional() }).optional() }),
  ),
});
const Document = z.looseObject({
  Name: z.string(),
  Content: z.looseObject({
    mainSteps: z.tuple([z.looseObject({ inputs: z.looseObject({ runCommand: z.array(z.string()) }) })]),
  }),
});

const Entry = z.object({
  ClusterName: z.string(),
  PrincipalArn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  KubernetesGroups: z.array(z.string()),
  Type: z.string(),
});

/** A command's document as the template has it, and the script that it runs. */
export interface DeployedDocument {
  name: string;
  content: object;
  script: string;
  /** Whether it outlives a deployment that no longer has it. */
  retain: boolean;
}

/** Whom a cluster lets in, as the template has it. */
export interface AccessEntry {
  cluster: string;
  /** The role's logical id. */
  role: string;
  groups: string[];
  type: string;
}

export interface Assembly {
  /** The stacks of which something is left to deploy. */
  stacks: string[];
  documents: DeployedDocument[];
  accessEntries: AccessEntry[];
  /** What the emulator cannot make, and how many of each. */
  leftOut: Record<string, number>;
}

/**
 * Reads what `cdk synth` has written, and takes from its templates what the emulator cannot make.
 *
 * @param folder the cloud assembly; its templates are written anew
 * @throws {Error} when something that stays refers to what was taken
 */
export function fitToEmulator(folder: string): Assembly {
  const { artifacts } = Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const fitted = stacks.map(([stack, { properties }]) => ({ stack, ...trimmed(join(folder, properties?.templateFile ?? '')) }));
  const taken = fitted.flatMap((one) => one.taken);
  return {
    stacks: fitted.filter(({ left }) => left > 0).map(({ stack }) => stack),
    documents: taken.flatMap((resource) => (resource.Type === 'AWS::SSM::Document' ? [documentOf(resource)] : [])),
    accessEntries: taken.flatMap((resource) => (resource.Type === 'AWS::EKS::AccessEntry' ? [entryOf(resource)] : [])),
    leftOut: Object.fromEntries(
      Object.entries(Object.groupBy(taken, (resource) => why(resource) ?? '')).map(([what, them = []]) => [what, them.length]),
    ),
  };
}

function trimmed(path: string): { taken: Resource[]; left: number } {
  const template = Template.parse(JSON.parse(readFileSync(path, 'utf8')));
  const taken = Object.entries(template.Resources).filter(([, resource]) => why(resource) !== undefined);
  const fitted = without(template, new Map(taken));
  writeFileSync(path, JSON.stringify(fitted));
  return { taken: taken.map(([, resource]) => resource), left: Object.keys(fitted.Resources).length };
}

function why({ Type, Properties: given }: Resource): string | undefined {
  if (UNKNOWN_TO_IT.includes(Type)) return Type;
  return Type === 'AWS::CloudWatch::Alarm' && 'Metrics' in given ? 'AWS::CloudWatch::Alarm with metric math' : undefined;
}

function documentOf({ Properties: given, DeletionPolicy }: Resource): DeployedDocument {
  const { Name, Content } = Document.parse(given);
  return {
    name: Name,
    content: Content,
    script: Content.mainSteps[0].inputs.runCommand.join('\n'),
    retain: DeletionPolicy?.startsWith('Retain') === true,
  };
}

function entryOf({ Properties: given }: Resource): AccessEntry {
  const { ClusterName: cluster, PrincipalArn, KubernetesGroups: groups, Type: type } = Entry.parse(given);
  return { cluster, role: PrincipalArn['Fn::GetAtt'][0], groups, type };
}

function without(template: Template, taken: ReadonlyMap<string, Resource>): Template {
  const stays = (name: string) => !taken.has(name);
  const resources = Object.entries(template.Resources)
    .filter(([name]) => stays(name))
    .map(([name, { DependsOn, ...rest }]) => {
      const needs = (typeof DependsOn === 'string' ? [DependsOn] : (DependsOn ?? [])).filter(stays);
      return [name, { ...rest, ...(needs.length > 0 && { DependsOn: needs }) }] as const;
    });
  const fitted = { ...template, Resources: Object.fromEntries(resources) };
  return Template.parse(JSON.parse(JSON.stringify(fitted), (_key, value: unknown) => named(value, taken)));
}

/** A reference to what was taken becomes the name that it would have had. */
function named(value: unknown, taken: ReadonlyMap<string, Resource>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [key, ...more] = Object.keys(value);
  if (more.length > 0 || (key !== 'Ref' && key !== 'Fn::GetAtt')) return value;
  const given: unknown = Object.values(value)[0];
  const target = Array.isArray(given) ? String(given[0]) : String(given);
  const gone = taken.get(target);
  if (!gone) return value;
  // Its id is AWS' own; the alarm that names it is never measured here.
  if (gone.Type === 'AWS::Route53::HealthCheck') return 'no-health-check-in-the-emulator';
  const name = gone.Properties.Name ?? gone.Properties.AlarmName;
  if (key !== 'Ref' || typeof name !== 'string')
    throw new Error(`something that stays needs ${JSON.stringify(value)} (${gone.Type})`);
  return name;
}
