import { expect, test } from 'vitest';
import { automation } from '../../../functions/incident/actor.ts';
import { iso } from '../../../functions/incident/clock.ts';
import { type Incident, opened } from '../../../functions/incident/incident.ts';
import { NOTICE } from '../../../functions/incident/rungs.ts';
import { nextNotice, notify } from '../../../functions/notices/notify.ts';
import { noticeText, statusDraft } from '../../../functions/notices/text.ts';
import { watch } from '../../../functions/watch/watch.ts';
import { registry } from '../../../runbooks/registry.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { incident as incidentRecord } from '../aws/table/records.ts';
import { type Console, console } from '../console/console.ts';
import { instead } from '../links/instead.ts';
import { pass } from '../watching.ts';

const outage = opened({
  id: '7Q2M9VXKT4B1',
  system: 'sira',
  alert: 'APIDown',
  target: 'sira-prod-1.internal',
  runbook: 'sira/application-down',
  title: 'Application down',
  severity: 'P0',
  origin: 'signal',
  openedAt: '2026-10-04T03:14:20.000Z',
  openedBy: automation,
  automation: 'running',
});
const over: Incident = {
  ...outage,
  status: 'resolved',
  resolvedAt: '2026-10-04T03:31:20.000Z',
  resolvedBy: automation,
  resolution: 'restarted sira_backend_prod',
};
const material = { system: sira, impact: null, withDraft: false, again: false };

const declared = async (system: Console, severity: string) => {
  const { body } = await system.post('/api/incidents', { system: 'sira', title: 'Application down', severity, by: 'Ada' });
  return String(body.id);
};
/** To whom notices went, and how they begin. */
const notices = (system: Console) =>
  system.aws
    .inbox()
    .filter(({ role }) => role === 'team' || role === 'stakeholders')
    .map(({ role, subject }) => `${role}: ${subject}`);

test('the team and the stakeholders are told once that it began, and once that it is over; a person is paged beside it', async () => {
  const system = await console();
  const id = await declared(system, 'P0');
  const begun = ['team: Update: P0 SIRA: Application down', 'stakeholders: Update: P0 SIRA: Application down'];
  expect(notices(system)).toEqual(begun);
  const incident = await system.around.store.incidents.get(id);
  if (!incident) throw new Error('the incident is lost');
  await notify(system.around, incident, 'opened');
  expect(notices(system)).toEqual(begun);
  await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada' });
  await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada' });
  await pass(system, 1_000);
  expect(notices(system)).toEqual([
    ...begun,
    'team: Over: P0 SIRA: Application down',
    'stakeholders: Over: P0 SIRA: Application down',
  ]);
  const pages = (await system.around.store.people.pages(id)).filter(({ rung }) => rung === NOTICE);
  expect(pages.every(({ sentAt }) => sentAt !== null)).toBe(true);
  // What opens again is told again, and its end, too.
  await notify(system.around, incident, 'opened');
  expect(notices(system)).toHaveLength(6);
});

test('what is milder, a run by hand and a rehearsal tell nobody', async () => {
  const system = await console();
  const id = await declared(system, 'P1');
  await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada' });
  for (const origin of ['manual', 'scheduled', 'rehearsal'] as const) {
    const incident = { ...outage, id: `${origin}-0000`, origin };
    await system.around.store.incidents.create(incident);
    await notify(system.around, incident, 'opened');
  }
  expect(notices(system)).toEqual([]);
});

test('an incident that a storm’s page lists tells nobody beside it', async () => {
  const system = await console();
  await system.around.store.incidents.create({ ...outage, storm: { since: outage.openedAt, listed: true } });
  await notify(system.around, outage, 'opened');
  expect(notices(system)).toEqual([]);
});

test('a topic that takes nothing stops nobody: the operators have it', async () => {
  const system = await console();
  const { topics } = system.around;
  const publish: typeof topics.publish = async (topic, ...text) => {
    if (topic.includes('team')) throw new Error('gone');
    return topics.publish(topic, ...text);
  };
  await system.around.store.incidents.create(outage);
  await notify({ ...system.around, topics: { ...topics, publish } }, outage, 'opened');
  expect(notices(system)).toEqual(['stakeholders: Update: P0 SIRA: Application down']);
  expect(system.subjects().some((subject) => subject.includes('not reached'))).toBe(true);
});

test('no telephone rings for a notice', async () => {
  const system = await console();
  const { topics } = system.around;
  const rang: string[] = [];
  const publish: typeof topics.publish = async (topic, subject, message, short) => {
    if (short !== null) rang.push(subject);
    return topics.publish(topic, subject, message, short);
  };
  await system.around.store.incidents.create(outage);
  await notify({ ...system.around, topics: { ...topics, publish } }, outage, 'opened');
  expect(notices(system)).toHaveLength(2);
  expect(rang).toEqual([]);
});

test('beginnings and ends take turns, and the severity decides the beginning alone', () => {
  const update = { to: 'team', severities: ['P0'] };
  const page = (about: string) => ({ rung: NOTICE, role: 'team', about });
  const next = (kind: 'opened' | 'resolved', severity: string, ...abouts: string[]) =>
    nextNotice(abouts.map(page), { severity }, update, kind);
  expect(next('opened', 'P0')).toBe(0);
  expect(next('opened', 'P1')).toBeUndefined();
  expect(next('resolved', 'P0')).toBeUndefined();
  expect(next('opened', 'P0', 'opened-0')).toBeUndefined();
  expect(next('resolved', 'P2', 'opened-0')).toBe(0);
  expect(next('opened', 'P0', 'opened-0', 'resolved-0')).toBe(1);
  expect(next('resolved', 'P0', 'opened-0', 'resolved-0', 'opened-1')).toBe(1);
});

test('a notice is for people who do not operate it: no host, no log, no alarm’s name, and no promise that nobody made', () => {
  for (const text of [
    noticeText('opened', { ...material, incident: outage, impact: 'Measured at 03:15 UTC: 40 % of requests fail.' }),
    noticeText('resolved', { ...material, incident: over, withDraft: true }),
    noticeText('opened', { ...material, incident: { ...outage, title: 'APIDown' }, again: true }),
  ]) {
    expect(`${text.subject}\n${text.message}`).not.toMatch(/sira-prod-1|sira_backend_prod|APIDown|update at|within/);
    expect(text.subject.length).toBeLessThan(100);
  }
  const { message } = noticeText('opened', {
    ...material,
    incident: outage,
    impact: 'Measured at 03:15 UTC: 40 % of requests fail.',
  });
  expect(message.split('\n').slice(0, 5)).toEqual([
    'SIRA has a problem since 2026-10-04 03:14 UTC: Application down.',
    'It is taken for P0: The application is completely down, a data breach, a corrupt database.',
    'Measured at 03:15 UTC: 40 % of requests fail.',
    'The prepared procedure for it is at work, and engineers are called where it does not help. You hear again when it is over.',
    '',
  ]);
});

test('the text for the status page is a draft, and says so in the stakeholders’ mail and on the incident’s page', async () => {
  expect(statusDraft(outage, sira)[0]).toBe('Investigating - SIRA');
  const taken: Incident = {
    ...outage,
    status: 'acknowledged',
    acknowledgedAt: outage.openedAt,
    acknowledgedBy: automation,
    resolvedAt: null,
  };
  expect(statusDraft(taken, sira)[0]).toBe('Identified - SIRA');
  expect(statusDraft(over, sira).join(' ')).toContain('between 2026-10-04 03:14 UTC and 2026-10-04 03:31 UTC is over');
  const system = await console();
  const id = await declared(system, 'P0');
  const mails = system.aws.inbox();
  expect(mails.find(({ role }) => role === 'stakeholders')?.message).toContain(
    'Draft for the status page. Nobody has published it',
  );
  expect(mails.find(({ role }) => role === 'team')?.message).not.toContain('Draft');
  expect((await system.get(`/incidents/${id}`)).text).toContain('Text for the status page');
  const mild = await declared(system, 'P2');
  expect((await system.get(`/incidents/${mild}`)).text).not.toContain('Text for the status page');
});

test('each update of a system goes to a role of its own, for severities of its own', () => {
  for (const { updates = [], roles, severities } of registry.systems)
    for (const update of updates) {
      expect(roles.map(({ name }) => name)).toContain(update.to);
      for (const severity of update.severities) expect(severities.map(({ name }) => name)).toContain(severity);
    }
});

test('what somebody died over is told by the auditor, of what is open and of what is over, once and not too late', async () => {
  const system = await console();
  const { around, clock } = system;
  const round = () => clock.during(watch(around)());
  // Written down, and then it is over with whoever was to send it.
  const people = instead(around.store.people, async (call, own) => {
    const written = await own();
    if (call === 'due') throw new Error('died');
    return written;
  });
  const dying = { ...around, store: { ...around.store, people } };
  const id = await declared(system, 'P0');
  const { status, resolvedAt, resolvedBy, resolution } = { ...over, resolvedAt: iso(clock.now()) };
  const ended = around.store.incidents.change(id, (one) => ({ ...one, status, resolvedAt, resolvedBy, resolution }) as Incident);
  await clock.during(notify(dying, await clock.during(ended), 'resolved'));
  expect(notices(system), 'nobody was reached').toHaveLength(2);
  expect((await round()).mended, 'whoever resolved it may be at it').toEqual([]);
  await pass(system, 61_000);
  expect((await round()).mended).toHaveLength(2);
  expect(notices(system).slice(2)).toEqual([expect.stringMatching(/: Over: /), expect.stringMatching(/: Over: /)]);
  expect((await round()).mended, 'once').toEqual([]);

  const quiet = incidentRecord('NOBODYTOLD00', { severity: 'P0', origin: 'declared', openedAt: iso(clock.now()) });
  await clock.during(around.store.incidents.create(quiet));
  await pass(system, 61_000);
  expect((await round()).mended.filter((one) => one.startsWith('told'))).toEqual([
    'told team and stakeholders of NOBODYTOLD00, of which they had not been told',
  ]);
  expect((await round()).mended.filter((one) => one.startsWith('told'))).toEqual([]);
});
