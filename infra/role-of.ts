import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Rights } from '../runbooks/language/rights/statement.ts';
import { acknowledgeWildcards } from './rules.ts';

/** The rights of everything that is deployed, by its name. */
export type RightsOf = (name: string) => Rights;

/**
 * A role with the statements that were derived for it, and no others: what a library would add is not taken, so that the page of
 * all rights is complete.
 * @param service who assumes it, such as `lambda.amazonaws.com`
 */
export function roleOf(scope: Construct, service: string, { about, statements }: Rights): Role {
  const policy = new PolicyDocument({
    statements: statements.map(
      ({ sid, actions, resources, conditions }) =>
        new PolicyStatement({
          sid,
          effect: Effect.ALLOW,
          actions: [...actions],
          resources: [...resources],
          ...(conditions && { conditions: structuredClone(conditions) }),
        }),
    ),
  });
  // Only on behalf of this account: another's state machine can't borrow the role. Lambda does not say for whom it assumes one.
  const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
  const assumedBy = new ServicePrincipal(service, service === 'lambda.amazonaws.com' ? {} : { conditions });
  const role = new Role(scope, 'Role', { assumedBy, description: about, inlinePolicies: { Rights: policy } });
  acknowledgeWildcards(role, statements);
  return role;
}
