import type { Workload } from '../../../runbooks/saveit/left-alone.ts';
import type { Memory, Usage } from '../../../runbooks/saveit/memory.ts';
import type { Scaling, Sessions } from '../../../runbooks/saveit/scaling.ts';
import { SaveitSettings } from '../../../runbooks/saveit/system.ts';

/** Facts of a well backend of three pods, for the tests of what is decided by them. */

export const settings = SaveitSettings.parse({});
export type Container = Usage['containers'][number];
type PodFact = Workload['pods']['pods'][number];
type Autoscaler = Scaling['autoscalers'][number];

export function container(pod: string, more: Partial<Container> = {}): Container {
  return {
    ...{ pod, container: 'backend', ready: true, runsSeconds: 7_200 },
    ...{ memoryMb: 410, memoryLimitMb: 1_024, memoryPercent: 40 },
    ...{ cpuMillicores: 180, cpuLimitMillicores: 1_000, cpuPercent: 18, oomKilledSecondsAgo: null, ...more },
  };
}
export const PODS = ['b-1', 'b-2', 'b-3'];
export const used = (...containers: Container[]): Usage => ({
  ...{ metrics: 'read', why: '' },
  containers: PODS.map((pod) => containers.find((one) => one.pod === pod) ?? container(pod)),
});
export const unmeasured = (metrics: 'absent' | 'not-ready', ...containers: Container[]): Usage => ({
  metrics,
  why: 'the cluster answered no',
  containers: used(...containers).containers.map((one) => ({
    ...one,
    memoryMb: null,
    memoryPercent: null,
    cpuMillicores: null,
    cpuPercent: null,
  })),
});

export function pod(name: string, more: Partial<PodFact> = {}): PodFact {
  return {
    ...{ name, standing: 'Running', ready: true, restarts: 0, node: 'n-1', ageSeconds: 7_200 },
    ...{ waitsFor: '', lastEnd: '', lastEndSecondsAgo: null, ...more },
  };
}
export const seen = (...pods: PodFact[]): Workload['pods'] => ({
  pods: PODS.map((name) => pods.find((one) => one.name === name) ?? pod(name)),
  ...{ count: 3, illNodes: [] },
});

export function rolled(more: Partial<Workload['deployment']> = {}): Workload['deployment'] {
  return {
    ...{ underWay: false, endedSecondsAgo: null, sign: 'none', paused: false, replicas: 3, available: 3 },
    ...{ generation: 4, observedGeneration: 4, gaveUp: '', ...more },
  };
}

export function autoscaler(more: Partial<Autoscaler> = {}): Autoscaler {
  return {
    ...{ name: 'saveit-backend-hpa', min: 3, max: 10, current: 3, desired: 3, cpuPercent: 36, cpuTargetPercent: 80 },
    ...{ atMost: false, blind: '', ownedBy: '', ...more },
  };
}
export const scaled = (replicas: number, autoscalers: Autoscaler[] = [], ownedBy = ''): Scaling => ({
  deployment: { replicas, generation: 4, ownedBy },
  autoscalers,
});
export const atItsMost = (more: Partial<Autoscaler> = {}) =>
  autoscaler({ current: 10, desired: 10, cpuPercent: 166, atMost: true, ...more });

export const connected = (clients = 20, more: Partial<Sessions> = {}): Sessions => ({
  ...{ reach: 'ok', words: '', most: 100, reserved: 3, roleMost: -1, clients, application: { all: clients }, ...more },
});

export function memory(more: Partial<Memory> = {}): Memory {
  const speaksOf = { refused: 0, tooMany: 0, memory: 4, redis: 0, mqtt: 0, timeouts: 0 };
  return {
    ...{ usage: used(), pods: seen(), deployment: rolled(), scaling: scaled(3), sessions: connected() },
    logs: { pods: 3, silent: [], errors: 0, top: [], speaksOf },
    ...more,
  };
}
