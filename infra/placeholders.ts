import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../runbooks/language/deployment.ts';
import type { System } from '../runbooks/language/system.ts';

/** Settings without which a runbook would look at the placeholder's hosts and addresses. */
const NEEDED = ['hosts', 'urls'];

/** Says what was not given and needs to be, before an incident does. */
export function warnOfPlaceholders(scope: Construct, systems: readonly System[], deployment: Deployment): void {
  const warn = (id: string, message: string) => Annotations.of(scope).addWarningV2(`firebreak:${id}`, message);
  if (deployment.operators.length === 0)
    warn('operators', 'operators: no address was given: nobody hears of what Firebreak itself could not do');
  for (const { id, roles } of systems) {
    const system = deployment.systems[id];
    const silent = roles.filter(({ name }) => (system?.contacts[name] ?? []).length === 0).map(({ name }) => name);
    if (silent.length > 0)
      warn(`contacts-${id}`, `systems.${id}.contacts: no address was given for ${silent.join(', ')}: pages to them reach nobody`);
    const missing = NEEDED.filter((name) => !system?.given.has(name));
    if (missing.length > 0)
      warn(
        `settings-${id}`,
        `systems.${id}: ${missing.join(' and ')} not given: placeholders are in force, and no alarm on the health check is made`,
      );
  }
}
