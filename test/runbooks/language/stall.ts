import { z } from 'zod';
import { podState } from '../../../runbooks/cluster/pod-state.ts';
import { restartDeployment } from '../../../runbooks/cluster/restart-deployment.ts';
import { rolloutState } from '../../../runbooks/cluster/rollout-state.ts';
import { clusterCommand } from '../../../runbooks/language/cluster.ts';
import { runbook } from '../../../runbooks/language/define.ts';
import type { Runbook } from '../../../runbooks/language/definition.ts';
import { httpProbe } from '../../../runbooks/language/probe.ts';
import { because } from '../../../runbooks/language/reason.ts';
import { ClusterPlace, defineSystem, HostedSettings } from '../../../runbooks/language/system.ts';
import { kiosk } from './kiosk.ts';

const { severities, alerts, roles, firstResponder, ladders, budgets } = kiosk;

/** The kiosk's cousin, who lives in a cluster and has no host. */
export const stall = defineSystem({
  ...{ severities, alerts, roles, firstResponder, ladders, budgets, dashboards: () => ({}) },
  id: 'stall',
  title: 'Stall',
  settings: HostedSettings.extend({
    hosts: HostedSettings.shape.hosts.default([]),
    hostTag: HostedSettings.shape.hostTag.default('firebreak:system=stall'),
    cluster: ClusterPlace.default({ name: 'fair', namespace: 'stalls' }),
    deployment: z.string().default('stall-backend'),
  }),
});

/** One with a program in a pod and a Job: what RBAC can limit least. */
export const countTickets = clusterCommand('count-tickets', {
  title: 'Count the tickets',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ tickets: z.number() }),
  timeout: '1m',
  rights: (on) => [
    { group: '', resource: 'pods/exec', verbs: ['get', 'create'] },
    { group: 'batch', resource: 'jobs', verbs: ['create', 'get', 'delete'] },
    { group: 'apps', resource: 'deployments', verbs: ['get'], names: on },
  ],
  byHand: () => 'kubectl exec stall -- count',
  run: async () => ({ facts: { tickets: 0 } }),
});

export const NO_ANSWER = 'no-answer';

/** One with cluster steps of every kind. */
export function stallDown(): Runbook {
  return runbook(stall, NO_ANSWER, {
    title: 'The stall does not answer',
    symptom: 'No ticket comes out.',
    owner: 'keeper',
    triggers: [{ alert: 'KioskDown', severity: 'P0' }],
    parameters: z.object({}),
  })
    .diagnose('pods', 'Look at the pods', { command: podState, with: () => ({ selector: 'app=stall' }) })
    .diagnose('deployment', 'Look at the rollout', {
      command: rolloutState,
      on: (settings) => [settings.deployment],
      with: (_, settings) => ({ deployment: settings.deployment }),
    })
    .diagnose('tickets', 'Count the tickets', { command: countTickets, on: () => ['ticket-printer'] })
    .act('Restart the stall', {
      when: () => because('nothing comes out'),
      command: restartDeployment,
      on: (settings) => [settings.deployment],
      with: (_, __, settings) => ({ deployment: settings.deployment }),
    })
    .verify('Tickets come out again', {
      looks: { pods: { command: podState, with: () => ({ selector: 'app=stall' }) } },
      holds: ({ pods }) => pods.count > 0 || 'no pods',
      settle: '30s',
      times: 1,
      every: '10s',
      within: '5m',
    })
    .escalate({ to: 'keeper', tell: () => 'it does not answer' })
    .examples();
}

/** One that looks from outside only. */
export function stallLook(): Runbook {
  return runbook(stall, 'look', {
    title: 'Have a look',
    symptom: 'Somebody wonders.',
    owner: 'keeper',
    triggers: [],
    parameters: z.object({}),
  })
    .diagnose('front', 'Look through the front door', { probe: () => httpProbe('http://stall.example/') })
    .examples();
}
