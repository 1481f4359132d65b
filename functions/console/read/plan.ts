import type { Runbook } from '../../../runbooks/language/definition.ts';
import { type Actor, NAMELESS, person } from '../../incident/actor.ts';
import { between, iso } from '../../incident/clock.ts';
import { actsInWindow, type Mode } from '../../incident/control.ts';
import { type Incident, isLive } from '../../incident/incident.ts';
import { covering, saidOf } from '../../incident/maintenance.ts';
import { type Override, spokenOverride } from '../../incident/override.ts';
import { logUnreadable } from '../../log.ts';
import { nobodyToAsk } from '../../run-step/ask-gate.ts';
import { deploymentSign, RECENT_SECONDS } from '../../run-step/deployment.ts';
import { runbooksAbove, worksOn } from '../../run-step/superseded.ts';
import type { Surroundings } from '../../surroundings.ts';
import { soon } from '../views/moment.ts';
import { type PlannedAct, plannedAct } from '../views/planned-act.ts';
import { modeOf } from './automation.ts';

/** What would become of a run by hand, were it started now. */
export interface Wanted {
  parameters: Record<string, unknown>;
  by: string;
  /** Whoever the way in says they are, where it says so. */
  from?: Actor;
  reason: string;
  override: readonly Override[];
}

/** One thing that the gate would say now: `stops` the acts, `asks` a person or waits, or `free`. `mind`: it holds nothing, and you should know. */
export interface Said {
  is: 'free' | 'asks' | 'stops' | 'mind';
  says: string;
}

/** What it comes to, in a word or two. */
export const VERDICTS: Readonly<Record<Said['is'], string>> = {
  free: 'Free',
  asks: 'Waits or asks',
  stops: 'Stops it',
  mind: 'Mind',
};

export interface Plan {
  runbook: Runbook;
  mode: Mode;
  acts: (PlannedAct & { gate: Said[] })[];
  /** What holds for all of them. */
  gate: Said[];
}

/** A run of the last minutes has seen whether something is deployed: so many of a system are asked. */
const ASKED_RUNS = 3;
const LATEST = 10;

/**
 * What a run by hand may do, on which targets, and what the gate would say of it now, as far as that can be known without looking at a
 * host. It reads, and changes nothing: the gate itself is asked again before each act, with facts.
 */
export async function planOf(around: Surroundings, runbook: Runbook, wanted: Wanted): Promise<Plan> {
  const settings = around.config.settingsOf(runbook.system.id);
  const [mode, incidents] = await Promise.all([modeOf(around, runbook.id), incidentsOf(around, runbook)]);
  const acts = runbook.acts.map((act) => plannedAct(runbook, act, wanted.parameters, settings));
  return {
    runbook,
    mode,
    acts: await Promise.all(acts.map(async (act) => ({ ...act, gate: await gateOf(around, act, mode, wanted) }))),
    gate: [
      modeSaid(mode),
      ...(await maintenanceSaid(around, runbook)),
      ...waitsFor(around, runbook, incidents),
      await lockSaid(around, runbook, incidents),
      await deploymentSaid(around, incidents, wanted),
      ...takenOver(incidents),
    ],
  };
}

async function incidentsOf({ store }: Surroundings, { system }: Runbook): Promise<Incident[]> {
  const [open, latest] = await Promise.all([store.incidents.open(logUnreadable), store.incidents.latest(LATEST)]);
  const all = new Map([...latest, ...open].map((incident) => [incident.id, incident]));
  return [...all.values()].filter((incident) => incident.system === system.id);
}

/** Of one act: whether it asks, and what is left of its budget. */
async function gateOf(around: Surroundings, act: PlannedAct, mode: Mode, wanted: Wanted): Promise<Said[]> {
  const nobody = nobodyToAsk(around, { by: wanted.from ?? person(wanted.by || NAMELESS) }, act);
  if (nobody) return [{ is: 'stops', says: nobody }];
  const asks = act.safety === 'destructive' || mode === 'ask';
  const whom = act.approver === 'another' ? `another person than ${wanted.by}` : 'a person';
  return [
    ...(asks ? [{ is: 'asks' as const, says: `asks ${whom} first; silence is a no` }] : []),
    ...(await breakersSaid(around, act, wanted)),
  ];
}

async function breakersSaid(around: Surroundings, { breakers, budget, verb }: PlannedAct, wanted: Wanted): Promise<Said[]> {
  const of = `${budget.acts} (${verb}) per ${budget.per}`;
  if (breakers.length === 0) return [{ is: 'free', says: `breaker: ${of} on each thing; on which, it finds first` }];
  const now = iso(around.clock.now());
  return Promise.all(
    breakers.map(async (name): Promise<Said> => {
      const counted = actsInWindow(await around.store.controls.breaker(name), budget.per, now).length;
      const on = name.resource.replace(/\/host$/, '');
      if (counted < budget.acts) return { is: 'free', says: `breaker: ${budget.acts - counted} of ${of} left on ${on}` };
      return wanted.override.includes('breaker')
        ? { is: 'mind', says: `goes over the breaker, because ${wanted.reason}: all of ${of} are used up on ${on}` }
        : { is: 'stops', says: `breaker: all of ${of} are used up on ${on}` };
    }),
  );
}

const MODES: Readonly<Record<Mode, Said>> = {
  auto: { is: 'free', says: 'mode auto: it acts by itself where it finds a reason' },
  ask: { is: 'asks', says: 'mode ask: each act waits for an approval, and silence is a no' },
  observe: { is: 'stops', says: 'mode observe: it only looks, and says what it would have done' },
};
const modeSaid = (mode: Mode): Said => MODES[mode];

/** A run by hand has no alarm and no target: only a window for the whole system covers it. */
async function maintenanceSaid({ store, clock }: Surroundings, { system }: Runbook): Promise<Said[]> {
  const windows = covering(await store.maintenances.of(system.id), { alert: '', target: '' }, iso(clock.now()));
  return windows.map((window) => ({ is: 'stops', says: saidOf(window) }));
}

function waitsFor(around: Surroundings, runbook: Runbook, incidents: readonly Incident[]): Said[] {
  const above = runbooksAbove(around, runbook);
  return incidents
    .filter((incident) => isLive(incident) && worksOn(incident, above))
    .map(({ id, title }) => ({
      is: 'asks',
      says: `waits for incident ${id} (${title}), which is at work on what explains this`,
    }));
}

async function lockSaid({ store, clock }: Surroundings, { system }: Runbook, incidents: readonly Incident[]): Promise<Said> {
  const lock = await store.controls.lock(system.id);
  if (!lock || lock.until <= iso(clock.now())) return { is: 'free', says: 'lock: no other run works on the system' };
  const title = incidents.find(({ id }) => id === lock.incidentId)?.title;
  return {
    is: 'asks',
    says: `lock: run ${lock.holder}${title ? ` (${title})` : ''} works on the system, until ${soon(lock.until)} at the latest: this run waits for it`,
  };
}

async function deploymentSaid(around: Surroundings, incidents: readonly Incident[], { override, reason }: Wanted): Promise<Said> {
  const seen = await deploymentSeen(around, incidents);
  const goesOver = override.includes('deployment');
  if (!seen)
    return {
      is: 'free',
      says: `deployment: it looks first whether one is under way, and ${goesOver ? 'goes over that' : 'then asks a person'}`,
    };
  const says = `${seen.sign} (seen at ${soon(seen.at)})`;
  return goesOver
    ? { is: 'mind', says: `goes over the deployment guard, because ${reason}: ${says}` }
    : { is: 'asks', says: `deployment: ${says}; while that is so, each act asks a person` };
}

/** What a run of the last minutes saw of a deployment that would make an act ask. */
async function deploymentSeen({ store, clock }: Surroundings, incidents: readonly Incident[]) {
  const now = iso(clock.now());
  const runs = incidents
    .flatMap(({ id, run, runs: all }) => {
      const last = all[String(run)];
      return last ? [{ id, run, startedAt: last.startedAt }] : [];
    })
    .filter(({ startedAt }) => between(startedAt, now) < RECENT_SECONDS * 1_000)
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))
    .slice(0, ASKED_RUNS);
  for (const { id, run } of runs) {
    const looks = await store.steps.looks(id, run, 1, 'deployment');
    const signs = looks.flatMap((look) => {
      const sign = look.status === 'done' ? deploymentSign(look.facts) : null;
      return sign && look.status === 'done' ? [{ sign, at: look.endedAt }] : [];
    });
    // The newest that has looked at all is believed, whatever it saw.
    if (looks.some(({ status }) => status === 'done')) return signs[0];
  }
  return undefined;
}

/** It is another incident, and so holds nothing back; whoever works there should hear of it first. */
function takenOver(incidents: readonly Incident[]): Said[] {
  return incidents
    .filter((incident) => isLive(incident) && incident.automation === 'taken-over')
    .map(({ id, title, acknowledgedBy }) => ({
      is: 'mind',
      says: `${acknowledgedBy?.name ?? 'somebody'} has taken over incident ${id} (${title}): speak to them first, this run would not wait for them`,
    }));
}

/** What it goes over, as a sentence; nothing where that is nothing. */
export const overSaid = ({ override, reason }: Wanted): string =>
  override.length > 0 ? `It goes over ${spokenOverride(override)}, because ${reason}.` : '';
