import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { clusterCommandsOf } from '../runbooks/language/commands-of.ts';
import { contactsOf } from '../runbooks/language/contact.ts';
import type { DeployedSystem, Deployment } from '../runbooks/language/deployment.ts';
import { sira } from '../runbooks/sira/system.ts';
import type { Registry } from './registry.ts';

/** Says what was not given and needs to be, before an incident does. */
export function warnOfPlaceholders(scope: Construct, { systems, runbooks }: Registry, deployment: Deployment): void {
  const warn = (id: string, message: string) => Annotations.of(scope).addWarningV2(`firebreak:${id}`, message);
  if (deployment.operators.length === 0)
    warn('operators', 'operators: no address was given: nobody hears of what Firebreak itself could not do');
  for (const { id, roles } of systems) {
    const system = deployment.systems[id];
    const silent = roles.filter(({ name }) => contactsOf(system?.staff[name] ?? []).length === 0).map(({ name }) => name);
    if (silent.length > 0)
      warn(`contacts-${id}`, `systems.${id}.contacts: nobody was given for ${silent.join(', ')}: pages to them reach nobody`);
    const missing = system ? placeholders(system) : [];
    const alarm = id === sira.id && missing.includes('urls') ? ', and no alarm on the health check is made' : '';
    if (missing.length > 0)
      warn(`settings-${id}`, `systems.${id}: ${missing.join(' and ')} not given: placeholders are in force${alarm}`);
    const steps = runbooks.some((runbook) => runbook.system.id === id && clusterCommandsOf(runbook).size > 0);
    if (steps && !system?.given.has('cluster'))
      warn(
        `cluster-${id}`,
        `systems.${id}.cluster: not given: no runbook is let into a cluster, so each of their cluster steps fails and pages`,
      );
  }
}

/** Settings without which a runbook would look at hosts and addresses that are nobody's. */
function placeholders({ settings, given }: DeployedSystem): string[] {
  const hosts = settings.hosts.length > 0 && !given.has('hosts');
  return [...(hosts ? ['hosts'] : []), ...('urls' in settings && !given.has('urls') ? ['urls'] : [])];
}
