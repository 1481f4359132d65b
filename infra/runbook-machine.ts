import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { compile } from '../runbooks/language/compile.ts';
import type { Runbook } from '../runbooks/language/definition.ts';
import type { Names } from '../runbooks/language/names.ts';
import { count, lossAlarm, ofFunction } from './alarms.ts';
import { ClusterAccess } from './cluster-access.ts';
import { type FunctionSetting, ResponderFunction } from './responder-function.ts';
import { type RightsOf, roleOf } from './role-of.ts';
import { acknowledge } from './rules.ts';
import { RunbookSchedules } from './runbook-schedules.ts';

export interface RunbookMachineProps extends FunctionSetting {
  runbook: Runbook;
  names: Names;
  rightsOf: RightsOf;
  watchdog: ITopic;
  /** The name of the cluster that its steps go to, where there is one. */
  cluster: string | undefined;
}

/** One runbook: its state machine, the function that carries out its steps, a role for each, what starts it by itself, and an alarm on all of it. */
export class RunbookMachine extends Construct {
  readonly schedules: RunbookSchedules | undefined;
  /** What must be there before a run begins. The machine itself refers to its role, and to its function with all that this needs. */
  readonly needed: readonly IConstruct[];
  constructor(scope: Construct, id: string, { runbook, names, rightsOf, watchdog, cluster, ...setting }: RunbookMachineProps) {
    super(scope, id);
    const step = new ResponderFunction(this, 'Step', {
      ...setting,
      entry: 'run-step',
      rights: rightsOf(names.stepFunction(runbook.id)),
      // The state machine waits twice as long before it takes an invocation for lost.
      timeout: Duration.seconds(30),
    });
    const principal = step.function.role?.roleArn;
    const access = cluster && principal && new ClusterAccess(this, 'Cluster', { runbook, names, cluster, principal });
    const machineName = names.stateMachine(runbook.id);
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName,
      // As it is, not parsed and written again: the deployed machine is the local one byte for byte.
      definitionBody: DefinitionBody.fromString(JSON.stringify(compile(runbook))),
      definitionSubstitutions: { RunStep: step.function.currentVersion.functionArn },
      role: roleOf(this, 'states.amazonaws.com', rightsOf(machineName)).withoutPolicyUpdates(),
    });
    const tracing =
      'Step Functions keeps each state of a run for 90 days, and the incident its story for good: a trace would say no more, and needs a right on everything.';
    acknowledge(machine, {
      'AwsSolutions-SF1':
        'The history of an execution is kept for 90 days without it. Logging would copy task tokens, which are secrets, and needs eight rights on everything in CloudWatch Logs for each machine.',
      'AwsSolutions-SF2': tracing,
      'Serverless-StepFunctionStateMachineXray': tracing,
    });
    this.needed = [machine, ...(access ? [access] : [])];
    this.schedules =
      runbook.schedules.length > 0
        ? new RunbookSchedules(this, 'Schedules', { runbook, machine, names, rightsOf, watchdog })
        : undefined;
    lossAlarm(this, 'Lost', {
      name: names.ownAlarm(`run-${runbook.id.replace('/', '-')}`),
      about: `A run of ${runbook.id} may have been lost on its way: a step failed or was throttled, or the run timed out or was aborted, which no state of it can catch. See the incident, and the execution in Step Functions.`,
      counts: [...ofFunction(step.function.functionName), ...ofMachine(machine.stateMachineArn)],
      to: watchdog,
    });
  }
}

/** A run that fails has brought its incident to a person: that is no loss. These are. */
function ofMachine(StateMachineArn: string): Metric[] {
  const metrics = ['ExecutionsTimedOut', 'ExecutionsAborted', 'ExecutionThrottled'];
  return metrics.map((metric) => count('AWS/States', metric, { StateMachineArn }));
}
