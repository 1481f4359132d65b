import { ImpactFacts, isFelt } from '../../runbooks/language/impact.ts';
import { isImpact } from '../../runbooks/language/impact-look.ts';
import type { Ladder } from '../../runbooks/language/ladder.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import { type Due, type Ground, nextRung, type Standing } from '../incident/ladder/next-rung.ts';
import type { LookRecord, Page } from '../incident/records.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';

/** What of an incident's records its ladder stands on. */
export interface Records {
  pages: readonly Page[];
  looks: readonly LookRecord[];
}

/** A ladder, where its incident stands on it, and what it stands on. */
export interface Climbing {
  ladder: Ladder;
  standing: Standing;
  ground: Ground;
}

/**
 * Where an incident stands on its ladder.
 * @returns `undefined` where nobody is to be paged: it is over, it has no ladder yet, or its ladder has ended
 */
export function climbingOf(
  around: Pick<Surroundings, 'systems' | 'runbooks' | 'config'>,
  incident: Incident,
  records: Records,
): Climbing | undefined {
  const { ladder: climb, severity } = incident;
  if (!climb || climb.over || !isLive(incident)) return undefined;
  const system = systemOf(around, incident.system);
  const ladder = system.ladders.find(({ severities }) => severities.includes(severity));
  if (!ladder) throw new Error(`${system.id} has no ladder for ${severity}`);
  const mine = records.pages.filter(({ generation, rungs }) => generation === climb.generation && rungs.length > 0);
  const standing: Standing = {
    since: climb.since,
    handedOverAt: incident.handedOverAt,
    acknowledgedAt: incident.acknowledgedAt,
    resolvedAt: incident.resolvedAt,
    snoozedUntil: incident.snoozed?.until ?? null,
    felt: feltBy(records.looks),
    responder: responderOf(around, incident),
    climbed: climbedBy(mine),
    hurriedAt: foundNobody(mine),
    wanted: climb.hurried,
    lowered: climb.lowered,
    handed: climb.handed !== null,
  };
  const hours = around.config.businessHoursOf(system.id);
  return { ladder, standing, ground: { roles: system.roles, firstResponder: system.firstResponder, hours } };
}

/** The next rung of an incident, if there is one. */
export function nextOf({ ladder, standing, ground }: Climbing): Due | null {
  return nextRung(ladder, standing, ground);
}

/** The role that has it first: as a person or the facts have said, or else as its runbook says. */
export function responderOf({ systems, runbooks }: Pick<Surroundings, 'systems' | 'runbooks'>, incident: Incident): string {
  const runbook = runbooks.find(({ id }) => id === incident.runbook);
  return incident.responder ?? runbook?.escalate.to ?? systemOf({ systems, runbooks }, incident.system).firstResponder;
}

/** A rung is climbed when every page of it has gone out: who dies between two persons' pages has not climbed it. */
function climbedBy(pages: readonly Page[]): Standing['climbed'] {
  const all = pages.flatMap((page) => page.rungs.map((rung) => ({ round: page.round, rung, sent: page.sentAt !== null })));
  return all.filter(({ round, rung }) => all.every((one) => one.round !== round || one.rung !== rung || one.sent));
}

/** When the last rung found nobody, or nobody whom its page reached: then the next one is due at once. */
function foundNobody(pages: readonly Page[]): string | null {
  const sent = pages.filter(({ sentAt }) => sentAt !== null).toSorted(inOrder);
  const last = sent.at(-1);
  const together = sent.filter(({ rung, round }) => rung === last?.rung && round === last?.round);
  return last && together.every(({ by, undelivered }) => by === 'nobody' || undelivered) ? last.sentAt : null;
}

const inOrder = (a: Page, b: Page) => (a.sentAt ?? '').localeCompare(b.sentAt ?? '') || a.rung - b.rung;

/** By the last measurement of the impact. */
function feltBy(looks: readonly LookRecord[]): boolean | null {
  const measured = looks.filter(({ step, status }) => isImpact(step) && status === 'done');
  const last = measured.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1);
  const facts = ImpactFacts.safeParse(last?.status === 'done' ? last.facts : undefined);
  return facts.success ? isFelt(facts.data) : null;
}
