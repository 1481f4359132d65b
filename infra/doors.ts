import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Names } from '../runbooks/language/names.ts';
import { lossAlarm, ofFunction } from './alarms.ts';
import { type FunctionSetting, ResponderFunction } from './responder-function.ts';
import type { RightsOf } from './role-of.ts';

export interface DoorsProps extends FunctionSetting {
  names: Names;
  rightsOf: RightsOf;
  watchdog: ITopic;
}

/**
 * What people reach by `aws lambda invoke` when nothing else works: IAM is the door, one for each right that a person may have.
 * To tighten, to let go, to approve, and all the rest.
 */
export class Doors extends Construct {
  constructor(scope: Construct, id: string, { names, rightsOf, watchdog, ...setting }: DoorsProps) {
    super(scope, id);
    const doors = {
      mode: names.modeFunction,
      promote: names.promoteFunction,
      approve: names.approveFunction,
      console: names.consoleFunction,
    } as const;
    for (const entry of ['mode', 'promote', 'approve', 'console'] as const)
      new ResponderFunction(this, entry, { ...setting, entry, rights: rightsOf(doors[entry]), timeout: Duration.seconds(30) });
    lossAlarm(this, 'Lost', {
      name: names.ownAlarm('doors'),
      about: `What a person asked of ${Object.values(doors).join(', ')} may not have been done: one of them broke or was throttled.`,
      counts: Object.values(doors).flatMap(ofFunction),
      to: watchdog,
    });
  }
}
