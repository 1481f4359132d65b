import { z } from 'zod';
import { hostCommand } from '../../../runbooks/language/command.ts';
import { runbook } from '../../../runbooks/language/define.ts';
import type { Example, Runbook } from '../../../runbooks/language/definition.ts';
import { httpProbe } from '../../../runbooks/language/probe.ts';
import { because, notNeeded } from '../../../runbooks/language/reason.ts';
import { defineSystem, HostedSettings } from '../../../runbooks/language/system.ts';

/** The language's own example: a system small enough to be held in the head, with one of everything. */
export const KioskSettings = HostedSettings.extend({
  hosts: HostedSettings.shape.hosts
    .min(1)
    .default([{ name: 'kiosk-1', instanceId: 'i-0123456789abcdef0', aliases: ['10.0.0.1'] }]),
  hostTag: HostedSettings.shape.hostTag.default('firebreak:system=kiosk'),
  url: z.url().default('http://kiosk.example/health'),
});

export const kiosk = defineSystem({
  id: 'kiosk',
  title: 'Kiosk',
  settings: KioskSettings,
  severities: [
    { name: 'P0', means: 'Nobody can buy a ticket', response: '15m', reviewed: true },
    { name: 'P1', means: 'Some cannot', response: '1h', reviewed: true },
    { name: 'P2', means: 'It can wait', response: 'next-business-day', reviewed: false },
  ],
  alerts: [
    { name: 'KioskDown', unit: 'failed checks', about: 'system', severity: 'P1' },
    { name: 'KioskErrors', unit: 'percent of requests that failed', about: 'host', severity: 'P2' },
  ],
  roles: [
    { name: 'oncall', title: 'On-call engineer', email: 'oncall@kiosk.example', next: 'keeper' },
    { name: 'keeper', title: 'Keeper of the till', email: 'keeper@kiosk.example' },
  ],
  firstResponder: 'oncall',
  ladders: [
    {
      severities: ['P0', 'P1'],
      rungs: [
        { to: 'responder', from: 'opened', after: '0s', unless: 'acknowledged', by: 'page' },
        { to: { above: 1 }, from: 'opened', after: '15m', unless: 'resolved', by: 'page' },
      ],
      patience: '10m',
      again: { after: '30m', times: 1 },
      acknowledged: '1h',
    },
    {
      severities: ['P2'],
      rungs: [{ to: 'responder', from: 'next-business-day', after: '0s', unless: 'acknowledged', by: 'page' }],
      patience: '10m',
      again: { after: '1d', times: 1 },
      acknowledged: '1d',
    },
  ],
  budgets: { default: { acts: 3, per: '1h' }, wipe: { acts: 1, per: '1d' } },
  dashboards: () => ({}),
});

const services = z.enum(['till', 'screen']);

export const pulse = hostCommand('pulse', {
  title: 'Feel the pulse',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ beats: z.number(), tickets: z.array(z.string()) }),
  timeout: '10s',
  byHand: 'kiosk pulse',
});
export const deploymentState = hostCommand('deployment-state', {
  title: 'Look for a deployment',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ running: z.boolean() }),
  timeout: '10s',
  byHand: 'kiosk deployments',
});
export const restart = hostCommand('restart', {
  title: 'Restart a part of the kiosk',
  safety: 'disruptive',
  verb: 'restart',
  resource: ({ service }) => service,
  parameters: z.object({ service: services }),
  facts: z.object({ restarted: z.boolean() }),
  timeout: '1m',
  byHand: 'kiosk restart till',
});
export const wipe = hostCommand('wipe', {
  title: 'Throw tickets away',
  safety: 'destructive',
  verb: 'wipe',
  parameters: z.object({ tickets: z.array(z.string().regex(/^[a-z0-9]+$/)) }),
  facts: z.object({ gone: z.number() }),
  timeout: '1m',
  byHand: 'kiosk wipe --all',
});

export const parameters = z.object({
  beatsAtLeast: z.number().int().min(1).max(200).default(40).describe('Beats that mean alive, per minute'),
  part: services.default('till').describe('What is restarted'),
});

export const EXAMPLE: Example = {
  name: 'The till hangs',
  faults: ['till-hangs'],
  alert: { name: 'KioskDown' },
  acts: ['Restart the till'],
  ends: 'resolved',
  pages: 0,
};

/** One runbook with everything: two acts, the first with an undo, the second destructive. */
export function kioskDown(examples: Example[] = [EXAMPLE]): Runbook {
  return runbook(kiosk, 'kiosk-down', {
    title: 'Kiosk down',
    symptom: 'No ticket comes out.',
    owner: 'keeper',
    triggers: [
      { alert: 'KioskDown', severity: 'P0' },
      { alert: 'KioskErrors', severity: 'P1', value: { above: 5 } },
    ],
    parameters,
    clearsWithin: '5m',
    people: ['Refill the paper: nobody can do that from afar.'],
    prevention: ['Watch the paper.'],
  })
    .diagnose('pulse', 'Feel the pulse', { command: pulse })
    .diagnose('deployment', 'Look for a deployment', { command: deploymentState, freshFor: '2m' })
    .diagnose('front', 'Look through the front door', { probe: (_, settings) => httpProbe(settings.url) })
    .act('Restart the till', {
      when: ({ pulse }, p) => (pulse.beats < p.beatsAtLeast ? because(`it has ${pulse.beats} beats`) : notNeeded('it lives')),
      command: restart,
      with: (_, p) => ({ service: p.part }),
      undo: { command: restart, with: (_, p) => ({ service: p.part }) },
    })
    .act('Throw old tickets away', {
      when: ({ front }) => (front.well ? notNeeded('the door is open') : because('the slot is full')),
      command: wipe,
      with: ({ pulse }) => ({ tickets: pulse.tickets }),
      list: ({ pulse }) => pulse.tickets,
    })
    .verify('Tickets come out again', {
      looks: { pulse: { command: pulse }, front: { probe: (_, settings) => httpProbe(settings.url) } },
      holds: ({ pulse, front }, p) => pulse.beats >= p.beatsAtLeast || `${pulse.beats} beats, ${front.status}`,
      settle: '30s',
      times: 3,
      every: '10s',
      within: '5m',
    })
    .escalate({ to: 'keeper', tell: ({ pulse }) => `${pulse.beats} beats` })
    .supersedes('kiosk-slow')
    .limits({ acts: 1, per: '1d' })
    .examples(...examples);
}

/** One that only looks. */
export function kioskLook(): Runbook {
  return runbook(kiosk, 'look', {
    title: 'Have a look',
    symptom: 'Somebody wonders.',
    owner: 'keeper',
    triggers: [],
    parameters: z.object({}),
  })
    .diagnose('pulse', 'Feel the pulse', { command: pulse })
    .examples();
}
