import { type Compared, ImpactFacts, saidRate, sayReady, whys } from '../../../runbooks/language/impact.ts';
import { isImpact } from '../../../runbooks/language/impact-look.ts';
import type { LookRecord } from '../../incident/records.ts';

/** What users feel of an incident, as it was measured last. */
export interface ImpactView {
  /** ISO 8601 in UTC. */
  at: string;
  run: number;
  rows: { title: string; now: string; before: string }[];
  /** Why something is unknown, in a sentence; empty where nothing is. */
  why: string;
}

/** @returns nothing where it was not measured: its system declares none, or it is under way */
export function impactView(looks: readonly LookRecord[]): ImpactView | null {
  const done = looks.filter((look) => look.status === 'done' && isImpact(look.step));
  const last = done.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1);
  if (last?.status !== 'done') return null;
  const facts = ImpactFacts.safeParse(last.facts);
  return facts.success ? { at: last.endedAt, run: last.run, ...tabled(facts.data) } : null;
}

function tabled({ readiness, wasReady, errors, requests }: ImpactFacts): Pick<ImpactView, 'rows' | 'why'> {
  const row = (title: string, { now, before }: Compared) => ({ title, now: saidRate(now), before: saidRate(before) });
  const readings = [errors.now, errors.before, requests.now, requests.before, ...(wasReady ? [wasReady] : [])];
  return {
    rows: [
      {
        title: 'Readiness',
        now: readiness.status ? String(readiness.status) : `no answer: ${readiness.error}`,
        before: wasReady ? sayReady(wasReady) : 'not watched',
      },
      row('Errors (5xx)', errors),
      row('Requests', requests),
    ],
    why: whys(readings).join(''),
  };
}
