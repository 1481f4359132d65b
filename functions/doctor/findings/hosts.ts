import type { HostNeeds, HostSettings, System } from '../../../runbooks/language/system.ts';
import type { Agent } from '../../aws/account/hosts.ts';
import { awsCli } from '../../aws-cli.ts';
import type { Registry } from '../../surroundings.ts';
import type { Facts, SystemFacts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { isOlder, OLDEST_AGENT } from '../tools.ts';
import { inside } from './inside.ts';

/** Whether every host can be sent a command, and has what the runbooks need. */
export function hosts(facts: Facts, { systems }: Registry): Finding[] {
  return systems.flatMap((system) => {
    const given = facts.given.systems[system.id];
    const seen = facts.systems.get(system.id);
    if (!given || !seen) return [];
    const { hosts, hostTag } = given.settings;
    // Where nobody said which of the hosts there are, that is the finding. Local mode has hosts of its own where the settings have none.
    if (!given.given.has('hosts') && facts.place.local === (hosts.length === 0)) return [];
    const aws = awsCli(facts.place.endpoint);
    return [
      ...hosts.flatMap((host) => ofHost(system.id, host, hostTag, seen, aws)),
      ...hosts.flatMap((host) => insideOf(host, seen, system.hostNeeds?.(given.settings), facts)),
      ...strangers(system, hosts, hostTag, seen, aws),
    ];
  });
}

/** @returns at most one: the first thing that keeps commands from it */
function ofHost(
  system: string,
  { name, instanceId }: HostSettings,
  tag: string,
  { tagged, known }: SystemFacts,
  aws: string,
): Finding[] {
  const where = `${name} (${instanceId})`;
  const finding = (part: Omit<Finding, 'area' | 'where' | 'severity'>): Finding[] => [
    { severity: 'error', area: 'hosts', where, ...part },
  ];
  const byId = (agents: readonly Agent[] | undefined) => agents?.find((agent) => agent.instanceId === instanceId);
  const agent = byId(tagged) ?? byId(known);
  if (!agent) {
    if (!known) return [];
    return finding({
      check: 'host-unknown',
      what: 'Systems Manager does not know this instance, so nothing can be looked at there, or done.',
      fix: `See that it runs, that the SSM agent is on it, that its role has AmazonSSMManagedInstanceCore, and that it reaches Systems Manager; or correct systems.${system}.hosts in firebreak.json.`,
    });
  }
  if (tagged && !byId(tagged))
    return finding({
      check: 'host-untagged',
      what: `it does not carry the tag ${tag}, and nothing is sent to a host without it.`,
      fix: 'Tag it.',
      commands: [`${aws} ${tagging('add', instanceId, tag)}`],
    });
  if (!agent.online)
    return finding({
      check: 'host-offline',
      what: `it does not answer Systems Manager (${agent.ping}).`,
      fix: 'On the host, see the agent and its way out (ssm, ssmmessages and ec2messages of the region, port 443).',
      commands: ['sudo systemctl restart amazon-ssm-agent && sudo tail /var/log/amazon/ssm/errors.log'],
    });
  if (isOlder(agent.version, OLDEST_AGENT))
    return finding({
      check: 'agent-old',
      what: `its SSM agent is ${agent.version || 'of an unknown version'}. Before ${OLDEST_AGENT} no command works there: scripts take their parameters as variables.`,
      fix: 'Update the agent.',
      commands: [`${aws} ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids ${instanceId}`],
    });
  return [];
}

/** An instance of EC2 has EC2's tags; one from elsewhere, whose id begins with `mi-`, has those of Systems Manager. */
function tagging(verb: 'add' | 'remove', instanceId: string, tag: string): string {
  const [key = '', value = ''] = tag.split('=', 2);
  const [tags, managed] = [`Key=${key},Value=${value}`, `--resource-type ManagedInstance --resource-id ${instanceId}`];
  if (verb === 'add')
    return instanceId.startsWith('mi-')
      ? `ssm add-tags-to-resource ${managed} --tags ${tags}`
      : `ec2 create-tags --resources ${instanceId} --tags ${tags}`;
  return instanceId.startsWith('mi-')
    ? `ssm remove-tags-from-resource ${managed} --tag-keys ${key}`
    : `ec2 delete-tags --resources ${instanceId} --tags ${tags}`;
}

function insideOf(host: HostSettings, seen: SystemFacts, needs: HostNeeds | undefined, { place }: Facts): Finding[] {
  const readiness = seen.readiness.get(host.instanceId);
  if (!readiness) return [];
  const where = `${host.name} (${host.instanceId})`;
  if ('error' in readiness) {
    const agent = seen.tagged?.find(({ instanceId }) => instanceId === host.instanceId);
    // That it is too old has been said, and nothing works there before that is mended.
    if (agent && isOlder(agent.version, OLDEST_AGENT)) return [];
    const what = `it could not be asked what it has: ${readiness.error}.`;
    const fix = 'On the host, see /var/log/amazon/ssm; no runbook could look there either.';
    return [{ severity: 'error', area: 'hosts', check: 'host-mute', where, what, fix }];
  }
  return inside(readiness, needs, place.local).map((finding) => ({ area: 'hosts', where, ...finding }));
}

/** What carries the tag is looked at and acted upon, whether it is listed or not. */
function strangers(
  { id }: System,
  hosts: readonly HostSettings[],
  tag: string,
  { tagged = [] }: SystemFacts,
  aws: string,
): Finding[] {
  const listed = new Set(hosts.map(({ instanceId }) => instanceId));
  return tagged
    .filter(({ instanceId }) => !listed.has(instanceId))
    .map(({ instanceId }) => ({
      severity: 'warning',
      area: 'hosts',
      check: 'host-unlisted',
      where: instanceId,
      what: `it carries the tag ${tag} and ${
        hosts.length === 0
          ? `${id} has no hosts: no runbook may reach it.`
          : `is none of the hosts of ${id}: runbooks look and act there too, and alarms that name it by anything but its id are taken for another host's.`
      }`,
      fix: `Add it to systems.${id}.hosts in firebreak.json, or take the tag off.`,
      commands: [`${aws} ${tagging('remove', instanceId, tag)}`],
    }));
}
