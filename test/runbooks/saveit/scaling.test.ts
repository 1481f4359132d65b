import { describe, expect, it } from 'vitest';
import { raising, restoring, sayRaised, sayScaled, scaling, scalingBack } from '../../../runbooks/saveit/more-pods.ts';
import {
  anothersDecision,
  atLeast,
  freeConnections,
  goesBackAt,
  higherMost,
  morePods,
  noConnections,
  sayScaling,
} from '../../../runbooks/saveit/scaling.ts';
import { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import { atItsMost, autoscaler, connected, scaled, settings } from './backend-facts.ts';

const facts = (of: ReturnType<typeof scaled>, sessions = connected()) => ({ scaling: of, sessions });
const scale = (more: object) => SaveitSettings.parse({ scale: { ...settings.scale, ...more } });

describe('connections that the application may still have', () => {
  it('are what the server keeps for nobody, and no more than its role may have', () => {
    expect(freeConnections(connected(20))).toBe(77);
    expect(freeConnections(connected(20, { roleMost: 30 }))).toBe(10);
    expect(freeConnections(connected(99))).toBe(0);
  });
  it('are not known where the database was not heard', () =>
    expect(freeConnections(connected(0, { reach: 'refused', words: 'connection refused' }))).toBeNull());

  it('must be enough for what pods take, and ten for everybody else', () => {
    const full = (clients: number) => noConnections(2, { sessions: connected(clients) }, settings.scale);
    expect(full(77)).toBeUndefined();
    expect(full(78)).toBe('the database has 19 connections left: too few for 2 more pods, which take 10');
    const silent = connected(0, { reach: 'refused', words: 'connection refused' });
    expect(noConnections(2, { sessions: silent }, settings.scale)).toContain('is not known: connection refused');
    expect(noConnections(2, { sessions: silent }, { ...settings.scale, connectionsPerPod: 0 })).toBeUndefined();
  });
});

describe('how many pods a deployment is to have that nothing else scales', () => {
  it('is what the page says, or as many as there are', () => {
    expect(morePods(facts(scaled(3)), settings)).toEqual({ to: 5 });
    expect(morePods(facts(scaled(5)), settings)).toEqual({ not: 'there are 5 pods already, and automation goes to 5' });
    expect(morePods(facts(scaled(8)), settings)).toEqual({ not: 'there are 8 pods already, and automation goes to 5' });
  });
  it('is never above the ceiling, and never lower than it was', () => {
    expect(morePods(facts(scaled(3)), scale({ ceiling: 4 }))).toEqual({ to: 4 });
    expect(morePods(facts(scaled(6)), scale({ ceiling: 4 }))).toHaveProperty('not');
  });
  it('needs connections of the database', () =>
    expect(morePods(facts(scaled(3), connected(95)), settings)).toEqual({
      not: 'the database has 2 connections left: too few for 2 more pods, which take 10',
    }));
  it('is not ours where an autoscaler decides, or somebody owns the deployment', () => {
    expect(morePods(facts(scaled(3, [autoscaler()])), settings)).toHaveProperty(
      'not',
      expect.stringContaining('saveit-backend-hpa decides'),
    );
    expect(morePods(facts(scaled(3, [], 'Argo CD (saveit)')), settings)).toHaveProperty(
      'not',
      expect.stringContaining('belongs to Argo CD (saveit)'),
    );
  });
});

describe('whose decision it is', () => {
  it.each([
    [
      'KEDA owns the autoscaler',
      scaled(3, [autoscaler({ ownedBy: 'KEDA (saveit)' })]),
      'saveit-backend-hpa belongs to KEDA (saveit)',
    ],
    ['Flux owns the deployment', scaled(3, [], 'Flux (apps)'), 'the deployment belongs to Flux (apps)'],
    [
      'two autoscalers',
      scaled(3, [autoscaler(), autoscaler({ name: 'other' })]),
      'saveit-backend-hpa and other scale one deployment',
    ],
    [
      'an autoscaler that the settings do not name',
      scaled(3, [autoscaler({ name: 'other' })]),
      'the settings name saveit-backend-hpa',
    ],
  ])('%s: a person’s', (_, of, why) => expect(anothersDecision(of, settings)).toContain(why));
  it('is ours where nobody else decides, and through the autoscaler where only the template is Argo’s', () => {
    expect(anothersDecision(scaled(3), settings)).toBeUndefined();
    expect(anothersDecision(scaled(3, [autoscaler()], 'Argo CD (saveit)'), settings)).toBeUndefined();
  });
});

describe('the least of an autoscaler', () => {
  it('is raised to what the page scales to, and the most with it', () => {
    expect(atLeast(facts(scaled(3, [autoscaler()])), settings)).toEqual({ to: { min: 5, max: 10 } });
    expect(atLeast(facts(scaled(3, [autoscaler({ max: 4 })])), settings)).toEqual({ to: { min: 5, max: 5 } });
  });
  it('is not raised where there are as many, or the database has no room, or there is none', () => {
    expect(atLeast(facts(scaled(6, [autoscaler()])), settings)).toHaveProperty('not', expect.stringContaining('has made 6 pods'));
    expect(atLeast(facts(scaled(3, [autoscaler()]), connected(90)), settings)).toHaveProperty('not');
    expect(atLeast(facts(scaled(3)), settings)).toEqual({ not: 'no autoscaler scales the deployment' });
  });
});

describe('the most of an autoscaler', () => {
  it('is raised where it is reached and more is wanted', () => {
    expect(higherMost(facts(scaled(10, [atItsMost()])), settings)).toEqual({ to: { min: 3, max: 15 } });
    const told = atItsMost({ atMost: false });
    expect(higherMost(facts(scaled(10, [told])), settings)).toEqual({ to: { min: 3, max: 15 } });
  });
  it.each([
    ['there is room', scaled(4, [autoscaler({ current: 4, desired: 4 })]), 'it has room, and decides itself'],
    ['it is content', scaled(10, [atItsMost({ atMost: false, cpuPercent: 82 })]), 'it has room, and decides itself'],
    ['it may make as many already', scaled(20, [atItsMost({ current: 20, desired: 20, max: 20 })]), 'automation goes to 15'],
  ])('is left where %s', (_, of, why) =>
    expect(higherMost(facts(of), settings)).toHaveProperty('not', expect.stringContaining(why)),
  );
  it('is never above the ceiling, nor beyond the database’s connections', () => {
    expect(higherMost(facts(scaled(10, [atItsMost()])), scale({ ceiling: 12 }))).toEqual({ to: { min: 3, max: 12 } });
    expect(higherMost(facts(scaled(10, [atItsMost()]), connected(70)), settings)).toHaveProperty(
      'not',
      expect.stringContaining('5 more pods'),
    );
  });
  it('is no help to one that is blind: it is told the least', () => {
    const blind = autoscaler({ blind: 'FailedGetResourceMetric: none' });
    expect(higherMost(facts(scaled(3, [blind])), settings)).toEqual({ to: { min: 5, max: 10 } });
    expect(higherMost(facts(scaled(5, [blind])), settings)).toHaveProperty('not', expect.stringContaining('can not decide'));
  });
});

describe('what the steps are given, and say', () => {
  it('is what was decided by the same facts', () => {
    const given = scaling(facts(scaled(3)), settings);
    expect(given).toEqual({ deployment: 'saveit-backend', selector: settings.backend.selector, from: 3, to: 5, generation: 4 });
    expect(scalingBack(facts(scaled(3)), settings)).toEqual({ deployment: 'saveit-backend', set: 5, former: 3 });
    expect(() => scaling(facts(scaled(5)), settings)).toThrow('5 pods already');
    const of = facts(scaled(10, [atItsMost()]));
    expect(raising(of, settings, higherMost(of, settings))).toMatchObject({ fromMin: 3, fromMax: 10, toMin: 3, toMax: 15 });
    expect(restoring(settings, higherMost(of, settings))).toEqual({
      autoscaler: 'saveit-backend-hpa',
      askedMin: 3,
      askedMax: 15,
    });
  });
  it('names the time at which it goes back', () => {
    const at = '2026-10-04T23:14:20.000Z';
    expect(goesBackAt(at, 2)).toBe('01:14 UTC');
    expect(sayScaled({ deployment: 'saveit-backend', from: 3, to: 5, at, tookSeconds: 90 })).toBe(
      '5 pods instead of 3, until 01:14 UTC',
    );
    const raised = { autoscaler: 'a', from: { min: 3, max: 10 }, to: { min: 3, max: 12 }, pods: 12, at, tookSeconds: 90 };
    expect(sayRaised({ ...raised, short: 'no node has room' })).toBe(
      '3 to 12 pods instead of 3 to 10, until 01:14 UTC; there are 12, and no node has room',
    );
  });
  it('tells who decides', () => {
    expect(sayScaling(scaled(3))).toBe('3 pods, and no autoscaler');
    expect(sayScaling(scaled(10, [atItsMost({ ownedBy: 'KEDA (s)' })], 'Flux (apps)'))).toBe(
      'saveit-backend-hpa: 10 of 3 to 10 pods, wants 10, 166 % of the CPU that they request, belongs to KEDA (s); the deployment belongs to Flux (apps)',
    );
  });
});
