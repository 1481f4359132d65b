import type { Registry } from '../surroundings.ts';
import type { Facts } from './facts.ts';
import { type Finding, inOrder } from './finding.ts';
import { access } from './findings/access.ts';
import { alarms } from './findings/alarms.ts';
import { automation } from './findings/automation.ts';
import { cluster } from './findings/cluster.ts';
import { deployment, isDeployed } from './findings/deployment.ts';
import { hosts } from './findings/hosts.ts';
import { impact } from './findings/impact.ts';
import { people } from './findings/people.ts';
import { staff } from './findings/staff.ts';

/** What is missing, from what was seen. Pure: the same facts give the same findings. */
export function examine(facts: Facts, registry: Registry): Finding[] {
  // What a deployment brings is not missed one by one where there is no deployment.
  const brought = isDeployed(facts)
    ? [...staff(facts, registry), ...people(facts, registry), ...alarms(facts, registry), ...automation(facts)]
    : [];
  return inOrder([
    ...access(facts),
    ...deployment(facts, registry),
    ...brought,
    ...hosts(facts, registry),
    ...cluster(facts, registry),
    ...impact(facts, registry),
  ]);
}
