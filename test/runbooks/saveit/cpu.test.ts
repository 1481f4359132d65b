import { describe, expect, it } from 'vitest';
import { againstMore, type Busy, calmAgain, raiseForCpu, sayCpu, scaleForCpu, tellCpu } from '../../../runbooks/saveit/cpu.ts';
import { atItsMost, autoscaler, container, memory, PODS, rolled, scaled, settings, unmeasured, used } from './backend-facts.ts';

const p = { nearPercent: 90 };
const busy = (name: string) => container(name, { cpuMillicores: 990, cpuPercent: 99 });
const all = used(...PODS.map(busy));
const facts = (more: Partial<Busy> = {}): Busy => {
  const { logs: _, ...rest } = memory();
  return { ...rest, usage: all, ...more };
};

describe('more pods for processors', () => {
  it('are needed where most of them are at their limit', () => {
    expect(scaleForCpu(facts(), p, settings)).toEqual({
      needed: true,
      why: 'b-1 990m of 1000m (99 %), b-2 990m of 1000m (99 %), b-3 990m of 1000m (99 %): 5 pods instead of 3 share it',
    });
    expect(scaleForCpu(facts({ usage: used(busy('b-1'), busy('b-2')) }), p, settings).needed).toBe(true);
  });
  it.each([
    ['nobody is', { usage: used() }, 'no pod is at its limit'],
    ['one alone is', { usage: used(busy('b-1')) }, '1 of 3 pods are at their limit'],
    ['nobody knows', { usage: unmeasured('absent') }, 'not known'],
    [
      'nobody has a limit',
      { usage: used(...PODS.map((name) => container(name, { cpuLimitMillicores: null, cpuPercent: null }))) },
      'no pod has a limit',
    ],
    ['somebody has paused it', { deployment: rolled({ paused: true }) }, 'paused'],
  ])('are not where %s', (_, ill, why) => {
    expect(againstMore(facts(ill), p)).toContain(why);
    expect(scaleForCpu(facts(ill), p, settings).needed).toBe(false);
  });
  it('are the autoscaler’s to make, which is given room where it has none', () => {
    const full = facts({ scaling: scaled(10, [atItsMost()]) });
    expect(scaleForCpu(full, p, settings).needed).toBe(false);
    expect(raiseForCpu(full, p, settings)).toMatchObject({ needed: true, why: expect.stringContaining('may make 3 to 15 pods') });
    // It has measured by itself, where nobody else could.
    expect(raiseForCpu({ ...full, usage: unmeasured('absent') }, p, settings).needed).toBe(true);
    expect(raiseForCpu(facts({ scaling: scaled(3, [autoscaler()]) }), p, settings)).toMatchObject({
      needed: false,
      why: expect.stringContaining('it has room'),
    });
    expect(raiseForCpu(facts({ scaling: scaled(10, [atItsMost({ ownedBy: 'KEDA (s)' })]) }), p, settings)).toMatchObject({
      needed: false,
      why: expect.stringContaining('belongs to KEDA (s)'),
    });
  });
});

describe('processors to spare', () => {
  const well = facts({ usage: used() });
  it('are there when no pod is at its limit', () => expect(calmAgain(well, p)).toBe(true));
  it.each([
    ['a pod is', { usage: used(busy('b-1')) }],
    ['all are, and nothing scales them', {}],
    ['all are, and the autoscaler has no room', { scaling: scaled(10, [atItsMost()]) }],
    ['all are, and it is KEDA’s', { scaling: scaled(3, [autoscaler({ ownedBy: 'KEDA (s)' })]) }],
    ['metrics are absent', { usage: unmeasured('absent') }],
    [
      'nobody has a limit',
      { usage: used(...PODS.map((name) => container(name, { cpuLimitMillicores: null, cpuPercent: null }))) },
    ],
  ])('are not when %s', (_, ill) => expect(calmAgain(facts(ill), p)).toEqual(expect.any(String)));
  it.each([
    ['the autoscaler is at it', { scaling: scaled(5, [autoscaler({ current: 5, desired: 7 })]) }],
    ['metrics are not ready', { usage: unmeasured('not-ready') }],
    ['a new pod is not measured', { usage: used(container('b-1', { cpuPercent: null, cpuMillicores: null })) }],
    ['pods are missing', { deployment: rolled({ available: 2 }) }],
  ])('are not yet when %s', (_, ill) => expect(calmAgain(facts(ill), p)).toHaveProperty('notYet'));
});

describe('what is told', () => {
  it('names what each pod uses, and why no more was done', () => {
    expect(sayCpu(unmeasured('absent'))).toBe('usage is not known: the cluster answered no');
    expect(tellCpu(facts({ scaling: scaled(10, [atItsMost({ ownedBy: 'Flux (apps)' })]) }), p, settings)).toContain(
      'More pods: saveit-backend-hpa belongs to Flux (apps)',
    );
    expect(tellCpu(facts({ usage: used(busy('b-1')) }), p, settings)).toContain('it is not shared');
  });
});
