import { expect, it } from 'vitest';
import type { Store } from '../../../functions/aws/table/store.ts';
import { acknowledge } from '../../../functions/console/commands/acknowledge.ts';
import { declare } from '../../../functions/console/commands/declare.ts';
import { deliver } from '../../../functions/escalate/deliver.ts';
import { idFrom } from '../../../functions/incident/ids.ts';
import { Climb } from '../../../functions/incident/incident.ts';
import type { Page } from '../../../functions/incident/records.ts';
import type { Whole } from '../../local/whole.ts';
import { incident as incidentRecord, page as pageRecord } from '../aws/table/records.ts';
import { deadly } from '../links/instead.ts';
import { stage } from './replaying.ts';

const WORKDAY = '2026-11-04T10:00:00Z';
const oncall = { id: 'oncall', name: 'oncall' };
const lead = { id: 'lead', name: 'lead' };
const SENDS = { owner: 'one', until: '2026-11-04T10:01:00.000Z' };

/** Incidents that are open, each with a page that is no rung of a ladder. */
async function paged(system: Whole, ...severities: string[]) {
  const found = [];
  for (const [n, severity] of severities.entries()) {
    const id = idFrom('pace', String(n));
    const incident = incidentRecord(id, { severity, title: `Broken ${n}` });
    await system.clock.during(system.around.store.incidents.create(incident));
    const text = {
      subject: `${severity} SIRA: Broken ${n}`,
      message: `Broken ${n}\nPlease take it\nAcknowledge: <link: acknowledge>\nall of it`,
    };
    found.push({ incident, page: pageRecord({ rung: 97, contact: oncall, dueAt: system.clock.now().toISOString(), ...text }) });
  }
  return found;
}

/** Sends them all at once. */
async function sendAll(system: Whole, them: Awaited<ReturnType<typeof paged>>, store: Store = system.around.store) {
  let done = false;
  const all = them.map(({ incident, page }, n) => deliver({ ...system.around, store }, incident, [page], `sender-${n}`));
  const ended = Promise.all(all).then((delivered) => {
    done = true;
    return delivered.flat();
  });
  await system.until(() => done);
  return ended;
}
const inbox = (system: Whole) =>
  system.aws.inbox().map(({ contact, subject, message, at }) => ({ contact, subject, message, at }));
const isSent = async (system: Whole, id: string) =>
  (await system.around.store.people.pages(id)).every(({ sentAt }) => sentAt !== null);

it('three pages for one person at once are one mail, and a second later one digest, the worst first, each with its own link', async () => {
  const system = await stage({ at: WORKDAY });
  const them = await paged(system, 'P2', 'P1', 'P0');
  const delivered = await sendAll(system, them);
  expect(delivered.filter((how) => how === 'sent')).toHaveLength(2);
  const [first, digest, ...more] = inbox(system);
  expect(more).toEqual([]);
  expect(Date.parse(digest?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(1_000);
  const held = them.filter(({ page }) => page.subject !== first?.subject);
  const worst = held.map(({ incident }) => incident.severity).toSorted()[0];
  const lines = digest?.message.split('\n') ?? [];
  expect(digest?.subject).toBe(`2 incidents of SIRA, the worst ${worst}`);
  expect(lines[0]).toBe(`2 incidents of SIRA, the worst ${worst}: 2 pages in one mail.`);
  for (const { page } of held) {
    expect(lines).toContain(page.subject);
    expect(lines).toContain(`  ${page.message.split('\n')[0]}`);
  }
  expect(lines.findIndex((line) => line.startsWith(`${worst} SIRA`))).toBe(3);
  const links = lines.filter((line) => /^ {2}Acknowledge: http.*\/l\/[\w-]{43}$/.test(line));
  expect(new Set(links).size).toBe(2);
  expect(digest?.message).not.toContain('all of it');
  expect(digest?.message).not.toContain('repeat');
  for (const { incident } of them) {
    expect(await isSent(system, incident.id)).toBe(true);
    const events = await system.around.store.incidents.timeline(incident.id);
    const told = events.filter((event) => event.type === 'page-sent');
    expect(told).toHaveLength(1);
    expect(told[0]?.together).toBe(held.some((one) => one.incident.id === incident.id) ? 2 : undefined);
  }
});

it('two rungs of one climb in one second are one page: the later, whole, and both are behind it', async () => {
  const system = await stage({ at: WORKDAY });
  const [first, mine] = await paged(system, 'P1', 'P0');
  if (!first || !mine) throw new Error('nobody is paged');
  const { incident, page } = mine;
  const rung = (n: number, name: string): Page => ({ ...page, rung: n, rungs: [name], message: `${page.message} by ${name}` });
  const climb = { generation: page.generation, since: page.dueAt, why: 'opened', attempt: 1 };
  const at = Climb.parse(climb);
  await system.clock.during(system.around.store.incidents.change(incident.id, (before) => ({ ...before, ladder: at })));
  const both = [first, { incident, page: rung(0, 'early') }, { incident, page: rung(1, 'late') }];
  await sendAll(system, both);
  const [, second, ...more] = inbox(system);
  expect(more).toEqual([]);
  expect(second).toMatchObject({ subject: page.subject, message: expect.stringContaining('all of it by late') });
  expect(second?.message).not.toContain('early');
  expect(await isSent(system, incident.id)).toBe(true);
});

it('two people do not hold each other up', async () => {
  const system = await stage({ at: WORKDAY });
  const [one, other] = await paged(system, 'P1', 'P1');
  if (!one || !other) throw new Error('nobody is paged');
  const page: Page = { ...other.page, contact: lead, role: 'lead' };
  await sendAll(system, [one, { ...other, page }]);
  expect(new Set(inbox(system).map(({ at }) => at)).size).toBe(1);
  expect(
    inbox(system)
      .map(({ contact }) => contact)
      .toSorted(),
  ).toEqual(['lead@example.com', 'oncall@example.com']);
});

it('an acknowledgement in that second keeps the page from going out', async () => {
  const system = await stage({ at: WORKDAY });
  const declared = [];
  for (const n of [0, 1]) {
    const given = { by: 'Ada', system: 'sira', severity: 'P0', title: `Broken ${n}` };
    declared.push(await system.clock.during(declare(system.around)(given, `pace-${n}`)));
  }
  const mine = () => inbox(system).filter(({ contact }) => contact === 'oncall@example.com');
  await system.until(() => mine().length === 1);
  const late = declared.find(({ title }) => !mine()[0]?.subject.includes(title));
  if (!late) throw new Error('both were paged at once');
  await system.until(async () => (await system.around.store.people.pages(late.id)).length > 0);
  await system.clock.during(acknowledge(system.around)(late.id, { by: 'Grace' }));
  let over = false;
  void system.clock.sleep(180_000).then(() => {
    over = true;
  });
  await system.until(() => over);
  expect(mine()).toHaveLength(1);
});

it('whoever dies while a page waits, or as it is sent in a digest, leaves it to the next look, which says so only where it may be a repeat', async () => {
  for (const when of ['before', 'after'] as const)
    for (let call = 1; call <= 14; call += 1) {
      const system = await stage({ at: WORKDAY });
      const them = await paged(system, 'P0', 'P1', 'P1');
      const [first, dying, other] = them;
      if (!first || !dying || !other) throw new Error('nobody is paged');
      await sendAll(system, [first]);
      const { store, died } = deadly(system.around.store, call, when);
      let ended = false;
      const end = () => {
        ended = true;
      };
      void Promise.race([deliver({ ...system.around, store }, dying.incident, [dying.page], 'dies'), died]).then(end);
      let rest = false;
      void deliver(system.around, other.incident, [other.page], 'lives').then(() => {
        rest = true;
      });
      await system.until(() => ended && rest);
      let passed = false;
      void system.clock.sleep(61_000).then(() => {
        passed = true;
      });
      await system.until(() => passed);
      // As the next look does: what was written down and not sent.
      for (const { incident, page } of [dying, other]) {
        let looked = false;
        void deliver(system.around, incident, [{ ...page, sending: SENDS }], 'next').then(() => {
          looked = true;
        });
        await system.until(() => looked);
      }
      const where = `died ${when} call ${call}`;
      for (const { incident, page } of them) {
        expect(await isSent(system, incident.id), where).toBe(true);
        const came = inbox(system).filter(({ message }) => message.includes(page.message.split('\n')[0] ?? ''));
        expect(came.length, where).toBeGreaterThanOrEqual(1);
        if (came.length > 1) expect(came.at(-1)?.message, where).toContain('may be a repeat');
      }
      await system.close();
    }
}, 600_000);
