import { type HostedSettings, type HostNeeds, registered, type System } from '../../runbooks/language/system.ts';
import type { AlarmConfiguration } from './alarms.ts';
import { type ComposeHosts, createComposeHosts } from './compose-hosts.ts';
import { plainServices } from './docker/plain-services.ts';
import type { ServiceKey } from './docker/services.ts';
import type { HostNature } from './docker-host.ts';
import type { FaultKind } from './fault-kind.ts';
import type { Measurement } from './fleet.ts';
import type { SimulatedClock } from './host/sleep.ts';
import { PlainHost } from './plain-host.ts';

/** What the simulated monitoring measures for one alert; it fires above its bound. */
export interface MeasuredAlert {
  above: number;
  /** In the alert's own unit. */
  value(host: PlainHost): number;
  says(host: PlainHost): string;
}

interface Described {
  /** Which part of a stack each service is, by the service's name in `hostNeeds`. */
  parts: Readonly<Record<string, ServiceKey>>;
  faults: readonly FaultKind[];
  /** By alert. One that is left out is never raised here. */
  alarms: Readonly<Record<string, MeasuredAlert>>;
}

/** A system whose Docker Compose host local mode simulates. */
export interface SimulatedSystem extends Described {
  system: System;
}

/**
 * Describes the simulated host of a system: what can befall it, and what its monitoring measures. Its services, folders and
 * alarms' names come from the system itself.
 *
 * @throws {Error} for a system that says nothing of its hosts' needs, or an alert that it does not have
 */
export function simulatedHost<S extends HostedSettings>(system: System<S>, described: Described): SimulatedSystem {
  if (!system.hostNeeds) throw new Error(`the simulated host of ${system.id}: expected hostNeeds in its system.ts`);
  for (const name of Object.keys(described.alarms))
    if (!system.alerts.some((alert) => alert.name === name))
      throw new Error(`the simulated host of ${system.id}: ${name} is no alert of its system.ts`);
  return { ...described, system: registered(system) };
}

/** Furnishes the host, as the system's own defaults have it. */
export function openSimulated(one: SimulatedSystem, place: { dataDir: string; clock: SimulatedClock }): Promise<ComposeHosts> {
  const { system, parts, faults } = one;
  const settings = system.settings.parse({});
  const needs = needsOf(system, settings);
  const nature: HostNature = { system: system.id, services: plainServices(system.id, needs, parts), faults };
  const worst = (name: string) => system.alerts.find((alert) => alert.name === name)?.severity ?? '';
  return createComposeHosts({
    ...place,
    system: system.id,
    hostTag: settings.hostTag,
    hosts: settings.hosts,
    open: (at) => PlainHost.open({ ...at, settings, needs, nature }),
    alarms: (host) => alarmsOf(one, host.instanceId),
    measure: (host) => measurements(one, host),
    severity: worst,
  });
}

function needsOf({ id, hostNeeds }: System, settings: HostedSettings): HostNeeds {
  if (!hostNeeds) throw new Error(`the simulated host of ${id}: expected hostNeeds in its system.ts`);
  return hostNeeds(settings);
}

/** What a host that cannot be reached would measure of itself does not arrive: what was last known of it stays. */
function measurements({ alarms }: SimulatedSystem, host: PlainHost): Measurement[] {
  if (!host.reachable) return [];
  return Object.entries(alarms).map(([alert, { above, value, says }]) => {
    const measured = value(host);
    return { alert, firing: measured > above, value: measured, reason: says(host) };
  });
}

function alarmsOf({ system, alarms }: SimulatedSystem, instanceId: string): AlarmConfiguration[] {
  return system.alerts.flatMap(({ name, unit, about }) => {
    const measured = alarms[name];
    if (!measured) return [];
    return {
      alert: name,
      name: `${system.id}-${name}`,
      description: `More than ${measured.above} ${unit}`,
      namespace: `${system.title}/Host`,
      metric: name,
      dimensions: about === 'host' ? { InstanceId: instanceId } : {},
      ...{ statistic: 'Maximum', period: 60, evaluationPeriods: 1, comparison: 'GreaterThanThreshold' },
      threshold: measured.above,
    };
  });
}
