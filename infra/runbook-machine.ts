import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { compile } from '../runbooks/language/compile.ts';
import type { Runbook } from '../runbooks/language/definition.ts';
import type { Names } from '../runbooks/language/names.ts';
import { lossAlarm, ofFunction, ofMachine } from './alarms.ts';
import { ClusterAccess } from './cluster-access.ts';
import { definitionOf } from './definition.ts';
import { type FunctionSetting, ResponderFunction } from './responder-function.ts';
import { type RightsOf, roleOf } from './role-of.ts';
import { acknowledgeNoTracing } from './rules.ts';
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
      definitionBody: definitionOf(this, machineName, JSON.stringify(compile(runbook))),
      definitionSubstitutions: { RunStep: step.function.currentVersion.functionArn },
      role: roleOf(this, 'states.amazonaws.com', rightsOf(machineName)).withoutPolicyUpdates(),
    });
    acknowledgeNoTracing(machine);
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
