import { Duration } from 'aws-cdk-lib';
import { Schedule as Expression, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Runbook } from '../runbooks/language/definition.ts';
import type { Names } from '../runbooks/language/names.ts';
import { cronOf, spokenSchedule } from '../runbooks/language/schedule.ts';
import { count, lossAlarm } from './alarms.ts';
import { type RightsOf, roleOf } from './role-of.ts';
import { acknowledge } from './rules.ts';

/** A look that could not be started for so long is made at its next time: by then a person has heard of it. */
const PATIENCE = Duration.hours(1);

export interface RunbookSchedulesProps {
  runbook: Runbook;
  machine: IStateMachine;
  names: Names;
  rightsOf: RightsOf;
  watchdog: ITopic;
}

/** What starts a runbook at times of its own, and an alarm on a start that failed. */
export class RunbookSchedules extends Construct {
  readonly rules: Rule[];
  constructor(scope: Construct, id: string, { runbook, machine, names, rightsOf, watchdog }: RunbookSchedulesProps) {
    super(scope, id);
    const role = roleOf(this, 'events.amazonaws.com', rightsOf(names.schedules(runbook.id))).withoutPolicyUpdates();
    this.rules = runbook.schedules.map((schedule) => {
      const ruleName = names.schedule(runbook.id, schedule.name);
      const rule = new Rule(this, schedule.name, {
        ruleName,
        description: `${spokenSchedule(schedule)}: ${schedule.why}`.slice(0, 512),
        schedule: Expression.expression(cronOf(schedule)),
        targets: [
          new SfnStateMachine(machine, {
            input: RuleTargetInput.fromObject({ schedule: schedule.name }),
            role,
            retryAttempts: 10,
            maxEventAge: PATIENCE,
          }),
        ],
      });
      acknowledge(rule, {
        'Serverless-EventBusDLQ':
          'What could not be started within an hour is an alarm on the rule itself; a start that is made up for days later would look at another day.',
      });
      return rule;
    });
    lossAlarm(this, 'NotStarted', {
      name: names.ownAlarm(`schedule-${runbook.id.replace('/', '-')}`),
      about: `A scheduled run of ${runbook.id} could not be started: start it by hand, then look at its rule in EventBridge.`,
      counts: this.rules.map(({ ruleName }) => count('AWS/Events', 'FailedInvocations', { RuleName: ruleName })),
      to: watchdog,
    });
  }
}
