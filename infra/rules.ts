import { type App, Aws, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { Statement } from '../runbooks/language/rights/statement.ts';

/** Checks the stacks by AWS' own rules. A rule that is not followed is acknowledged where that is decided, with the reason. */
export function checkRules(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/** @param reasons by rule, such as `AwsSolutions-SF1` */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [rule, reason] of Object.entries(reasons))
    Validations.of(scope).acknowledge({ id: `${rule.split('-', 1)[0]}::${rule}`, reason });
}

/** A wildcard is acknowledged by the reason that its statement gives, and by no other: one without a reason fails the check. */
export function acknowledgeWildcards(role: IConstruct, statements: readonly Statement[]): void {
  const wide = statements.flatMap(({ resources, why }) =>
    resources.filter((resource) => resource.includes('*')).map((resource) => [finding(resource), why] as const),
  );
  acknowledge(role, Object.fromEntries(wide.map(([resource, why]) => [`AwsSolutions-IAM5[Resource::${resource}]`, why])));
  const everything = statements.filter(({ resources }) => resources.includes('*')).map(({ why }) => why);
  if (everything.length > 0) acknowledge(role, { 'Serverless-LambdaStarPermissions': everything.join(' ') });
}

/** A state machine without a log of its own and without traces. */
export function acknowledgeNoTracing(machine: IConstruct): void {
  const tracing =
    'Step Functions keeps each state of a run for 90 days, and the incident its story for good: a trace would say no more, and needs a right on everything.';
  acknowledge(machine, {
    'AwsSolutions-SF1':
      'The history of an execution is kept for 90 days without it. Logging would copy task tokens, which are secrets, and needs eight rights on everything in CloudWatch Logs for each machine.',
    'AwsSolutions-SF2': tracing,
    'Serverless-StepFunctionStateMachineXray': tracing,
  });
}

/** As the rule writes what is known only when it is deployed. */
function finding(resource: string): string {
  return resource
    .replaceAll(Aws.PARTITION, '<AWS::Partition>')
    .replaceAll(Aws.REGION, '<AWS::Region>')
    .replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>');
}
