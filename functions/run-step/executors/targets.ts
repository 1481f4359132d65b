import type { HostedSettings } from '../../../runbooks/language/system.ts';
import type { KnownInstance } from '../../aws/systems-manager.ts';
import type { Surroundings } from '../../surroundings.ts';

/** A host that a step speaks of: one that can be reached, or one that can't and why. */
export type Target = { name: string; instanceId: string } & ({ reachable: true } | { reachable: false; why: string });

/** What Systems Manager said, for a few seconds: a step asks several times, and the next is often carried out here too. */
const SECONDS_KEPT = 10;
const kept = new WeakMap<Surroundings, Map<string, { at: number; known: KnownInstance[] }>>();

/**
 * The hosts of a system, or the one that the signal names. Each carries the system's tag and answers Systems Manager,
 * or is named with the reason: a host that is left out silently would look well. Where none are configured nothing is asked:
 * whoever may tag hosts can not give a system its first.
 *
 * @param only the canonical name of the one host, or `''` for all
 */
export async function targets(around: Surroundings, settings: HostedSettings, only: string): Promise<Target[]> {
  if (settings.hosts.length === 0)
    return [{ name: only, instanceId: '', reachable: false, why: 'no hosts are configured for this system' }];
  const known = await tagged(around, settings.hostTag);
  const named = (instanceId: string) => settings.hosts.find((host) => host.instanceId === instanceId)?.name ?? instanceId;
  const wanted = [
    ...settings.hosts.map((host) => ({ name: host.name, instanceId: host.instanceId })),
    ...known
      .filter((instance) => !settings.hosts.some((host) => host.instanceId === instance.instanceId))
      .map(({ instanceId }) => ({ name: named(instanceId), instanceId })),
  ].filter((host) => only === '' || host.name === only || host.instanceId === only);
  if (wanted.length === 0)
    return [
      {
        name: only,
        instanceId: '',
        reachable: false,
        why: `${only} is no host of this system: neither configured nor tagged ${settings.hostTag}`,
      },
    ];
  return wanted.map((host): Target => {
    const instance = known.find(({ instanceId }) => instanceId === host.instanceId);
    if (!instance)
      return {
        ...host,
        reachable: false,
        why: `Systems Manager knows no instance ${host.instanceId} tagged ${settings.hostTag}`,
      };
    if (!instance.online)
      return {
        ...host,
        reachable: false,
        why: `${host.name} does not answer Systems Manager (${instance.ping})`,
      };
    return { ...host, reachable: true };
  });
}

async function tagged(around: Surroundings, tag: string): Promise<KnownInstance[]> {
  const now = around.clock.now().getTime();
  const mine = kept.get(around) ?? new Map();
  kept.set(around, mine);
  const found = mine.get(tag);
  if (found && now - found.at < SECONDS_KEPT * 1_000) return found.known;
  const known = await around.hosts.tagged(tag);
  mine.set(tag, { at: now, known });
  return known;
}
