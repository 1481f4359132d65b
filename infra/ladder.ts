import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ESCALATION_MACHINE } from '../functions/incident/ladder/machine.ts';
import type { Names } from '../runbooks/language/names.ts';
import { count, lossAlarm, ofFunction, ofMachine } from './alarms.ts';
import { definitionOf } from './definition.ts';
import { type FunctionSetting, ResponderFunction } from './responder-function.ts';
import { type RightsOf, roleOf } from './role-of.ts';
import { acknowledgeNoTracing } from './rules.ts';

export interface EscalationProps extends FunctionSetting {
  names: Names;
  rightsOf: RightsOf;
  watchdog: ITopic;
}

/** What pages people, rung by rung: the state machine that waits, and the function that looks. */
export class Escalation extends Construct {
  readonly machine: StateMachine;
  constructor(scope: Construct, id: string, { names, rightsOf, watchdog, ...setting }: EscalationProps) {
    super(scope, id);
    const { function: look } = new ResponderFunction(this, 'Look', {
      ...setting,
      entry: 'escalate',
      rights: rightsOf(names.escalateFunction),
      timeout: Duration.seconds(30),
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: names.escalationMachine,
      definitionBody: definitionOf(this, names.escalationMachine, JSON.stringify(ESCALATION_MACHINE)),
      definitionSubstitutions: { Escalate: look.currentVersion.functionArn },
      role: roleOf(this, 'states.amazonaws.com', rightsOf(names.escalationMachine)).withoutPolicyUpdates(),
    });
    acknowledgeNoTracing(this.machine);
    lossAlarm(this, 'Lost', {
      name: names.ownAlarm('escalation'),
      about: `A page may be late: ${names.escalateFunction} broke or was throttled, or an execution of ${names.escalationMachine} was lost. The auditor sends what is due within minutes. Until then look at the open incidents yourself.`,
      counts: [
        ...ofFunction(names.escalateFunction),
        ...ofMachine(this.machine.stateMachineArn),
        count('AWS/States', 'ExecutionsFailed', { StateMachineArn: this.machine.stateMachineArn }),
      ],
      to: watchdog,
    });
  }
}
