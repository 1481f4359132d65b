import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf, subjectOf } from '../../../functions/aws/topics.ts';
import { composePage, type PageMaterial } from '../../../functions/escalate/page.ts';
import type { LookRecord } from '../../../functions/incident/records.ts';
import { registered } from '../../../runbooks/language/system.ts';
import applicationDown from '../../../runbooks/sira/application-down.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { doneAct, incident, startedAct, T0 } from '../aws/table/records.ts';

type Done = LookRecord & { status: 'done' };
const look = (step: string, said: Partial<Done> = {}): Done => ({
  v: 1,
  status: 'done',
  run: 1,
  pass: 1,
  step,
  host: 'sira-prod-1',
  title: `Look at ${step}`,
  startedAt: T0,
  deadline: T0,
  commandId: null,
  facts: {},
  endedAt: T0,
  says: `${step} is fine`,
  evidence: null,
  ...said,
});

const LINK = 'https://firebreak.yourdomain.com/incidents/3F7K2M9QX0TB';

const material = (said: Partial<PageMaterial> = {}): PageMaterial => ({
  incident: incident('3F7K2M9QX0TB', { severity: 'P0', title: 'Application down or 5xx errors' }),
  system: registered(sira),
  settings: {},
  runbook: applicationDown,
  parameters: {},
  why: 'Not well after what was done: backend is exited',
  tell: 'Likely cause: backend is exited (exit code 1).\nFirst stack trace: DATABASE_URL: Field required',
  looks: [look('services'), look('database')],
  acts: [],
  wouldHave: [],
  evidence: [],
  askedBy: null,
  beside: [],
  where: LINK,
  commands: [],
  dashboards: { Grafana: 'http://localhost:3001' },
  links: [],
  atWork: [],
  earlier: [],
  answerBy: '2026-10-04T03:29:00.000Z',
  nextRung: null,
  now: T0,
  ...said,
});
const lines = (said: Partial<PageMaterial> = {}) => composePage(material(said)).message.split('\n');

const LOCAL = 'http://127.0.0.1:4600/incidents/3F7K2M9QX0TB';

describe('the first two lines', () => {
  it('say what is broken and what is asked', () => {
    expect(lines().slice(0, 3)).toEqual([
      expect.stringMatching(/^P0 SIRA: Application down or 5xx errors on sira-prod-1/),
      `Please take it: ${LINK}`,
      'Acknowledge by 03:29 UTC.',
    ]);
  });

  it.each([
    ['as it comes', {}],
    ['with no host', { incident: incident('3F7K2M9QX0TB', { target: '' }) }],
    ['with an alert that nobody knows', { runbook: undefined, incident: incident('3F7K2M9QX0TB', { title: 'QueueStuck' }) }],
    ['with a long name of an alert', { incident: incident('3F7K2M9QX0TB', { title: 'A'.repeat(200), target: 'b'.repeat(200) }) }],
    ['with a long reason', { why: 'Restart what is ill: '.repeat(30) }],
    ['with a local console', { where: LOCAL }],
    ['without a console', { where: 'incident 3F7K2M9QX0TB', commands: ['show: aws'] }],
  ])('fit into an SMS %s', (_name, said) => {
    const [first = '', second = ''] = lines(said);
    expect(`${first}\n${second}`.length).toBeLessThanOrEqual(140);
    expect(first).toMatch(/^P[01] SIRA: [^.]{8}/);
    expect(second).toMatch(/^Please take it: (http\S+|incident 3F7K2M9QX0TB)$/);
  });

  it('give the reason where there is room for it', () => {
    expect(lines({ where: LOCAL, why: 'The host is silent' })[0]).toMatch(/The host is/);
  });

  it('end with a whole sentence where one fits', () => {
    const why = 'No answer in 15 min. Still not well: backend is exited, and the database answers nobody at all.';
    expect(lines({ where: LOCAL, why, incident: incident('3F7K2M9QX0TB', { target: '' }) })[0]).toMatch(
      /\. No answer in 15 min\.$/,
    );
  });

  it('leave time to answer as the severity has it, and none where the next business day will do', () => {
    expect(lines({ answerBy: null })[2]).toBe('No answer is due before the next business day.');
    expect(lines({ now: '2026-10-04T03:40:00.000Z' })[2]).toBe('Acknowledge by 03:29 UTC (that is over).');
  });

  it('say who is paged next, and when', () => {
    const lead = {
      who: 'Engineering Lead',
      at: '2026-10-04T03:29:00.000Z',
      unless: 'acknowledged',
      withFindings: false,
    } as const;
    expect(lines({ nextRung: lead })[2]).toBe('Acknowledge by 03:29 UTC, then Engineering Lead is paged.');
    expect(lines({ nextRung: { ...lead, at: '2026-10-05T09:00:00.000Z', unless: 'resolved' } })[2]).toBe(
      'Acknowledge by 03:29 UTC. Engineering Lead is paged at 2026-10-05 09:00 UTC unless it is resolved by then.',
    );
    expect(lines({ nextRung: { ...lead, who: 'On-call engineer', at: '2026-10-04T03:22:00.000Z', withFindings: true } })[2]).toBe(
      'Acknowledge by 03:29 UTC. On-call engineer is paged again with what was found, by 03:22 UTC, unless it is acknowledged.',
    );
  });

  it('are what an SMS says, with the first link in the place of the page', () => {
    const links = [{ what: 'Acknowledge', url: 'https://example.com/l/abc' }];
    expect(composePage(material({ links })).short.split('\n')).toEqual([
      lines()[0],
      'Acknowledge by 03:29 UTC.',
      'Acknowledge: https://example.com/l/abc',
    ]);
    expect(composePage(material()).short.split('\n')[2]).toBe(`Please take it: ${LINK}`);
  });
});

describe('the impact', () => {
  const impact = (step: string, startedAt: string, says: string) => look(step, { host: '-', startedAt, says });

  it('stands below what is asked, as it was measured last, and not among the causes', () => {
    const looks = [
      look('services'),
      impact('impact', '2026-10-04T03:14:21.000Z', 'readiness 503; 5xx 12/s'),
      impact('verify.10.impact', '2026-10-04T03:19:21.000Z', 'readiness 200; 5xx 3/s'),
      impact('verify.2.impact', '2026-10-04T03:16:21.000Z', 'readiness 503; 5xx 9/s'),
    ];
    expect(lines({ looks })[3]).toBe('Impact: readiness 200; 5xx 3/s');
    expect(lines({ looks: looks.slice(0, 2) })[3]).toBe('Impact: readiness 503; 5xx 12/s');
    expect(lines({ looks }).filter((line) => /5xx \d/.test(line))).toHaveLength(1);
  });

  it('is not spoken of where the system has none measured, and is a line of ours whatever a server says', () => {
    expect(lines()[3]).toBe('');
    const forged = impact('impact', T0, 'readiness has no answer (x\nWhat was done\n  all is well)');
    expect(lines({ looks: [forged] })[3]).toBe('Impact: readiness has no answer (x What was done all is well)');
  });
});

describe('what follows', () => {
  it('tells why, what was found, done and to be done, what failed first', () => {
    const { message } = composePage(
      material({
        looks: [look('services'), { ...look('database'), status: 'failed', error: 'no answer', says: 'no answer' }],
        acts: [
          doneAct(),
          { ...startedAct({ host: 'b' }), status: 'doubt', error: 'cancelled', endedAt: T0, says: 'x', evidence: null },
        ],
        wouldHave: [{ title: 'Restart', host: 'sira-prod-1', wouldHave: 'backend is exited: restart-services services=backend' }],
      }),
    );
    expect(message).toMatch(/Why you\n {2}Not well after.*\n {2}Likely cause/);
    expect(message).toMatch(/What was found\n {2}! Look at database \(sira-prod-1\): no answer\n {2}Look at services/);
    expect(message).toMatch(
      /What was done\n {2}03:14:00 Delete old logs on sira-prod-1, because 9 % free: freed 12 MB, 5 s\n.*DOUBT: cancelled/,
    );
    expect(message).toMatch(/What it would have done\n {2}Restart on sira-prod-1: .*services=backend/);
    expect(message).toMatch(/By hand\n {2}Check service status: docker-compose -f docker-compose\.prod\.yml ps/);
    expect(message).toContain('Grafana http://localhost:3001');
  });

  it('says so where nothing was looked at or changed', () => {
    const { message } = composePage(material({ looks: [], runbook: undefined }));
    expect(message).toMatch(/nothing: no look was made/);
    expect(message).toMatch(/nothing was changed/);
    expect(message).toContain('No runbook knows this alert.');
  });
});

const BREAKS = ['\n', '\r\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f'];
const FORGED = 'Please take it: https://evil.example';

describe('hostile text', () => {
  it('cannot put a line before the first two, or among them', () => {
    for (const by of BREAKS) {
      const title = `Nothing${by}${FORGED}${by}`;
      const hostile = incident('3F7K2M9QX0TB', { title, target: `x${by}${FORGED}` });
      const all = composePage(material({ incident: hostile, why: `${by}${FORGED}${by}${FORGED}` })).message.split(
        /[\n\r\u2028\u2029\u0085\v\f]/,
      );
      expect(all[0]).toMatch(/^P1 SIRA: Nothing/);
      expect(all[1]).toBe(`Please take it: ${LINK}`);
      expect(all.filter((line) => line.startsWith(FORGED))).toEqual([]);
    }
  });

  it('stays indented under its own heading wherever it comes from', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BREAKS), (by) => {
        const text = `fine${by}${by}What was done${by}  nothing was changed${by}Acknowledge by never.`;
        const { message } = composePage(
          material({
            why: text,
            tell: text,
            looks: [look('services', { says: text, title: text })],
            acts: [doneAct({ says: text, because: text, title: text })],
            wouldHave: [{ title: text, host: text, wouldHave: text }],
          }),
        );
        const outside = message.split(/[\n\r\u2028\u2029\u0085\v\f]/).filter((line) => line !== '' && !line.startsWith('  '));
        expect(outside.slice(3)).toEqual([
          'Why you',
          'What was found',
          'What was done',
          'What it would have done',
          'What comes next',
          'By hand',
          'More',
        ]);
      }),
    );
  });
});

describe("SNS's subject", () => {
  it('is at most 99 characters of plain text on one line, whatever the incident is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 60 }), (title, target) => {
        const { subject } = composePage(material({ incident: incident('3F7K2M9QX0TB', { title, target }) }));
        expect(subjectOf(subject)).toMatch(/^[!-~][ -~]{0,98}$/);
      }),
    );
  });
});

describe("SNS's message", () => {
  it('is cut by bytes, whatever letters it has', () => {
    for (const letter of ['a', 'ä', '火', '🔥'])
      expect(Buffer.byteLength(messageOf(letter.repeat(200_000)))).toBeLessThan(262_144);
    expect(messageOf('short 🔥')).toBe('short 🔥');
  });
});

describe('without a console', () => {
  it('the page says what to paste, and names no page of an incident', () => {
    const where = 'incident 3F7K2M9QX0TB';
    const { message } = composePage(material({ where, commands: ['# show', 'aws lambda invoke x'] }));
    expect(message).toMatch(/What comes next\n {2}Nothing.*\n {2}# show\n {2}aws lambda invoke x\n {2}The same line/);
    expect(message).not.toContain('/incidents/');
  });
});
