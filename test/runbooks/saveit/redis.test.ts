import { describe, expect, it } from 'vitest';
import {
  holds,
  keepsItsData,
  lost,
  MEANWHILE,
  type RedisFacts,
  restart,
  restartKeeping,
  restartLosing,
  told,
} from '../../../runbooks/saveit/redis.ts';
import { pod, rolled } from './backend-facts.ts';

type Answer = RedisFacts['ping']['answers'][number]['answer'];
type Pods = RedisFacts['pods'];

const asked = (...answers: Answer[]): RedisFacts['ping'] => ({
  answers: answers.map((answer, at) => ({ pod: `b-${at + 1}`, answer, said: answer === 'pong' ? 'PONG' : '' })),
});
const seen = (...pods: Pods['pods']): Pods => ({ pods, count: pods.length, illNodes: [] });
const redis = (more: Partial<Pods['pods'][number]> = {}) => pod('redis-1', more);
const KEPT: RedisFacts['persistence'] = { pods: 1, claims: ['redis-data'], writes: 'yes' };
const UNKEPT: RedisFacts['persistence'] = { pods: 1, claims: [], writes: 'unknown' };

/** Two pods get no answer, and nothing speaks against a restart, which would lose nothing; a test says what does. */
function facts(more: Partial<RedisFacts> = {}): RedisFacts {
  const deployment = rolled({ replicas: 1, available: 1 });
  return { ping: asked('refused', 'refused'), pods: seen(redis()), persistence: KEPT, deployment, ...more };
}

describe('a restart of Redis', () => {
  it.each<[string, RedisFacts, string]>([
    ['two pods are refused', facts(), 'b-1: refused; b-2: refused'],
    ['two pods hear nothing', facts({ ping: asked('silent', 'silent') }), 'b-1: silent; b-2: silent'],
    ['one is refused and one hears nothing', facts({ ping: asked('refused', 'silent') }), 'b-2: silent'],
    ['it has not been ready for long', facts({ pods: seen(redis({ ready: false, ageSeconds: 120 })) }), 'refused'],
    ['it is young, ready, and yet answers nobody', facts({ pods: seen(redis({ ageSeconds: 30 })) }), 'refused'],
    ['it ended once, long ago', facts({ pods: seen(redis({ ready: false, lastEndSecondsAgo: 120 })) }), 'refused'],
  ])('is needed where %s', (_, given, why) => {
    expect(restart(given)).toEqual({ needed: true, why: expect.stringContaining(why) });
  });

  it.each<[string, RedisFacts, string]>([
    ['it answers', facts({ ping: asked('pong', 'pong') }), 'Redis answers: b-1: pong; b-2: pong'],
    ['it answers one pod and not the other', facts({ ping: asked('refused', 'pong') }), 'one pod and not the other'],
    ['it answers the one that could ask', facts({ ping: asked('pong', 'unknown') }), 'Redis answers: '],
    ['it reads its data', facts({ ping: asked('refused', 'loading') }), 'begin anew'],
    ['it asks for a password', facts({ ping: asked('password', 'password') }), 'asks for a password'],
    ['it answers something else', facts({ ping: asked('odd', 'silent') }), 'not as it should'],
    ['nobody could ask', facts({ ping: asked('unknown', 'unknown') }), 'unknown whether Redis answers'],
    ['only one of two could ask', facts({ ping: asked('refused', 'unknown') }), 'unknown whether Redis answers'],
    ['only one pod runs', facts({ ping: asked('refused') }), 'only one pod could be asked from: b-1: refused'],
    ['no pod runs', facts({ ping: asked() }), 'no pod of the backend runs'],
    ['it has no pods', facts({ pods: seen() }), 'there are no pods of Redis'],
    ['it is just starting', facts({ pods: seen(redis({ ready: false, ageSeconds: 119 })) }), 'redis-1 is just starting'],
    [
      'it was started again by itself',
      facts({ pods: seen(redis({ ready: false, restarts: 1, lastEnd: 'OOMKilled', lastEndSecondsAgo: 20 })) }),
      'redis-1 is just starting',
    ],
    [
      'it ends again and again',
      facts({ pods: seen(redis({ standing: 'CrashLoopBackOff', ready: false, lastEnd: 'OOMKilled', lastEndSecondsAgo: 20 })) }),
      'again already, ending with OOMKilled',
    ],
    [
      'it ends again and again, and nobody says how',
      facts({ pods: seen(redis({ standing: 'CrashLoopBackOff', ready: false })) }),
      'ending with no reason',
    ],
    ['it is paused', facts({ deployment: rolled({ paused: true }) }), 'is paused'],
    ['it is scaled to nothing', facts({ deployment: rolled({ replicas: 0 }), pods: seen() }), 'switched it off'],
    ['its image cannot be had', facts({ pods: seen(redis({ standing: 'ErrImagePull' })) }), 'cannot have its image'],
    ['no node has room', facts({ pods: seen(redis({ standing: 'Pending', waitsFor: 'unbound claim' })) }), 'no node has room'],
    ['its node is ill', facts({ pods: { ...seen(redis()), illNodes: ['n-1 is not ready'] } }), 'the nodes are ill'],
  ])('is not where %s', (_, given, why) => {
    for (const reason of [restart, restartKeeping, restartLosing])
      expect(reason(given)).toEqual({ needed: false, why: expect.stringContaining(why) });
  });
});

describe('what a restart loses', () => {
  it.each<[string, RedisFacts['persistence'], boolean]>([
    ['on a volume, to which it writes', KEPT, true],
    // One that is down can not tell its configuration; to write to its volume is what Redis does unless it is told otherwise.
    ['on a volume, where nobody can say', { ...KEPT, writes: 'unknown' }, true],
    ['on a volume, to which it writes nothing', { ...KEPT, writes: 'no' }, false],
    ['in the pod alone, though it writes', { ...UNKEPT, writes: 'yes' }, false],
    ['nowhere', UNKEPT, false],
  ])('its data are %s', (_, persistence, kept) => {
    const given = facts({ persistence });
    expect(keepsItsData(given)).toBe(kept);
    expect([restartKeeping(given).needed, restartLosing(given).needed]).toEqual([kept, !kept]);
  });
  it('has the one act say why it is the other', () => {
    expect(restartLosing(facts()).why).toContain('needs nobody');
    expect(restartKeeping(facts({ persistence: UNKEPT })).why).toContain('a person is asked');
  });
  it('is named to the one who is asked', () => {
    expect(lost(facts({ persistence: UNKEPT }))).toEqual([
      'everything in Redis: its pods have no volume that outlives them, and its configuration could not be read',
      expect.stringContaining('rate limits'),
      expect.stringContaining('the cache'),
    ]);
    const [everything] = lost(facts({ persistence: { pods: 1, claims: ['a', 'b'], writes: 'no' } }));
    expect(everything).toBe('everything in Redis: it writes nothing to a, b');
  });
});

describe('well again', () => {
  it.each<[string, Partial<RedisFacts>, unknown]>([
    ['both hear it', { ping: asked('pong', 'pong') }, true],
    ['an old pod is going', { ping: asked('pong'), pods: seen(redis({ standing: 'Terminating', ready: false })) }, true],
    ['a pod has done its work', { ping: asked('pong'), pods: seen(redis({ standing: 'Completed', ready: false })) }, true],
    [
      'a pod is not ready',
      { ping: asked('pong'), pods: seen(redis({ ready: false })) },
      { notYet: 'redis-1 is Running and not ready' },
    ],
    ['it reads its data', { ping: asked('loading', 'pong') }, { notYet: expect.stringContaining('reading its data') }],
    ['one hears nothing', { ping: asked('pong', 'silent') }, 'b-1: pong; b-2: silent'],
    ['nobody can ask', { ping: asked('unknown') }, 'b-1: unknown'],
    ['no pod runs', { ping: asked() }, 'no pod of the backend runs that could be asked from'],
  ])('or not: %s', (_, more, finding) => {
    expect(holds(facts(more))).toEqual(finding);
  });
});

describe('a person', () => {
  it('is told why, what users feel meanwhile, and what is kept', () => {
    expect(told(facts({ ping: asked('pong', 'pong') })).split('\n')).toEqual([
      'Redis answers: b-1: pong; b-2: pong.',
      `${MEANWHILE}.`,
      'It is kept over a restart: on redis-data (it writes to disk: yes).',
    ]);
    const said = { pod: 'b-1', answer: 'unknown' as const, said: 'sh: redis-cli: not found' };
    const unknown = facts({ ping: { answers: [said] }, persistence: UNKEPT });
    expect(told(unknown)).toContain('Unknown whether Redis answers: b-1: unknown (sh: redis-cli: not found).');
    expect(told(unknown)).toContain('It is kept over a restart: nothing (it writes to disk: unknown).');
  });
});
