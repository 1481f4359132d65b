import { describe, expect, it } from 'vitest';
import { type Deed, people, replay, stage } from './replaying.ts';

const ack = (at: number): Deed => ({ at, does: 'acknowledge' });
const resolve = (at: number): Deed => ({ at, does: 'resolve' });
/** A round of pages, and the same again so many times, each so many minutes later. */
const rounds = (times: number, every: number, ...round: [number, string][]) =>
  Array.from({ length: times }, (_, n) => n)
    .flatMap((n) => round.map(([at, who]) => [at + n * every, who, n] as const))
    .toSorted((a, b) => a[0] - b[0] || a[2] - b[2])
    .map(([at, who]) => `${at} ${who}`);
const WORKDAY = '2026-11-04T10:00:00Z';

describe('SIRA, to the second', () => {
  it('P0: the on-call engineer at once, the lead after 15 minutes, the CTO after 30; again and again, and then the operators', async () => {
    const system = await stage({ at: WORKDAY });
    const [nobody, before, between, behind, late] = await replay(
      system,
      'sira',
      [
        { severity: 'P0' },
        { severity: 'P0', deeds: [ack(1), resolve(50)] },
        { severity: 'P0', deeds: [ack(20), resolve(70)] },
        { severity: 'P0', deeds: [ack(40), resolve(90)] },
        { severity: 'P0', deeds: [ack(5), resolve(87)] },
      ],
      400,
    );
    expect(nobody).toEqual([...rounds(5, 30, [0, 'oncall'], [15, 'lead'], [30, 'cto']), '150 operators']);
    expect(before).toEqual(['0 oncall']);
    expect(between).toEqual(['0 oncall', '15 lead']);
    expect(behind).toEqual(['0 oncall', '15 lead', '30 cto', '30 oncall']);
    // Acknowledged for an hour, and not resolved: everybody is asked anew.
    expect(late).toEqual(['0 oncall', '65 oncall', '80 lead']);
  });

  it('P1: the engineer and the lead, the CTO where nobody has it within the hour', async () => {
    const system = await stage({ at: WORKDAY });
    const [nobody, had, late] = await replay(
      system,
      'sira',
      [
        { severity: 'P1' },
        { severity: 'P1', deeds: [ack(30), resolve(100)] },
        { severity: 'P1', deeds: [ack(70), resolve(140)] },
      ],
      700,
    );
    expect(nobody).toEqual([...rounds(4, 60, [0, 'oncall'], [0, 'lead'], [60, 'cto']), '240 operators']);
    // The lead is told once, whoever has it; and again only where nobody had it within the hour.
    expect(had).toEqual(['0 oncall', '0 lead']);
    expect(late).toEqual(['0 oncall', '0 lead', '60 cto', '60 oncall', '60 lead']);
  });

  it('P2: a ticket for the team, which is one however often it is asked; the lead after four hours', async () => {
    const system = await stage({ at: WORKDAY });
    const [nobody, had] = await replay(
      system,
      'sira',
      [{ severity: 'P2' }, { severity: 'P2', deeds: [ack(100), resolve(200)] }],
      900,
    );
    expect(nobody).toEqual([...rounds(3, 240, [0, 'ticket (oncall)'], [240, 'lead']), '720 operators']);
    expect(had).toEqual(['0 ticket (oncall)']);
    expect(system.aws.tickets().map(({ Status }) => Status)).toEqual(['Open', 'Resolved']);
  });
});

describe('Save-It.AI, to the second', () => {
  it('SEV1: lead, manager, and the VP where users feel it, until it is resolved', async () => {
    const system = await stage({ at: WORKDAY });
    system.simulation.switchOn('saveit-hung');
    const felt = await replay(
      system,
      'saveit',
      [{ severity: 'SEV1' }, { severity: 'SEV1', deeds: [ack(5), resolve(50)] }, { severity: 'SEV1', deeds: [resolve(20)] }],
      400,
    );
    const round: [number, string][] = [
      [0, 'oncall'],
      [15, 'oncall'],
      [30, 'lead'],
      [45, 'manager'],
      [60, 'vp'],
    ];
    expect(felt[0]).toEqual([...rounds(5, 60, ...round), '300 operators']);
    expect(felt[1]).toEqual(['0 oncall', '30 lead', '45 manager']);
    expect(felt[2]).toEqual(['0 oncall', '15 oncall']);
  });

  it('SEV1 that nobody feels leaves the VP alone', async () => {
    const system = await stage({ at: WORKDAY });
    const [quiet] = await replay(system, 'saveit', [{ severity: 'SEV1', deeds: [resolve(75)] }], 80);
    expect(quiet).toEqual(['0 oncall', '15 oncall', '30 lead', '45 manager', '60 oncall']);
  });

  it('SEV2 and SEV3: the lead after 30 minutes without a resolution, the manager for SEV2 alone', async () => {
    const system = await stage({ at: WORKDAY });
    const [two, had, three, spared] = await replay(
      system,
      'saveit',
      [
        { severity: 'SEV2' },
        { severity: 'SEV2', deeds: [ack(10), resolve(65)] },
        { severity: 'SEV3' },
        { severity: 'SEV3', deeds: [ack(40), resolve(130)] },
      ],
      500,
    );
    expect(two).toEqual([...rounds(5, 60, [0, 'oncall'], [30, 'lead'], [60, 'manager']), '300 operators']);
    expect(had).toEqual(['0 oncall', '30 lead', '60 manager']);
    expect(three).toEqual([...rounds(3, 120, [0, 'oncall'], [30, 'lead'], [120, 'lead']), '360 operators']);
    expect(spared).toEqual(['0 oncall', '30 lead']);
  });
});

const berlin = {
  timeZone: 'Europe/Berlin',
  from: '09:00',
  days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
  holidays: ['2026-12-25'],
};
const during = (of: 'sira' | 'saveit') => ({ ...people, [of]: { ...people[of], businessHours: berlin } });
const DAY = 24 * 60;

describe('the next business day', () => {
  it.each([
    ['on a Friday evening', '2026-11-06T17:00:00Z', 63 * 60],
    ['over a holiday: Thursday before Christmas to Monday', '2026-12-24T17:00:00Z', (3 * 24 + 15) * 60],
    ['over the night in which clocks go back: an hour more', '2026-10-23T17:00:00Z', 63 * 60],
    ['over the night in which clocks go forward: an hour less', '2027-03-26T17:00:00Z', 62 * 60],
  ])('%s', async (_name, at, minutes) => {
    const system = await stage({ at, people: during('sira') });
    const [p3, had] = await replay(
      system,
      'sira',
      [{ severity: 'P3' }, { severity: 'P3', deeds: [ack(minutes + 60), resolve(minutes + 90)] }],
      minutes + DAY - 60,
      'It is broken',
      0,
    );
    expect(p3).toEqual([`${minutes} oncall`, `${minutes + 480} lead`]);
    // Nobody is sent two mails in one second.
    expect(had).toEqual([`${(minutes * 60 + 1) / 60} oncall`]);
  });

  it('SEV4: the lead half an hour after the day has begun, and whoever acknowledges at night sleeps on', async () => {
    const system = await stage({ at: '2026-11-06T17:00:00Z', people: during('saveit') });
    const monday = 63 * 60;
    const [asked, had] = await replay(
      system,
      'saveit',
      [{ severity: 'SEV4' }, { severity: 'SEV4', deeds: [ack(10), resolve(20)] }],
      monday + 60,
      'It is broken',
      0,
    );
    expect(asked).toEqual([`${monday} oncall`, `${monday + 30} lead`]);
    expect(had).toEqual([]);
  });
});

describe('whoever is on call', () => {
  const rotation = (members: (object | null)[]) => ({
    ...people,
    sira: {
      contacts: {
        ...people.sira?.contacts,
        oncall: { timeZone: 'Europe/Berlin', handover: { every: 'day', at: '11:20' }, since: '2026-11-02', members },
      },
    },
  });
  const [ada, grace] = [
    { name: 'ada', email: 'ada@example.com' },
    { name: 'grace', email: 'grace@example.com' },
  ];

  it('is who has the role when the rung is due: over a handover, the next', async () => {
    // The turn of the fourth begins at 11:20 in Berlin, which is 10:20 UTC.
    const system = await stage({ at: WORKDAY, people: rotation([ada, grace]) });
    const [pages] = await replay(system, 'sira', [{ severity: 'P0', deeds: [resolve(40)] }], 60);
    expect(pages).toEqual(['0 grace', '15 lead', '30 cto', '30 ada']);
  });

  it('is nobody, where the rotation says so: that is written down, and the next rung is paged at once', async () => {
    const system = await stage({ at: '2026-11-05T12:00:00Z', people: rotation([ada, null]) });
    const [pages] = await replay(system, 'sira', [{ severity: 'P0', deeds: [resolve(10)] }], 20);
    expect(pages).toEqual(['0 nobody (oncall)', '0 lead']);
  });
});
