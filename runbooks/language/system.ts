import * as z from 'zod';
import type { Kind } from './cluster.ts';
import { type Duration, seconds } from './duration.ts';
import type { Impact } from './impact.ts';
import { type Ladder, ladderFaults } from './ladder.ts';
import { rank, type SeverityScheme } from './severity.ts';

/** A host that a system's containers run on. */
export const HostSettings = z.strictObject({
  /** The canonical name, which pages, timelines and dedup keys use. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  instanceId: z.string().regex(/^m?i-[0-9a-f]{8,17}$/),
  /** Other names under which monitoring speaks of it: a DNS name, `10.0.1.7:9100`, a node's name. */
  aliases: z.array(z.string()).default([]),
});
export type HostSettings = z.infer<typeof HostSettings>;

/** A namespace of a cluster of Amazon EKS. */
export const ClusterPlace = z.object({
  name: z.string().regex(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, 'expected the name of a cluster of Amazon EKS'),
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'expected the name of a namespace of Kubernetes'),
});
export type ClusterPlace = z.infer<typeof ClusterPlace>;

/** What every system has: its hosts, its cluster, or both; a system adds its own (folders, URLs, thresholds). */
export const HostedSettings = z.object({
  hosts: z.array(HostSettings),
  /** The tag that a host must carry before any command is sent to it, as `key=value`. */
  hostTag: z.string().regex(/^[^=]+=[^=]+$/),
  /** Where its cluster steps go. A system of hosts alone has none. */
  cluster: ClusterPlace.optional(),
});
export type HostedSettings = z.infer<typeof HostedSettings>;

/** What must be on each host of a system for its runbooks to work: `npm run doctor` looks for it before there is an incident. */
export interface HostNeeds {
  /** The Compose stack of the host. */
  stack: { projectDir: string; composeFile: string; composeProject: string };
  /** Services of the compose file, each with the name that its container must have. */
  services: readonly { service: string; container: string }[];
  /** What runbooks read or delete, beside the compose file. */
  folders: readonly { path: string; what: string; access: 'read' | 'write' }[];
}

/** An object that must be in a system's cluster for its runbooks to work: `npm run doctor` looks for it before there is an incident. */
export interface ClusterNeed {
  /** Of which nothing but its being there is wanted; a workload is looked into. */
  kind: Kind<unknown> | 'workload';
  name: string;
  /** The setting that names it: `backend.deployment`. */
  setting: string;
  /** `warning` for what some of its runbooks can do without. */
  severity: 'error' | 'warning';
  /** Of a workload: the container that programs run in, and the labels by which its pods are found. */
  container?: string;
  selector?: string;
}

/** An alert that a system's monitoring can raise. */
export interface Alert {
  /** The declared name, such as `DiskSpaceLow`. CloudWatch alarms are called `<system>-<name>[-<suffix>]`. */
  name: string;
  /** What its value measures, such as `percent of requests that failed`. */
  unit: string;
  /** Whether it speaks of one host or of the system as a whole. */
  about: 'host' | 'system';
  /** How bad it is when no runbook answers to it (or not to this value); a person is paged then. */
  severity: string;
}

/** Who can be reached for a system. An address is configuration; a role is part of the system. */
export interface Role {
  name: string;
  title: string;
  email: string;
  /** Whom it is escalated to: the next role of its path. The last of a path has none. */
  next?: string;
}

/** Who is told of an incident though they have nothing to do for it: when it begins, and when it is over. */
export interface Update {
  /** A role. */
  to: string;
  severities: readonly string[];
  /** Whether a text for the status page is drafted for them. A person publishes it, or does not. */
  withDraft?: true;
}

/** What follows an incident of a severity that is reviewed (`severity.ts`). */
export interface ReviewRule {
  /** The role that writes the review. */
  owner: string;
  /** Counted from the end of the incident. */
  dueWithin: Duration;
  /** So long before that day the owner is reminded. */
  remind: Duration;
}

/** At most so many acts of one verb on one resource per window; a runbook may only lower it. */
export interface Budget {
  acts: number;
  per: Duration;
}

/**
 * What comes back so soon was not gone: monitoring looks every minute to five, and asks for two or three bad looks in a row before it
 * says so. Later it is taken for another fault, which the automation may mend as it did the first.
 */
export const FLAPS_WITHIN: Duration = '10m';

export interface System<S extends HostedSettings = HostedSettings> {
  id: string;
  title: string;
  /** The keys with their placeholder defaults; configuration supplies the values. */
  settings: z.ZodType<S>;
  severities: SeverityScheme;
  alerts: readonly Alert[];
  roles: readonly Role[];
  /** The role that is paged first. */
  firstResponder: string;
  /** Who is paged, when: one ladder for each severity. */
  ladders: readonly Ladder[];
  /** Who is told of what. Where it is left out, nobody but those who are paged. */
  updates?: readonly Update[];
  /** Who reviews what, and until when. Where it is left out, whoever is paged first does, within a week. */
  reviews?: ReviewRule;
  /** An alarm that fires again within this time after its incident was over is the same incident. {@link FLAPS_WITHIN} if not said. */
  flapsWithin?: Duration;
  /** By verb; `default` for a verb that has none of its own. */
  budgets: Readonly<Record<string, Budget> & { default: Budget }>;
  /** Pages that an engineer wants beside the incident. */
  dashboards: (settings: S) => Readonly<Record<string, string>>;
  /** What is measured when an incident of it begins, for the person who has to judge it. Where it is left out, nothing is. */
  impact?: (settings: S) => Impact;
  /** Where hosts need nothing but the tools of every host, it is left out. */
  hostNeeds?: (settings: S) => HostNeeds;
  /** What the settings name in the cluster. */
  clusterNeeds?: (settings: S) => readonly ClusterNeed[];
}

/**
 * Declares what a system is made of.
 * @throws {Error} naming the system, when a role or severity is referred to that it does not have, or a name stands twice
 */
export function defineSystem<S extends HostedSettings>(system: System<S>): System<S> {
  const names = system.alerts.map((alert) => alert.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new Error(`system ${system.id}: alert ${twice} is declared twice`);
  for (const alert of system.alerts) rank(system.severities, alert.severity);
  if (!system.roles.some((role) => role.name === system.firstResponder))
    throw new Error(`system ${system.id}: first responder ${system.firstResponder} is not one of its roles`);
  if (!takersOf(system).some((role) => role.name === system.firstResponder))
    throw new Error(`system ${system.id}: first responder ${system.firstResponder} is only told of incidents`);
  for (const { to, severities } of system.updates ?? []) {
    if (!system.roles.some((role) => role.name === to))
      throw new Error(`system ${system.id}: updates to ${to}, which is not one of its roles`);
    for (const severity of severities) rank(system.severities, severity);
  }
  const { reviews } = system;
  if (reviews && !takersOf(system).some(({ name }) => name === reviews.owner))
    throw new Error(`system ${system.id}: reviews are owned by ${reviews.owner}, which is no role that can have an incident`);
  if (reviews && seconds(reviews.remind) >= seconds(reviews.dueWithin))
    throw new Error(`system ${system.id}: the reminder of a review would come before the incident is over`);
  const [fault] = ladderFaults(system);
  if (fault) throw new Error(`system ${system.id}: ${fault}`);
  return system;
}

/** The rule for reviews of a system. */
export function reviewRuleOf({ reviews, firstResponder }: Pick<System, 'reviews' | 'firstResponder'>): ReviewRule {
  return reviews ?? { owner: firstResponder, dueWithin: '7d', remind: '1d' };
}

/** A role as people call it; its name where there is none such. */
export const titleOf = (roles: readonly Role[], role: string): string => roles.find(({ name }) => name === role)?.title ?? role;

/** The roles that can have an incident: whoever is only told of it has nothing to do for it, and answers to nothing. */
export function takersOf({ roles, updates = [] }: Pick<System, 'roles' | 'updates'>): Role[] {
  return roles.filter(({ name }) => !updates.some(({ to }) => to === name));
}

/** A system as the registry holds it, beside others whose settings differ: its own schema still checks its settings. */
export function registered<S extends HostedSettings>(system: System<S>): System {
  return system as unknown as System;
}

/**
 * The canonical name of what an alert speaks of: a host's name where any of the given names is one of the host's,
 * otherwise the first name as it came. `''` when the alert is about the system as a whole.
 */
export function canonicalTarget(settings: HostedSettings, about: Alert['about'], spoken: readonly string[]): string {
  if (about === 'system') return '';
  const known = settings.hosts.find((host) =>
    [host.name, host.instanceId, ...host.aliases].some((name) => spoken.includes(name)),
  );
  return known?.name ?? spoken[0] ?? '';
}
