import { expect, it } from 'vitest';
import { type Incident, opened } from '../../../functions/incident/incident.ts';
import { beginGeneration, endLadder } from '../../../functions/incident/ladder/generation.ts';
import { isOfStorm, LEFT_TO_STORM, leftAlone, standsForAll } from '../../../functions/incident/storm.ts';
import { sira } from '../../../runbooks/sira/system.ts';

const SINCE = '2026-10-04T03:15:00.000Z';
const { severities } = sira;

/** Listed by the page of a storm, its ladder under way. */
function listed(id: string, severity: string, openedAt: string): Incident {
  const by = { name: 'alertmanager', kind: 'monitoring' as const, verified: true };
  const where = { system: 'sira', alert: id, target: '', runbook: null, title: id, dedupKey: id, signal: null };
  const incident = opened({ id, severity, origin: 'signal', openedAt, openedBy: by, ...where });
  return beginGeneration({ ...incident, storm: { since: SINCE, listed: true } }, openedAt, 'it fires');
}
const left = (one: Incident) => endLadder(one, SINCE, LEFT_TO_STORM);

const [first, second, third] = [
  listed('FIRST', 'P1', '2026-10-04T03:14:00.000Z'),
  listed('SECOND', 'P1', '2026-10-04T03:14:01.000Z'),
  listed('THIRD', 'P0', '2026-10-04T03:14:02.000Z'),
];

it('the worst goes on for all, and of those the oldest', () => {
  expect(standsForAll([second, first], severities)).toBe(first);
  expect(standsForAll([first, second, third], severities)).toBe(third);
  expect(standsForAll([first, second, left(third)], severities)).toBe(first);
  // Nobody has been asked to have it so far: it is not over.
  expect(standsForAll([first, { ...third, ladder: null }], severities)?.id).toBe('THIRD');
  expect(standsForAll([left(first)], severities)).toBeUndefined();
});

it('none is left alone while one that is at least as bad goes on', () => {
  expect(leftAlone([first, left(second)], severities)).toBeUndefined();
  expect(leftAlone([left(first), left(second)], severities)?.id).toBe('FIRST');
  expect(leftAlone([first, left(second), left(third)], severities)?.id).toBe('THIRD');
  expect(leftAlone([left(first), third], severities)).toBeUndefined();
});

it('what somebody has, and what only waits for a person to close it, is not left alone', () => {
  expect(leftAlone([endLadder(first, SINCE, 'Its alarm has cleared')], severities)).toBeUndefined();
  const by = { name: 'Ada', kind: 'person' as const, verified: true };
  const had: Incident = { ...left(first), status: 'acknowledged', acknowledgedAt: SINCE, acknowledgedBy: by, resolvedAt: null };
  expect(leftAlone([had], severities)).toBeUndefined();
  expect(leftAlone([had, left(second)], severities)?.id).toBe('SECOND');
});

it('of a storm is what its page lists, and what came in the midst of it and pages by itself', () => {
  expect(isOfStorm(first, SINCE)).toBe(true);
  expect(isOfStorm({ ...first, storm: null }, SINCE)).toBe(false);
  expect(isOfStorm({ ...first, storm: null, openedAt: SINCE }, SINCE)).toBe(true);
  expect(isOfStorm({ ...first, storm: { since: SINCE, listed: false } }, SINCE)).toBe(false);
});
