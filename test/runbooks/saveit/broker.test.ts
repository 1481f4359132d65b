import { describe, expect, it } from 'vitest';
import { type BrokerFacts, closed, holds, replace, restartAll, sayPorts, told } from '../../../runbooks/saveit/broker.ts';
import { pod, rolled, seen } from './backend-facts.ts';

type Port = BrokerFacts['ports']['pods'][number];

const port = (name: string, is: Port['port'], more: Partial<Port> = {}): Port => ({
  ...{ pod: name, port: is, said: '', ready: true, ageSeconds: 7_200, ...more },
});
const ports = (...pods: Port[]): BrokerFacts['ports'] => ({ pods, count: pods.length });
const many = (of: number, shut: number) =>
  ports(...Array.from({ length: of }, (_, at) => port(`b-${at + 1}`, at < shut ? 'closed' : 'open')));
/** So many messages of devices a second come now, and came an hour before. */
const messages = (now: number, before = 36): BrokerFacts['devices'] => ({
  ...{ unasked: '', now: { state: 'known', value: now }, before: { state: 'known', value: before } },
});
const NONE = { state: 'no data' } as const;
const LOST = { state: 'unknown', why: 'ECONNREFUSED' } as const;
const NO_NC = { said: 'sh: nc: not found' };
const YOUNG = { ageSeconds: 119 };

/** The port is closed in one pod of three; a test says what is otherwise. */
function facts(more: Partial<BrokerFacts> = {}): BrokerFacts {
  return { ports: many(3, 1), devices: messages(36), pods: seen(), deployment: rolled(), ...more };
}
const all = facts({ ports: many(3, 3) });
const needed = (why: string) => ({ needed: true, why: expect.stringContaining(why) });
const not = (why: string) => ({ needed: false, why: expect.stringContaining(why) });

describe('pods whose port is closed', () => {
  it.each<[string, BrokerFacts, string]>([
    ['others are open', facts(), 'closed in 1 of 3 pods (b-1)'],
    ['nobody knows of the others', facts({ ports: ports(port('b-1', 'closed'), port('b-2', 'unknown', NO_NC)) }), '1 of 2'],
    ['others are starting', facts({ ports: ports(port('b-1', 'closed'), port('b-2', 'closed', YOUNG)) }), '1 of 2 pods (b-1)'],
    ['ten of fifteen are', facts({ ports: many(15, 10) }), '10 of 15'],
  ])('are made new where %s', (_, given, why) => {
    expect(replace(given)).toEqual(needed(why));
    expect(restartAll(given)).toEqual(not('not closed in every pod'));
  });

  it.each<[string, BrokerFacts, string]>([
    ['all are', all, 'closed in 3 of 3 pods'],
    ['more are than can be made new one by one', facts({ ports: many(15, 11) }), 'closed in 11 of 15 pods'],
    ['all that were asked are', facts({ ports: { ...many(15, 15), count: 20 } }), 'closed in 15 of 20 pods'],
  ])('have the backend restarted where %s', (_, given, why) => {
    expect(restartAll(given)).toEqual(needed(why));
    expect(replace(given)).toEqual(not('all are restarted'));
  });

  it('are those that had their time, also since they were started again', () => {
    const ended = (lastEndSecondsAgo: number) => seen(pod('b-1', { restarts: 1, lastEnd: 'OOMKilled', lastEndSecondsAgo }));
    const names = (given: BrokerFacts) => closed(given).map((one) => one.pod);
    expect(names(facts({ ports: ports(port('b-1', 'closed', { ageSeconds: 120 })) }))).toEqual(['b-1']);
    expect(names(facts({ ports: ports(port('b-1', 'closed', YOUNG)) }))).toEqual([]);
    expect(names(facts({ pods: ended(120) }))).toEqual(['b-1']);
    expect(names(facts({ pods: ended(119) }))).toEqual([]);
    expect(names(facts({ ports: ports(port('b-1', 'silent'), port('b-2', 'unknown')) }))).toEqual([]);
  });
});

describe('nothing is made new', () => {
  it.each<[string, BrokerFacts, string]>([
    ['the port is open everywhere', facts({ ports: many(3, 0) }), 'open in every pod'],
    ['the backend has no pods', facts({ ports: ports() }), 'has no pods'],
    ['it is just starting', facts({ ports: ports(port('b-1', 'closed', YOUNG), port('b-2', 'open')) }), 'just starting (b-1)'],
    ['it was started again by itself', facts({ pods: seen(pod('b-1', { lastEndSecondsAgo: 5 })) }), 'just starting (b-1)'],
    ['nobody can look', facts({ ports: ports(port('b-1', 'unknown', NO_NC), port('b-2', 'open')) }), 'in b-1: sh: nc: not found'],
    ['there is no answer in time', facts({ ports: ports(port('b-1', 'silent')) }), 'in b-1: no answer in time'],
    ['it is paused', facts({ deployment: rolled({ paused: true }) }), 'is paused'],
    ['it is switched off', { ...all, deployment: rolled({ replicas: 0 }) }, 'switched it off'],
    ['an image cannot be had', facts({ pods: seen(pod('b-3', { standing: 'ImagePullBackOff' })) }), 'cannot have its image'],
    ['a configuration does not fit', { ...all, pods: seen(pod('b-3', { standing: 'CreateContainerError' })) }, 'does not fit'],
    ['no node has room', facts({ pods: seen(pod('b-3', { standing: 'Pending', waitsFor: '0/2 nodes' })) }), 'no node has room'],
    ['a node is ill', { ...all, pods: { ...seen(), illNodes: ['n-1 is not ready'] } }, 'new pods would not help'],
  ])('where %s', (_, given, why) => {
    for (const reason of [replace, restartAll]) expect(reason(given)).toEqual(not(why));
  });
});

describe('well again', () => {
  it.each<[string, Partial<BrokerFacts>, unknown]>([
    ['the port is open in every pod', { ports: many(3, 0) }, true],
    ['a pod is missing', { ports: many(2, 0), deployment: rolled({ available: 2 }) }, { notYet: '2 of 3 pods are available' }],
    [
      'the rollout goes on',
      { deployment: rolled({ underWay: true, sign: '1 of 3 pods are new', available: 2 }) },
      { notYet: '1 of 3 pods are new' },
    ],
    ['a new pod is starting', { ports: ports(port('b-1', 'closed', YOUNG), port('b-2', 'open')) }, { notYet: 'starting: b-1' }],
    ['it is closed still', {}, 'open: b-2, b-3; closed: b-1'],
    ['it is closed beside a new pod', { ports: ports(port('b-1', 'closed'), port('b-2', 'closed', YOUNG)) }, 'closed: b-1, b-2'],
    ['nobody can look', { ports: ports(port('b-1', 'unknown', NO_NC)) }, 'unknown: b-1 (sh: nc: not found)'],
    ['there are no pods', { ports: ports() }, 'the backend has no pods'],
  ])('or not: %s', (_, more, finding) => {
    expect(holds(facts(more))).toEqual(finding);
  });

  const silent = (why: string) => ({ notYet: `the port is open in every pod, and devices do not report as before: ${why}` });
  it.each<[string, BrokerFacts['devices'], unknown]>([
    ['stay silent', messages(0), silent('0/s, and 36/s an hour ago')],
    ['of one pod are still away', messages(24), silent('24/s, and 36/s an hour ago')],
    ['are not known of', { unasked: '', now: LOST, before: LOST }, silent('how many there are is unknown: ECONNREFUSED')],
    ['report again', messages(35), true],
    ['are not counted by the backend', { unasked: '', now: NONE, before: NONE }, true],
    ['are not asked for', { unasked: 'no query for it is configured', now: NONE, before: NONE }, true],
  ])('where the port is open and devices %s', (_, devices, finding) => {
    expect(holds(facts({ ports: many(3, 0), devices }))).toEqual(finding);
    expect(holds(facts({ devices }))).toBe('open: b-2, b-3; closed: b-1');
  });
});

describe('a person', () => {
  it('is told of each pod', () => {
    const each = ports(port('b-1', 'open'), port('b-2', 'closed'), port('b-3', 'silent'), port('b-4', 'unknown', NO_NC));
    expect(sayPorts(each)).toBe('open: b-1; closed: b-2; silent: b-3; unknown: b-4 (sh: nc: not found)');
    expect(sayPorts(ports(port('b-1', 'silent', { said: 'timed out' })))).toBe('silent: b-1 (timed out)');
    expect(sayPorts(ports())).toBe('the backend has no pods');
  });
  it('is told why there is no restart, or no further one', () => {
    expect(told(facts({ ports: many(2, 0) })).split('\n')).toEqual([
      'Port of the broker: open: b-1, b-2.',
      'Messages of devices, when the ports were looked at: 36/s (an hour ago 36/s).',
      'No restart now: the port of the broker is open in every pod.',
      expect.stringContaining('Devices'),
    ]);
    expect(told(all)).not.toContain('No restart now');
  });
});
