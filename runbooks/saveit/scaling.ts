import type * as z from 'zod';
import type { AutoscalerFacts, autoscalerState } from '../cluster/autoscaler-state.ts';
import type { SaveitSettings } from './system.ts';

/** Who decides how many pods there are. */
export type Scaling = z.output<typeof autoscalerState.facts>;
type Autoscaler = z.output<typeof AutoscalerFacts>;
type Scale = SaveitSettings['scale'];

/** Connections that stay for everybody else: those that PostgreSQL keeps back for its superuser, and some for people. */
const CONNECTIONS_KEPT = 10;
/** What an autoscaler tolerates itself: use that is not a tenth above its target moves nothing. */
const TOLERANCE = 1.1;

/** What the database says of its connections: the look that counts its sessions. */
export interface Sessions {
  /** `ok`, or how far it came. */
  reach: string;
  words: string;
  most: number;
  reserved: number;
  roleMost: number;
  clients: number;
  application: { all: number };
}

/** What decides how many pods there may be. The sessions are read only where pods are to come: they are asked of the database. */
export interface Counted {
  scaling: Scaling;
  sessions: Sessions;
}

/** How many connections the application may still have; `null` where the database was not heard. */
export function freeConnections({ reach, most, reserved, roleMost, clients, application }: Sessions): number | null {
  if (reach !== 'ok') return null;
  const ofRole = roleMost < 0 ? Number.POSITIVE_INFINITY : roleMost - application.all;
  return Math.max(0, Math.min(most - reserved - clients, ofRole));
}

/** What is to be done about the number of pods, or why not. */
export type Step<T> = { to: T } | { not: string };

/** The autoscaler that owns the deployment, or `undefined` where none does. */
export const autoscalerOf = ({ autoscalers }: Scaling): Autoscaler | undefined => autoscalers[0];

/** Why automation must not change the number of pods, in a sentence; `undefined` where it may. */
export function anothersDecision({ deployment, autoscalers }: Scaling, { autoscaler }: SaveitSettings): string | undefined {
  if (autoscalers.length > 1)
    return `${autoscalers.map(({ name }) => name).join(' and ')} scale one deployment: which of them decides is for a person`;
  const [own] = autoscalers;
  if (own?.ownedBy)
    return `${own.name} belongs to ${own.ownedBy}, which takes back what is changed here: its bounds are set there`;
  // An autoscaler is changed through its own bounds: who owns the deployment's template does not matter then.
  if (own) return own.name === autoscaler ? undefined : `${own.name} scales it, and the settings name ${autoscaler}`;
  return deployment.ownedBy
    ? `the deployment belongs to ${deployment.ownedBy}, which takes back what is changed here: its pods are counted there`
    : undefined;
}

/** Why the database has no room for so many pods more; `undefined` where it has. */
export function noConnections(more: number, facts: Pick<Counted, 'sessions'>, { connectionsPerPod }: Scale): string | undefined {
  if (connectionsPerPod === 0 || more <= 0) return undefined;
  const free = freeConnections(facts.sessions);
  if (free === null) return `how many connections the database has left is not known: ${facts.sessions.words}`;
  return free < more * connectionsPerPod + CONNECTIONS_KEPT
    ? `the database has ${free} connections left: too few for ${more} more pods, which take ${more * connectionsPerPod}`
    : undefined;
}

/** How many pods a deployment that nothing else scales is to have: never fewer than it has. */
export function morePods(facts: Counted, settings: SaveitSettings): Step<number> {
  const { scale } = settings;
  const { scaling } = facts;
  const { replicas } = scaling.deployment;
  const anothers = anothersDecision(scaling, settings);
  if (anothers) return { not: anothers };
  const owner = autoscalerOf(scaling);
  if (owner) return { not: `${owner.name} decides how many pods there are: a count that is set here it takes back` };
  const to = Math.max(replicas, Math.min(scale.to, scale.ceiling));
  if (to === replicas)
    return { not: `there are ${replicas} pods already, and automation goes to ${Math.min(scale.to, scale.ceiling)}` };
  const full = noConnections(to - replicas, facts, scale);
  return full ? { not: full } : { to };
}

export interface Bounds {
  min: number;
  max: number;
}

/** Bounds under which the autoscaler makes as many pods as the page scales to: for what it does not measure itself. */
export function atLeast(facts: Counted, settings: SaveitSettings): Step<Bounds> {
  const { scale } = settings;
  const { scaling } = facts;
  const owner = ownerToRaise(scaling, settings);
  if ('not' in owner) return owner;
  const { name, min, max } = owner.to;
  const { replicas } = scaling.deployment;
  const pods = Math.min(scale.to, scale.ceiling);
  if (replicas >= pods) return { not: `${name} has made ${replicas} pods already, and automation goes to ${pods}` };
  const full = noConnections(pods - replicas, facts, scale);
  return full ? { not: full } : { to: { min: Math.max(min, pods), max: Math.max(max, pods) } };
}

/**
 * Bounds for an autoscaler that is at its maximum and would have more, or that can not decide. One that has room does it itself.
 */
export function higherMost(facts: Counted, settings: SaveitSettings): Step<Bounds> {
  const { scale } = settings;
  const { scaling } = facts;
  const owner = ownerToRaise(scaling, settings);
  if ('not' in owner) return owner;
  const { name, min, max, current, desired, blind } = owner.to;
  if (blind) {
    const step = atLeast(facts, settings);
    return 'not' in step ? { not: `${name} can not decide (${blind}), and ${step.not}` } : step;
  }
  if (!wantsMore(owner.to))
    return { not: `${name} has made ${current} of up to ${max} pods and wants ${desired}: it has room, and decides itself` };
  const most = Math.min(scale.autoscalerMost, scale.ceiling);
  if (most <= max) return { not: `${name} may make ${max} pods already, and automation goes to ${most}` };
  const full = noConnections(most - scaling.deployment.replicas, facts, scale);
  return full ? { not: full } : { to: { min, max: most } };
}

/** It is at its maximum, and would have more. */
export function wantsMore({ max, current, desired, atMost, cpuPercent, cpuTargetPercent }: Autoscaler): boolean {
  if (Math.max(current, desired) < max) return false;
  return atMost || (cpuPercent !== null && cpuTargetPercent !== null && cpuPercent > cpuTargetPercent * TOLERANCE);
}

function ownerToRaise(scaling: Scaling, settings: SaveitSettings): Step<Autoscaler> {
  const anothers = anothersDecision(scaling, settings);
  if (anothers) return { not: anothers };
  const owner = autoscalerOf(scaling);
  return owner ? { to: owner } : { not: 'no autoscaler scales the deployment' };
}

/** For the timeline. */
export function sayScaling({ deployment, autoscalers }: Scaling): string {
  const said = autoscalers.map(({ name, min, max, current, desired, cpuPercent, blind, ownedBy }) =>
    [
      `${name}: ${current} of ${min} to ${max} pods, wants ${desired}`,
      ...(cpuPercent === null ? [] : [`${cpuPercent} % of the CPU that they request`]),
      ...(blind ? [`it can not decide: ${blind}`] : []),
      ...(ownedBy ? [`belongs to ${ownedBy}`] : []),
    ].join(', '),
  );
  const owner = deployment.ownedBy ? `; the deployment belongs to ${deployment.ownedBy}` : '';
  return `${said.join('; ') || `${deployment.replicas} pods, and no autoscaler`}${owner}`;
}

/** Until when what was done for a time stays. @param at ISO 8601 in UTC @param hours how long */
export function goesBackAt(at: string, hours: number): string {
  return `${new Date(Date.parse(at) + hours * 3_600_000).toISOString().slice(11, 16)} UTC`;
}
