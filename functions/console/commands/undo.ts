import * as z from 'zod';
import { iso } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import type { ActRecord } from '../../incident/records.ts';
import type { Surroundings } from '../../surroundings.ts';
import { absent, conflict } from '../rejected.ts';
import { askedFor, type IncidentCommand } from './given.ts';
import { knownIncident } from './known.ts';

const Undo = z.object({ act: z.string().max(200), host: z.string().max(200) });

/**
 * Takes back one change that was for a time only, before its time is up. What it takes was resolved when the change was made; the
 * runbook's own function does it, which alone has rights on hosts, within a round of `watch`. A change that was left half done is taken
 * back without being asked, and one that is finished and stays has nothing that could be: its undo is for a half of it.
 */
export const undo: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason, said } = askedFor(Undo, given, proven);
  const incident = await knownIncident(around, id);
  const record = await latest(around, incident, said.act, said.host);
  const at = iso(around.clock.now());
  const { undo: debt } = record;
  mustBeOver(incident, record);
  if (!debt) throw conflict('act', 'an act that has an undo', `"${record.title}" has no undo: take it back by hand`);
  if (debt.paidAt)
    throw conflict('act', 'an act that was not taken back', `"${record.title}" is over: ${debt.says ?? 'it was taken back'}`);
  if (record.status === 'done' && debt.due === null)
    throw conflict(
      'act',
      'a change that was for a time only',
      `"${record.title}" is finished and stays: its undo is for one that is half done`,
    );
  if (record.status === 'done' && (debt.due ?? '') > at)
    await around.store.steps.saveAct(id, { ...record, undo: { ...debt, due: at } });
  const { run, pass, step, title, host } = record;
  await around.store.incidents.tell(id, {
    v: 1,
    type: 'undo-asked',
    at,
    key: `undo-asked-${run}-${step}-${host}`,
    by,
    run,
    pass,
    step,
    title,
    host,
    reason,
  });
  return incident;
};

/** The last of that act on that host, over all runs of the incident. */
async function latest(around: Surroundings, { id, runs }: Incident, act: string, host: string): Promise<ActRecord> {
  const all = await Promise.all(Object.values(runs).map(({ number }) => around.store.steps.acts(id, number)));
  const known = all.flat();
  const found = known.findLast((one) => one.step === act && one.host === host);
  if (found) return found;
  const there = known.map((one) => `${one.step} on ${one.host}`).join(', ') || 'nothing was changed';
  throw absent(
    'act',
    `an act of this incident and its host: ${there}`,
    `there is no act ${act.slice(0, 80)} on ${host.slice(0, 80)}`,
  );
}

/** While a run is under way, what it has changed is its own to take back. */
function mustBeOver({ runs }: Incident, { run }: ActRecord): void {
  if (!runs[String(run)]?.endedAt) throw conflict('act', 'an act of a run that is over', 'its run is under way: stop it first');
}
