import { describe, expect, it } from 'vitest';
import {
  clear,
  memoryAgain,
  raiseForMemory,
  sayMemory,
  scaleForMemory,
  severalKilled,
  shortness,
  tellMemory,
} from '../../../runbooks/saveit/memory.ts';
import {
  autoscaler,
  connected,
  container,
  memory,
  pod,
  rolled,
  scaled,
  seen,
  settings,
  unmeasured,
  used,
} from './backend-facts.ts';

const p = { nearPercent: 90 };
const full = (name: string, more = {}) => container(name, { memoryMb: 983, memoryPercent: 96, ...more });
const killed = (name: string, more = {}) => container(name, { oomKilledSecondsAgo: 300, runsSeconds: 300, ...more });
const short = memory({ usage: used(full('b-1')) });
const more = (facts: typeof short) => scaleForMemory(facts, p, settings);
const hpa = scaled(3, [autoscaler()]);

describe('more pods for memory', () => {
  it('are needed where one is near its limit, or was killed there', () => {
    expect(more(short)).toEqual({
      needed: true,
      why: 'b-1 983 Mi of 1024 Mi (96 %) holds nearly all that it may: 5 pods instead of 3 take it among them',
    });
    expect(more(memory({ usage: used(killed('b-1')) }))).toMatchObject({ needed: true });
    // What was killed is known without metrics.
    expect(more(memory({ usage: unmeasured('absent', killed('b-1')) }))).toMatchObject({ needed: true });
  });
  it('are not where nobody is short, or nobody knows', () => {
    expect(more(memory())).toEqual({ needed: false, why: 'no pod is short of memory' });
    expect(more(memory({ usage: unmeasured('absent') }))).toMatchObject({
      needed: false,
      why: expect.stringContaining('not known'),
    });
  });
  it.each([
    ['the deployment is paused', { deployment: rolled({ paused: true }) }, 'somebody works at it'],
    ['it is scaled to nothing', { deployment: rolled({ replicas: 0 }) }, 'somebody has switched it off'],
    [
      'an image can not be had',
      { pods: seen(pod('b-2', { standing: 'ImagePullBackOff', ready: false })) },
      'cannot have its image',
    ],
    ['a configuration does not fit', { pods: seen(pod('b-2', { standing: 'CreateContainerConfigError' })) }, 'does not fit'],
    [
      'no node has room',
      { pods: seen(pod('b-2', { standing: 'Pending', waitsFor: 'Insufficient cpu' })) },
      'no node has room for b-2',
    ],
    ['a node is ill', { pods: { ...seen(), illNodes: ['n-1 is not ready'] } }, 'the nodes are ill'],
  ])('are not where %s, and neither is a restart', (_, ill, why) => {
    const facts = { ...short, ...ill };
    for (const reason of [more(facts), clear(facts, p)]) {
      expect(reason.needed).toBe(false);
      expect(reason.why).toContain(why);
    }
  });
  it('are the autoscaler’s to make where there is one', () => {
    const facts = { ...short, scaling: hpa };
    expect(more(facts).needed).toBe(false);
    expect(raiseForMemory(facts, p, settings)).toMatchObject({ needed: true, why: expect.stringContaining('at least 5 pods') });
    expect(raiseForMemory(short, p, settings)).toEqual({ needed: false, why: 'no autoscaler scales the deployment' });
  });
  it('need connections of the database, which is asked only then', () => {
    expect(more({ ...short, sessions: connected(95) })).toMatchObject({
      needed: false,
      why: expect.stringContaining('2 connections left'),
    });
    const { sessions: _, ...unasked } = memory();
    const throwing = Object.defineProperty({ ...unasked, sessions: connected() }, 'sessions', {
      get: () => {
        throw new Error('asked');
      },
    });
    expect(more(throwing).needed).toBe(false);
    expect(() =>
      more({
        ...throwing,
        usage: short.usage,
        get sessions() {
          return throwing.sessions;
        },
      }),
    ).toThrow('asked');
  });
});

describe('a restart to clear memory', () => {
  it('is needed where a pod has been near its limit, long after its start', () =>
    expect(clear(short, p)).toEqual({ needed: true, why: 'b-1 983 Mi of 1024 Mi (96 %): it does not let go of it' }));
  it('is needed where one was killed and is as full again, or was killed again', () => {
    expect(clear(memory({ usage: used(killed('b-1', { memoryPercent: 82 })) }), p).needed).toBe(true);
    const again = seen(pod('b-1', { restarts: 2, standing: 'CrashLoopBackOff', ready: false }));
    expect(clear(memory({ usage: unmeasured('absent', killed('b-1')), pods: again }), p).needed).toBe(true);
  });
  it.each([
    ['nobody is near his limit', used(), 'no pod holds memory'],
    ['the kill itself has cleared it', used(killed('b-1')), 'no pod holds memory'],
    ['one has just begun and is full already', used(full('b-1', { runsSeconds: 120 })), 'a restart would not last'],
    ['nothing is known', unmeasured('not-ready'), 'not known'],
  ])('is not where %s', (_, usage, why) => {
    expect(clear(memory({ usage }), p)).toMatchObject({ needed: false, why: expect.stringContaining(why) });
  });
  it('is not for a new pod that is killed at once', () => {
    const facts = memory({
      usage: used(killed('b-1', { memoryPercent: 95 })),
      pods: seen(pod('b-1', { ageSeconds: 90, restarts: 3 })),
    });
    expect(clear(facts, p).needed).toBe(false);
  });
});

describe('memory again', () => {
  const well = { usage: used(), pods: seen(), deployment: rolled() };
  it('is when every pod is there and has room', () => expect(memoryAgain(well, p)).toBe(true));
  it('is when the kill is an hour’s history', () => expect(memoryAgain({ ...well, usage: used(killed('b-1')) }, p)).toBe(true));
  it.each([
    ['a pod is near its limit', { usage: used(full('b-1')) }],
    ['metrics are absent', { usage: unmeasured('absent') }],
    ['a pod crashes', { pods: seen(pod('b-1', { ready: false, restarts: 2, standing: 'CrashLoopBackOff' })) }],
    ['the rollout has given up', { deployment: rolled({ gaveUp: 'the rollout does not go on' }) }],
    ['it is paused', { deployment: rolled({ paused: true }) }],
    ['there are no pods', { deployment: rolled({ replicas: 0, available: 0 }) }],
  ])('is not when %s', (_, ill) => expect(memoryAgain({ ...well, ...ill }, p)).toEqual(expect.any(String)));
  it.each([
    ['metrics are not ready', { usage: unmeasured('not-ready') }],
    ['a pod is not measured yet', { usage: used(container('b-1', { memoryMb: null, memoryPercent: null })) }],
    ['a pod begins', { pods: seen(pod('b-1', { ready: false, standing: 'ContainerCreating' })) }],
    ['a rollout is under way', { deployment: rolled({ underWay: true, sign: '1 of 3 pods are new' }) }],
    ['fewer are available than are to be', { deployment: rolled({ available: 2 }) }],
    ['one was killed a moment ago', { usage: used(killed('b-1', { oomKilledSecondsAgo: 30 })) }],
  ])('is not yet when %s', (_, ill) => expect(memoryAgain({ ...well, ...ill }, p)).toHaveProperty('notYet'));
});

describe('what is told', () => {
  it('is worse where several were killed', () => {
    expect(severalKilled({ usage: used(killed('b-1')) })).toBe(false);
    expect(severalKilled({ usage: used(killed('b-1'), killed('b-2')) })).toBe(true);
  });
  it('names what each pod holds, and why no more was done', () => {
    expect(sayMemory(unmeasured('absent', killed('b-1')))).toBe(
      'usage is not known: the cluster answered no; 1 killed for want of memory within the hour',
    );
    expect(shortness({ usage: used(killed('b-1')) }, p)).toEqual(['b-1 was killed for want of memory 5 min ago']);
    const unlimited = container('b-3', { memoryLimitMb: null, memoryPercent: null });
    const told = tellMemory(
      memory({ usage: used(full('b-1'), unlimited), scaling: scaled(3, [autoscaler({ ownedBy: 'KEDA (s)' })]) }),
      p,
      settings,
    );
    expect(told.split('\n')).toEqual([
      'Memory: b-1 983 Mi of 1024 Mi (96 %), b-2 410 Mi of 1024 Mi (40 %), b-3 410 Mi.',
      'More pods: saveit-backend-hpa belongs to KEDA (s), which takes back what is changed here: its bounds are set there.',
      'A restart: b-1 983 Mi of 1024 Mi (96 %): it does not let go of it.',
      'Lines of the logs that speak of memory: 4.',
      'Without a limit: backend.',
    ]);
  });
});
