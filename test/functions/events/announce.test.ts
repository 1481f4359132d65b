import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { NotTaken } from '../../../functions/aws/events.ts';
import { announce } from '../../../functions/events/announce.ts';
import { automation } from '../../../functions/incident/actor.ts';
import { DOMAIN_EVENTS, schemaFile } from '../../../functions/incident/domain-event.ts';
import { opened } from '../../../functions/incident/incident.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import { log } from '../../../functions/log.ts';
import type { BusEvent } from '../../../local/aws/monitoring/bus.ts';
import { console } from '../console/console.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/events');
const AT = '2026-10-04T12:00:00.000Z';
const incident = opened({
  id: '7Q2M9VXKT4B1',
  system: 'sira',
  alert: 'APIDown',
  target: '<!channel>',
  runbook: null,
  title: 'Application down',
  severity: 'P0',
  origin: 'signal',
  openedAt: AT,
  openedBy: automation,
});
const raised: TimelineEvent = { v: 1, type: 'severity-raised', at: AT, key: 'severity-P0', by: automation, from: 'P1', to: 'P0' };

/** The published schema of an event, read from its file: what a consumer has. */
function published(detailType: string): z.ZodType {
  const text = readFileSync(join(FOLDER, schemaFile({ detailType })), 'utf8');
  return z.fromJSONSchema(JSON.parse(text));
}

const types = (events: readonly BusEvent[]) => events.map((event) => event['detail-type']);

test('an incident’s transitions go onto the bus, each as its published schema says, and nothing else does', async () => {
  const system = await console();
  const id = await system.untilItAsks();
  await system.post(`/api/incidents/${id}/acknowledge`, { by: 'Ada' });
  await system.post(`/api/incidents/${id}/snooze`, { by: 'Ada', minutes: 30 });
  await system.post(`/api/incidents/${id}/severity`, { by: 'Ada', severity: 'P2', reason: 'nobody feels it' });
  await system.post(`/api/incidents/${id}/hand-over`, { by: 'Ada', to: 'dba', reason: 'damaged pages' });
  await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada', reason: 'mended by hand' });
  const events = system.aws.domainEvents();
  const ways = ['Incident Acknowledged', 'Incident Snoozed', 'Severity Lowered', 'Incident Handed Over', 'Incident Resolved'];
  for (const type of ['Incident Opened', 'Run Started', ...ways]) expect(types(events)).toContain(type);
  for (const event of events) {
    expect(event).toMatchObject({ source: 'firebreak', detail: { version: 1, deployment: 'firebreak', incident: { id } } });
    published(event['detail-type']).parse(event.detail);
  }
  expect(events.at(-1)?.detail).toMatchObject({
    how: 'mended by hand',
    by: { name: 'Ada', kind: 'person', verified: false },
    incident: { status: 'resolved', url: `${system.url}/incidents/${id}` },
  });
  const timeline = await system.around.store.incidents.timeline(id);
  const told = timeline.filter(({ type }) => DOMAIN_EVENTS.some((kind) => kind.type === type && type !== 'page-sent'));
  // What is told again has the same id: quiet is an acknowledgement, too, and she had it already.
  const ids = events
    .filter((event) => event['detail-type'] !== 'Page Sent')
    .map(({ detail }) => z.object({ id: z.string() }).parse(detail).id);
  expect(new Set(ids).size).toBe(told.length);
});

test('what is announced again has the same id; twelve events are two calls', async () => {
  const system = await console();
  const twelve = Array.from({ length: 12 }, (_, n) => ({ ...raised, key: `severity-${n}` }));
  await announce(system.around, incident, ...twelve);
  await announce(system.around, incident, ...twelve);
  const ids = system.aws.domainEvents().map(({ detail }) => z.object({ id: z.string() }).parse(detail).id);
  expect(ids).toHaveLength(24);
  expect(new Set(ids).size).toBe(12);
});

test('what an alarm says is no command of a chat', async () => {
  const system = await console();
  await announce(system.around, incident, raised);
  const [event] = system.aws.domainEvents();
  const { summary } = z.object({ summary: z.string() }).parse(event?.detail);
  expect(summary).toContain('P0 sira: Application down on ‹!channel›: raised from P1 to P0');
  expect(summary).not.toMatch(/[<>]/);
});

test('a bus that takes nothing is logged and counted, and stops nobody', async () => {
  const system = await console();
  const said = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const put = vi.fn(async () => {
    throw new NotTaken(1, 'InternalFailure: later');
  });
  await announce({ ...system.around, events: { put } }, incident, raised);
  expect(put).toHaveBeenCalledOnce();
  expect(said.mock.calls).toMatchObject([[expect.any(String), { EventsLost: 1, Deployment: 'firebreak', _aws: {} }]]);
  said.mockRestore();
});

test('each kind of event has its schema, and its page names it', () => {
  const page = readFileSync(join(FOLDER, '../events.md'), 'utf8');
  for (const kind of DOMAIN_EVENTS) {
    expect(page).toContain(`\`${kind.detailType}\``);
    expect(page).toContain(`(events/${schemaFile(kind)})`);
    // A field more is no fault: consumers must not break when one is added.
    expect(JSON.parse(readFileSync(join(FOLDER, schemaFile(kind)), 'utf8'))).not.toHaveProperty('additionalProperties');
  }
});
