import * as z from 'zod';
import { code, page, table, text } from '../runbooks/language/markdown.ts';
import { clusterRightsTable } from '../runbooks/language/rights/cluster-rights-table.ts';
import type { ClusterIdentity } from '../runbooks/language/rights/cluster-roles.ts';
import type { Rights, Statement } from '../runbooks/language/rights/statement.ts';

/** A statement as the template has it, with its placeholders written out. */
export interface DeployedStatement {
  sid: string;
  actions: string[];
  resources: string[];
  conditions: string[];
}

/** A role of the template: who assumes it, and every statement that is in it or attached to it. */
export interface DeployedRole {
  /** What has the role, as its own description says it. */
  about: string;
  assumedBy: string[];
  statements: DeployedStatement[];
  /** Policies of AWS' own. There are none, and the page would show them. */
  managed: string[];
}

const Strings = z.union([
  z.string(),
  z.record(z.string(), z.unknown()),
  z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
]);
const PolicyStatement = z.object({
  Sid: z.string().default(''),
  Effect: z.literal('Allow'),
  Action: Strings,
  Resource: Strings,
  Condition: z.record(z.string(), z.record(z.string(), Strings)).default({}),
});
const Document = z.object({ Statement: z.array(PolicyStatement) });
const Role = z.object({
  Properties: z.object({
    Description: z.string().default(''),
    AssumeRolePolicyDocument: z.object({ Statement: z.array(z.object({ Principal: z.object({ Service: Strings }) })) }),
    Policies: z.array(z.object({ PolicyDocument: Document })).default([]),
    ManagedPolicyArns: z.array(z.unknown()).default([]),
  }),
});
const AttachedPolicy = z.object({
  Properties: z.object({ PolicyDocument: Document, Roles: z.array(z.object({ Ref: z.string() })) }),
});
const Template = z.object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/**
 * Every role of a template, with all that it may do: whether we wrote it or a library added it.
 * @throws {ZodError} for a policy that is not as roles' policies are here: it would not be on the page
 */
export function rolesOf(template: unknown): DeployedRole[] {
  const resources = Object.entries(Template.parse(template).Resources);
  const attached = resources
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
    .map(([, policy]) => AttachedPolicy.parse(policy).Properties);
  return resources
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([id, resource]) => {
      const { Description, AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = Role.parse(resource).Properties;
      const more = attached.filter(({ Roles }) => Roles.some(({ Ref }) => Ref === id));
      return {
        about: Description,
        assumedBy: AssumeRolePolicyDocument.Statement.flatMap(({ Principal }) => written(Principal.Service)),
        statements: [...Policies, ...more].flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map(asDeployed)),
        managed: ManagedPolicyArns.flatMap(written),
      };
    });
}

function asDeployed({ Sid, Action, Resource, Condition }: z.output<typeof PolicyStatement>): DeployedStatement {
  return {
    sid: Sid,
    actions: written(Action),
    resources: written(Resource),
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${operator} ${key}: ${written(values).join(', ')}`),
    ),
  };
}

/** A value of the template as a person reads it: placeholders in angle brackets. */
function written(value: unknown): string[] {
  return Array.isArray(value) ? value.map(one) : [one(value)];
}

function one(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(one).join(join.data['Fn::Join'][0]);
  const ref = z.object({ Ref: z.string() }).safeParse(value);
  if (ref.success)
    return `<${ref.data.Ref.replace(/^AWS::/, '')
      .replace('AccountId', 'Account')
      .toLowerCase()}>`;
  return JSON.stringify(value);
}

/** The reason of a deployed statement. @returns `undefined` for one that nobody derived */
export function whyOf(role: DeployedRole, { sid }: DeployedStatement, rights: readonly Rights[]): string | undefined {
  return derived(role, rights)?.statements.find((one: Statement) => one.sid === sid)?.why;
}

function derived(role: DeployedRole, rights: readonly Rights[]): Rights | undefined {
  return rights.find(({ about }) => about === role.about);
}

/** Statements whose wildcard is not explained: none is what must be. A wildcard is `*` in a resource, or anywhere in an action. */
export function unexplained(roles: readonly DeployedRole[], rights: readonly Rights[]): string[] {
  return roles.flatMap((role) => [
    ...role.managed.map((policy) => `${role.about}: the managed policy ${policy}`),
    ...role.statements
      .filter(({ actions, resources }) => [...actions, ...resources].some((one) => /[*?]/.test(one)))
      .filter((statement) => !whyOf(role, statement, rights))
      .map(
        ({ sid, actions, resources }) =>
          `${role.about}: ${sid || 'without an id'}: ${actions.join(', ')} on ${resources.join(', ')}`,
      ),
  ]);
}

/**
 * The page of all rights, from the template as it is deployed; the reasons are those that the rights were derived with.
 * @param inClusters who each runbook's function is in its cluster, by the function's name
 */
export function permissionsPage(
  roles: readonly DeployedRole[],
  rights: readonly Rights[],
  inClusters: ReadonlyMap<string, ClusterIdentity> = new Map(),
): string {
  return page([
    '# What each part may do',
    '<!-- Made by "npm run docs" from the synthesised template: change runbooks/language/rights/ instead. -->',
    'One role for each function and each state machine, from what it does. What is not here is denied. A runbook’s rights follow from its own steps; no statement of ours denies anything, so whoever may pass a role or change a policy can change what is here.',
    ...roles.flatMap((role) => {
      const { of = role.about } = derived(role, rights) ?? {};
      return [
        `## ${text(of)}`,
        `${text(role.about)} Assumed by ${role.assumedBy.map(code).join(', ')}.`,
        table(
          ['Statement', 'Actions', 'On', 'Only if', 'Why'],
          role.statements.map((statement) => row(statement, whyOf(role, statement, rights))),
        ),
        ...inCluster(inClusters.get(of)),
      ];
    }),
  ]);
}

/** Only where it has steps in a cluster: what Kubernetes allows it, not IAM. */
function inCluster(identity: ClusterIdentity | undefined): string[] {
  if (!identity) return [];
  const { group, namespace } = identity;
  return [`In its cluster, as the group ${code(group)} and in the namespace ${code(namespace)}:`, clusterRightsTable(identity)];
}

function row({ sid, actions, resources, conditions }: DeployedStatement, why: string | undefined): string[] {
  const lines = (items: readonly string[]) => items.map(code).join('<br>');
  return [text(sid), lines(actions), lines(resources.map(short)), lines(conditions), text(why ?? 'NOBODY SAID WHY')];
}

/** Every ARN of the stack begins with the same place. */
function short(arn: string): string {
  return arn.replace('arn:<partition>:', '').replace(':<region>:<account>:', ' ');
}
