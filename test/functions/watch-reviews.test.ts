import { describe, expect, it } from 'vitest';
import { person } from '../../functions/incident/actor.ts';
import { iso, after as later } from '../../functions/incident/clock.ts';
import { Incident, opened } from '../../functions/incident/incident.ts';
import { begun, NO_ANSWERS } from '../../functions/incident/review.ts';
import { REVIEW } from '../../functions/incident/rungs.ts';
import { reminderText, whomToTell } from '../../functions/review/remind.ts';
import { watch } from '../../functions/watch/watch.ts';
import { reviewRuleOf } from '../../runbooks/language/system.ts';
import { sira } from '../../runbooks/sira/system.ts';
import { type Console, console } from './console/console.ts';
import { draft, outage } from './review/recorded.ts';
import { heartbeat, pass, round } from './watching.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

async function resolved(system: Console, severity = 'P0'): Promise<string> {
  const { body } = await system.post('/api/incidents', { system: 'sira', title: 'All down', severity, by: 'Ada' });
  const id = String(body.id);
  await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada', reason: 'set it' });
  await pass(system, 2 * MINUTE);
  return id;
}
const mails = (system: Console) =>
  system.aws.inbox().flatMap(({ role, subject }) => (/^Review/.test(subject) ? [`${role}: ${subject}`] : []));

describe('when an incident is over', () => {
  it('its review is begun by itself, which mends nothing, and is due as its system says', async () => {
    const system = await console();
    const id = await resolved(system);
    expect(await round(system)).toEqual([]);
    const review = await system.around.store.reviews.get(id);
    const { resolvedAt } = await system.incident();
    expect(review).toMatchObject({
      state: 'draft',
      owner: 'lead',
      due: later(resolvedAt ?? '', 5 * DAY),
      begunBy: { kind: 'automation' },
    });
    expect(await round(system)).toEqual([]);
    expect(await system.around.store.reviews.get(id)).toEqual(review);
    expect(heartbeat(system)).toBeDefined();
    expect(mails(system)).toEqual([]);
  });

  it('a system that is registered no more keeps the auditor from nothing', async () => {
    const system = await console();
    const id = await resolved(system);
    await round(system);
    const review = await system.around.store.reviews.get(id);
    if (!review) throw new Error('no review was begun');
    const past = await system.around.store.incidents.get(id);
    if (!past || past.status === 'open' || past.status === 'acknowledged') throw new Error('it is not over');
    // Over for an hour: until then its notices are looked for, and that nobody can tell whose they are is said.
    const resolvedAt = later(past.resolvedAt, -60 * MINUTE);
    await system.around.store.incidents.create({ ...past, id: 'GONE', system: 'gone', resolvedAt });
    await system.around.store.reviews.begin({ ...review, incidentId: 'GONE', system: 'gone', due: iso(system.clock.now()) });
    expect(await round(system)).toEqual([]);
    expect(heartbeat(system)).toBeDefined();
  });

  it('that it was begun is told once, also where whoever began it died before', async () => {
    const system = await console();
    const told = async (id: string) =>
      (await system.around.store.incidents.timeline(id)).flatMap(({ type, by }) => (type === 'review-begun' ? [by.name] : []));
    const id = await resolved(system);
    await round(system);
    await round(system);
    expect(await told(id)).toEqual(['firebreak']);
    const { body } = await system.post('/api/incidents', { system: 'sira', title: 'Down again', severity: 'P0', by: 'Ada' });
    await system.post(`/api/incidents/${String(body.id)}/resolve`, { by: 'Ada' });
    const incident = (await system.around.store.incidents.get(String(body.id))) ?? outage;
    await system.around.store.reviews.begin(begun(incident, reviewRuleOf(sira), iso(system.clock.now()), person('Ada')));
    expect(await told(incident.id)).toEqual([]);
    expect(await round(system)).toEqual([]);
    expect(await told(incident.id)).toEqual(['Ada']);
  });

  it('none is, where none is asked for: of what is milder, of a rehearsal, of a run by hand, and while it runs', async () => {
    const system = await console();
    const milder = await resolved(system, 'P2');
    const other = (origin: 'manual' | 'rehearsal') => ({
      ...outage,
      id: `${origin}-0000`,
      origin,
      resolvedAt: iso(system.clock.now()),
    });
    for (const origin of ['manual', 'rehearsal'] as const) await system.around.store.incidents.create(other(origin));
    const { id, system: of, alert, target, runbook, title, severity, openedBy } = outage;
    const openedAt = iso(system.clock.now());
    await system.around.store.incidents.create(
      opened({ id, system: of, alert, target, runbook, title, severity, openedAt, openedBy, origin: 'declared' }),
    );
    await round(system);
    const { reviews } = system.around.store;
    expect(await reviews.among([milder, 'manual-0000', 'rehearsal-0000', id])).toEqual([]);
  });

  it('a draft that was opened meanwhile gets its day, keeps its words, and may be written to by who has it open', async () => {
    const system = await console();
    const { body } = await system.post('/api/incidents', { system: 'sira', title: 'All down', severity: 'P0', by: 'Ada' });
    const id = String(body.id);
    await system.post(`/api/reviews/${id}`, { by: 'Ada', rootCause: 'hers' });
    await round(system);
    expect((await system.around.store.reviews.get(id))?.due).toBeNull();
    await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada' });
    await round(system);
    expect(await system.around.store.reviews.get(id)).toMatchObject({
      due: expect.any(String),
      answers: { rootCause: 'hers' },
      version: 2,
    });
    expect(await system.post(`/api/reviews/${id}`, { by: 'Ada', version: 2, impact: 'all' })).toMatchObject({ status: 200 });
  });
});

describe('whoever is to write it', () => {
  it('is reminded once before its day, and the next above them is told once after it; nobody is woken', async () => {
    const system = await console();
    const id = await resolved(system);
    await round(system);
    const { due } = (await system.around.store.reviews.get(id)) ?? {};
    await pass(system, 4 * DAY);
    await round(system);
    await round(system);
    expect(mails(system)).toEqual(['lead: Review due: P0 SIRA: All down']);
    await pass(system, DAY);
    await round(system);
    await round(system);
    expect(mails(system)).toEqual(['lead: Review due: P0 SIRA: All down', 'cto: Review overdue: P0 SIRA: All down']);
    const pages = (await system.around.store.people.pages(id)).filter(({ rung }) => rung === REVIEW);
    expect(pages.map(({ role, about, by, sentAt }) => [role, about, by, sentAt !== null])).toEqual([
      ['cto', `overdue-${due}`, 'notice', true],
      ['lead', `reminder-${due}`, 'notice', true],
    ]);
    // The review that they write is not about themselves.
    expect((await system.get(`/api/reviews/${id}`)).text).not.toContain('Review overdue');
  });

  it('hears nothing of one that is finished, that is open again, or whose day is later', async () => {
    const system = await console();
    const id = await resolved(system);
    await round(system);
    const soon = later(iso(system.clock.now()), 10 * MINUTE);
    await system.post(`/api/reviews/${id}`, { by: 'Ada', version: 1, due: soon });
    const review = await system.around.store.reviews.get(id);
    if (!review) throw new Error('the review is lost');
    const at = iso(system.clock.now());
    await system.around.store.reviews.save(
      { ...review, state: 'finished', finishedAt: at, finishedBy: review.editedBy },
      review.version,
    );
    await round(system);
    expect(mails(system)).toEqual([]);
    await system.around.store.reviews.save(review, review.version);
    const incident = await system.incident();
    await system.around.store.incidents.change(id, () => Incident.parse({ ...incident, status: 'open', resolvedAt: null }));
    await round(system);
    expect(mails(system)).toEqual([]);
    await system.around.store.incidents.change(id, () => incident);
    await round(system);
    expect(mails(system)).toEqual(['lead: Review due: P0 SIRA: All down']);
    // Another day is another reminder.
    await system.post(`/api/reviews/${id}`, { by: 'Ada', version: review.version, due: later(soon, 10 * MINUTE) });
    await round(system);
    expect(mails(system)).toHaveLength(2);
  });

  it('is told once more where whoever sent it died over it', async () => {
    const system = await console();
    const id = await resolved(system);
    await round(system);
    await pass(system, 5 * DAY);
    const { topics } = system.around;
    const silent = { ...system.around, topics: { ...topics, publish: () => Promise.reject(new Error('no SNS')) } };
    expect(await round(system, watch(silent))).toContain(`reminders of the review of ${id}`);
    expect(mails(system)).toEqual([]);
    await pass(system, 2 * MINUTE);
    await round(system);
    expect(mails(system)).toEqual(['cto: Review overdue: P0 SIRA: All down']);
  });
});

describe('whom and what', () => {
  it('is the owner, the next above after the day, and whoever is above where nobody is there', () => {
    const there =
      (...roles: string[]) =>
      (role: string) =>
        roles.includes(role);
    expect(whomToTell(sira.roles, 'lead', 'reminder', there('lead', 'cto'))).toBe('lead');
    expect(whomToTell(sira.roles, 'lead', 'overdue', there('lead', 'cto'))).toBe('cto');
    expect(whomToTell(sira.roles, 'oncall', 'reminder', there('cto'))).toBe('cto');
    expect(whomToTell(sira.roles, 'cto', 'overdue', there('cto'))).toBe('cto');
    expect(whomToTell(sira.roles, 'lead', 'overdue', there())).toBe('cto');
  });

  it('is said with the day, what is open, and where it is written', () => {
    const names = { consoleFunction: 'firebreak-console', approveFunction: 'firebreak-approve' };
    const place = { config: { region: 'eu-central-1', consoleUrl: 'https://console.test' }, names };
    const said = reminderText(place, { review: draft, incident: outage, kind: 'reminder', system: sira }, 'lead');
    expect(said).toEqual({
      subject: 'Review due: P0 SIRA: Application down',
      message: [
        'The review of P0 SIRA: Application down is due at 2026-10-09 03:33 UTC.',
        '9 questions are still open.',
        'It is yours, as Engineering lead.',
        '',
        'https://console.test/reviews/7Q2M9VXKT4B1',
      ].join('\n'),
    });
    const bare = { ...place, config: { region: 'eu-central-1' } };
    const hostile = { ...outage, title: 'Down\nFrom: somebody' };
    const { message } = reminderText(
      bare,
      { review: { ...draft, answers: NO_ANSWERS }, incident: hostile, kind: 'overdue', system: sira },
      'cto',
    );
    expect(message).toContain('P0 SIRA: Down From: somebody was due');
    expect(message).toContain('the next above');
    expect(message).toContain(`--payload '{"path":"/api/reviews/7Q2M9VXKT4B1"}'`);
  });
});
