import * as z from 'zod';
import { bringNginxBack } from '../commands/bring-nginx-back.ts';
import { certificateState } from '../commands/certificate-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { installCertificate } from '../commands/install-certificate.ts';
import { renewCertificate } from '../commands/renew-certificate.ts';
import { renewCertificateStandalone } from '../commands/renew-certificate-standalone.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { asBadAs, daysLeft, holds, NIGHT, placeOf, reason, stateOf, stoppingOf, told, URGENT_DAYS } from './certificate.ts';
import { stackOf } from './stack.ts';
import { sira } from './system.ts';

/** SIRA's page, section 4. */
export default runbook(sira, 'certificate-expiring', {
  title: 'SSL certificate expiring',
  symptom: 'Browsers say that the connection is not private, curl reports an SSL error, or the certificate expires soon.',
  owner: 'devops',
  // The page has it among the critical ones. Its P0 is an application that is down: that is what an expired one is. Days
  // before its end nobody is affected yet, which is less than any of its examples: P2 while there is time, P1 when there is little.
  triggers: [
    { alert: 'CertificateExpiring', severity: 'P0', value: { upTo: 0 } },
    { alert: 'CertificateExpiring', severity: 'P1', value: { above: 0, upTo: URGENT_DAYS } },
    { alert: 'CertificateExpiring', severity: 'P2', value: { above: URGENT_DAYS } },
    { alert: 'CertificateExpiring', severity: 'P2' },
  ],
  parameters: z.object({
    stopNginx: z
      .enum(['quiet-hours', 'now'])
      .default('quiet-hours')
      .describe('When nginx may be stopped for it, where certbot needs that: in quiet hours unless it is urgent, or now'),
  }),
  people: [
    'Renewing a certificate that certbot does not renew, or asks a person for (authenticator: manual).',
    "Waiting for the end of the authority's limit, or asking it for more: a further attempt would only prolong it.",
    'A certificate for another name, or a chain that is not trusted: what was asked for is wrong, and asking again gives the same.',
    'Mounting the folder of the certificate, not its files, into the container: Docker keeps showing a file that was replaced.',
  ],
  prevention: [
    "Have certbot's timer or a job of cron renew it, with a deploy hook that copies it: the facts show what there is.",
    `The check of each night at ${NIGHT} UTC is the warning 30 days before; it renews what is due.`,
    'Webroot or DNS instead of standalone: then nginx is never stopped.',
    "Try a renewal in staging first: certbot renew --dry-run asks the authority's staging, and counts against no limit.",
  ],
})
  .diagnose('certificate', 'Check certificate expiration', {
    command: certificateState,
    with: (_, settings) => stateOf(settings),
    says: ({ now, served, servedError, authenticator, scheduledBy }) =>
      `${served ? `${Math.floor(daysLeft(now, served))} days left` : `none is served (${servedError})`}, renewed by ${authenticator}, started by ${scheduledBy}`,
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })
  .diagnose('site', 'Ask the site', { probe: (_, { urls }) => httpProbe(urls.site) })

  .act('Have nginx take up the renewed certificate', {
    when: ({ certificate }, { stopNginx }, settings) => reason('install', certificate, stopNginx, settings),
    command: installCertificate,
    with: (_, __, settings) => placeOf(settings),
    says: () => 'the renewed certificate is in its place',
    undo: { command: bringNginxBack, with: (_, __, settings) => stoppingOf(settings) },
  })
  .act('Renew the certificate while nginx goes on', {
    when: ({ certificate }, { stopNginx }, settings) => reason('renew', certificate, stopNginx, settings),
    command: renewCertificate,
    with: (_, __, settings) => placeOf(settings),
    says: ({ outcome }) => `certbot: ${outcome}`,
    undo: { command: bringNginxBack, with: (_, __, settings) => stoppingOf(settings) },
  })
  .act('Renew the certificate with nginx stopped', {
    when: ({ certificate }, { stopNginx }, settings) => reason('renew-standalone', certificate, stopNginx, settings),
    command: renewCertificateStandalone,
    with: (_, __, settings) => stoppingOf(settings),
    says: ({ outcome }) => `certbot: ${outcome}`,
    // The script itself brings nginx back, however it ends. This is for one that was killed.
    undo: { command: bringNginxBack, with: (_, __, settings) => stoppingOf(settings) },
  })

  .verify('The certificate that is served is good', {
    looks: {
      certificate: { command: certificateState, with: (_, settings) => stateOf(settings) },
      site: { probe: (_, { urls }) => httpProbe(urls.site) },
    },
    holds: ({ certificate, site }, _, settings) => holds(certificate, site, settings),
    settle: '10s',
    times: 2,
    every: '30s',
    within: '5m',
  })
  .escalate({
    to: 'devops',
    asBadAs: ({ certificate }) => asBadAs(certificate),
    tell: ({ certificate }, { stopNginx }, settings) => told(certificate, stopNginx, settings),
  })
  .schedule({
    name: 'certificate-check',
    why: 'The warning 30 days before: it renews what is due, in quiet hours, and wakes nobody when all is well.',
    at: NIGHT,
    on: 'day',
    severity: 'P2',
  })
  // Two attempts a day, for the authority's limits.
  .limits({ acts: 2, per: '24h' })
  .examples(
    {
      name: 'expires in 20 days, in quiet hours',
      faults: ['certificate-expiring'],
      alert: { name: 'CertificateExpiring', value: 20 },
      acts: ['Renew the certificate with nginx stopped'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'expires in 20 days, by day: nginx is not stopped, and a person is told when it will be',
      at: '14:00',
      faults: ['certificate-expiring'],
      alert: { name: 'CertificateExpiring', value: 20 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the check of the night renews it',
      faults: ['certificate-expiring'],
      schedule: 'certificate-check',
      acts: ['Renew the certificate with nginx stopped'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'by day a person may have nginx stopped',
      at: '14:00',
      faults: ['certificate-expiring'],
      parameters: { stopNginx: 'now' },
      acts: ['Renew the certificate with nginx stopped'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'it has expired: that does not wait',
      at: '14:00',
      faults: ['certificate-expired'],
      alert: { name: 'CertificateExpiring', value: -1 },
      acts: ['Renew the certificate with nginx stopped'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'by webroot, nginx goes on, at any time of the day',
      at: '14:00',
      faults: ['certificate-webroot'],
      alert: { name: 'CertificateExpiring', value: 12 },
      acts: ['Renew the certificate while nginx goes on'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'renewed long ago, and nginx serves the old one',
      faults: ['certificate-not-copied'],
      alert: { name: 'CertificateExpiring', value: 10 },
      acts: ['Have nginx take up the renewed certificate'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the authority refuses: nginx comes back with the old one, and a person is paged',
      faults: ['certificate-refused'],
      alert: { name: 'CertificateExpiring', value: 2 },
      acts: ['Renew the certificate with nginx stopped'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'nginx refuses the new one: the old one is put back',
      faults: ['certificate-unusable'],
      alert: { name: 'CertificateExpiring', value: 12 },
      acts: ['Renew the certificate while nginx goes on'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: "certbot's own renewal is under way: it is left to it",
      faults: ['certificate-cron-renewing'],
      alert: { name: 'CertificateExpiring', value: 10 },
      acts: [],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'one of 45 days with 20 left is not due',
      faults: ['certificate-not-due'],
      alert: { name: 'CertificateExpiring', value: 20 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'two attempts today have failed: no third one',
      faults: ['certificate-attempts-used'],
      alert: { name: 'CertificateExpiring', value: 12 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'bought, not renewed by certbot: a person does it',
      faults: ['certificate-bought'],
      alert: { name: 'CertificateExpiring', value: 12 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says no',
      faults: ['certificate-expiring', 'deploy-running'],
      alert: { name: 'CertificateExpiring', value: 20 },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the check of the night finds all well',
      faults: [],
      schedule: 'certificate-check',
      acts: [],
      ends: 'succeeded',
      pages: 0,
    },
    {
      name: 'a rehearsal changes nothing',
      faults: ['certificate-expiring'],
      dryRun: true,
      acts: [],
      ends: 'succeeded',
      pages: 0,
    },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
