import { describe, expect, it } from 'vitest';
import { broken, mannerOf, type Recommendations, spoken, told, whose } from '../../../runbooks/sira/recommendations.ts';
import slowRecommendations from '../../../runbooks/sira/slow-recommendations.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

type Service = Recommendations['mistral'];
const answers = (...list: [status: number, tookMs: number, error?: string][]) =>
  list.map(([status, tookMs, error = '']) => ({ status, tookMs, error }));
const asked = (status: number, tookMs = 80, more: Partial<Service> = {}): Service => ({
  url: 'https://api.mistral.ai/v1/models',
  withKey: true,
  whyNot: '',
  answers: answers([status, tookMs], [status, tookMs], [status, tookMs]),
  ...more,
});
const WHY = "this host's role may not read /sira/mistral-api-key";
const withoutKey = (status: number, tookMs = 80) => asked(status, tookMs, { withKey: false, whyNot: WHY });
const silent = asked(0, 10_000, {
  answers: answers([0, 10_000, 'timed out'], [0, 10_000, 'timed out'], [0, 10_000, 'timed out']),
});

const NONE = { count: 0, median: null, p95: null, most: null };
const outside = (more: object) => ({ service: 'mistral', errors: 3, timeouts: 0, keyRefused: 0, quota: 0, ...more });
function log(more: Partial<Recommendations['log']> = {}, errors: Partial<Recommendations['log']['errors']> = {}) {
  const none = {
    readable: true,
    why: '',
    lines: 90,
    errors: 0,
    database: 0,
    otherServices: 0,
    authentication: 0,
    invalidInput: 0,
  };
  return {
    seconds: { count: 90, median: 7.9, p95: 9.1, most: 9.6 },
    services: [],
    errors: { ...none, outside: [], exceptions: [], ...errors },
    ...more,
  };
}
const page = (says: Recommendations['pages']['pages'][number]['says'], description = '') => ({
  pages: [{ url: 'https://status.pinecone.io/api/v2/status.json', says, description }],
});
const facts = (more: Partial<Recommendations> = {}): Recommendations => ({
  ...{ mistral: asked(200), pinecone: asked(200), pages: page('well'), log: log() },
  ...more,
});

describe('how a service answers', () => {
  it.each([
    [asked(200), 'well'],
    [asked(200, 2_400), 'slow'],
    [asked(503), 'failing'],
    [asked(429), 'quota'],
    [asked(401), 'key refused'],
    [asked(403), 'key refused'],
    [withoutKey(401), 'reachable'],
    [withoutKey(401, 3_000), 'slow'],
    [withoutKey(503), 'failing'],
    [silent, 'silent'],
    [asked(404), 'odd'],
    [asked(302), 'odd'],
  ] as const)('%o is %s', (service, manner) => {
    expect(mannerOf(service)).toBe(manner);
  });

  it('one bad answer of three is an accident', () => {
    expect(mannerOf(asked(0, 0, { answers: answers([200, 90], [503, 90], [200, 95]) }))).toBe('well');
    expect(mannerOf(asked(0, 0, { answers: answers([200, 90], [200, 9_000], [200, 95]) }))).toBe('well');
    expect(mannerOf(asked(0, 0, { answers: answers([503, 90], [503, 90], [200, 95]) }))).toBe('failing');
  });

  it('is said in a sentence', () => {
    expect(spoken('Mistral', asked(200))).toBe('Mistral answers well, in 80 ms');
    expect(spoken('Mistral', silent)).toBe('Mistral does not answer this host (timed out)');
    expect(spoken('Mistral', withoutKey(401))).toBe(`Mistral answers in 80 ms, but could not be asked with our key: ${WHY}`);
  });
});

describe('it is theirs', () => {
  it.each([
    ['no answer', { mistral: silent }],
    ['5xx', { pinecone: asked(503) }],
    ['slow', { mistral: asked(200, 6_800) }],
    ['used up', { mistral: asked(429) }],
    ['slow, even where the key could not be tried', { mistral: withoutKey(401, 6_800) }],
    ['a status page that says so', { pages: page('degraded', 'Elevated latency') }],
    ['timeouts in our log', { log: log({}, { outside: [outside({ timeouts: 3 })] }) }],
    [
      'most of the time spent with it',
      { log: log({ services: [{ service: 'mistral', seconds: { count: 90, median: 7, p95: 8, most: 9 } }] }) },
    ],
  ])('%s', (_, more) => {
    expect(whose(facts(more)).whose).toBe('theirs');
  });
});

describe('it is ours', () => {
  it('where they answer well and fast, with how long it takes', () => {
    expect(whose(facts())).toEqual({
      whose: 'ours',
      why: [
        'Mistral answers well, in 80 ms',
        'Pinecone answers well, in 80 ms',
        'recommendations take 7.9 s, and one of twenty over 9.1 s',
      ],
    });
    expect(whose(facts({ log: log({ seconds: NONE }) })).why.at(-1)).toBe('the log does not say how long recommendations take');
    const unread = log({ seconds: NONE }, { readable: false, why: 'there is no such container' });
    expect(whose(facts({ log: unread })).why.at(-1)).toContain('no such container');
  });

  it('where they refuse our key, whoever else is ill, or our log says so', () => {
    const both = whose(facts({ mistral: asked(401), pinecone: asked(503) }));
    expect([both.whose, both.why]).toEqual(['ours', ['Mistral refuses our key (401)', 'Pinecone answers 503']]);
    const logged = facts({ mistral: withoutKey(401), log: log({}, { outside: [outside({ keyRefused: 5 })] }) });
    expect(whose(logged).whose).toBe('ours');
  });
});

describe('nobody can tell', () => {
  it.each([
    ['neither answers this host', { mistral: silent, pinecone: silent }],
    ['the key could not be tried, and they answer fast', { mistral: withoutKey(401) }],
    ['an address is wrong', { mistral: asked(404) }],
    ['the key could not be tried, and the status page cannot be read', { mistral: withoutKey(401), pages: page('unknown') }],
  ])('%s', (_, more) => {
    expect(whose(facts(more)).whose).toBe('unknown');
  });

  it('by two failed calls, or a maintenance that is announced', () => {
    expect(whose(facts({ log: log({}, { outside: [outside({ timeouts: 2 })] }), pages: page('maintenance') })).whose).toBe(
      'ours',
    );
  });
});

it('a person is told whose it is, why, how slow, and what the status pages say', () => {
  expect(told(facts({ mistral: asked(200, 6_800), pages: page('degraded', 'Elevated latency') })).split('\n')).toEqual([
    expect.stringContaining('It is theirs'),
    '- Mistral takes 6.8 s for a simple question',
    'Recommendations of the last minutes: 90, median 7.9 s, slowest 9.6 s.',
    'the status page status.pinecone.io says degraded: Elevated latency.',
  ]);
});

it('slow is P3; recommendations that cannot work are worse', () => {
  const settings = SiraSettings.parse({});
  const severity = (more: Partial<Recommendations>) => slowRecommendations.escalate.asBadAs({ ...facts(more) }, {}, settings);
  expect(severity({})).toBeUndefined();
  expect(severity({ mistral: asked(200, 6_800) })).toBeUndefined();
  for (const mistral of [silent, asked(503), asked(429), asked(401)]) expect(severity({ mistral })).toBe('P2');
  expect(broken(facts({ mistral: withoutKey(401) }))).toBe(false);
});
