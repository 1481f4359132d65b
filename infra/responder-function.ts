import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, CfnFunction, type Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Rights } from '../runbooks/language/rights/statement.ts';
import type { Entry } from './bundle.ts';
import { roleOf } from './role-of.ts';
import { acknowledge } from './rules.ts';

/** What all functions share. */
export interface FunctionSetting {
  code: Code;
  environment: Record<string, string>;
  vpc: { subnetIds: string[]; securityGroupIds: string[] } | undefined;
}

export interface ResponderFunctionProps extends FunctionSetting {
  entry: Entry;
  rights: Rights;
  timeout: Duration;
}

/** One function with a role and a log of its own. Its policy is whole from the start: nothing is added to it later. */
export class ResponderFunction extends Construct {
  readonly function: LambdaFunction;
  constructor(scope: Construct, id: string, props: ResponderFunctionProps) {
    super(scope, id);
    const { entry, rights, timeout, code, environment, vpc } = props;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${rights.of}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: rights.of,
      description: rights.about,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${entry}.handler`,
      code,
      timeout,
      // A start takes a quarter of a second of a whole processor, which Lambda lends; after it there is little to compute.
      memorySize: 512,
      environment,
      logGroup,
      role: roleOf(this, 'lambda.amazonaws.com', rights).withoutPolicyUpdates(),
      // A run that waits across an upgrade still calls the version it began with. One that an upgrade made which then failed goes:
      // the next try would find it there already.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    const resource = this.function.node.defaultChild;
    if (vpc && resource instanceof CfnFunction) resource.vpcConfig = vpc;
    acknowledge(this.function, {
      'Serverless-LambdaTracing':
        'Tracing would add 45 ms to a cold start and a right on everything; the timeline in the table tells what happened, step by step.',
      'Serverless-LambdaDLQ':
        'Nothing is left with this function to be done later: whoever calls it waits for its answer, or (the schedule of watch) calls again with everything afresh.',
    });
  }
}
