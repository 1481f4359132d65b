import * as z from 'zod';
import { issuedCertificate } from '../cluster/issued-certificate.ts';
import { renewIssuedCertificate } from '../cluster/renew-issued-certificate.ts';
import { replaceCertificateSecret } from '../cluster/replace-certificate-secret.ts';
import { runbook } from '../language/define.ts';
import { tlsProbe } from '../language/probe.ts';
import { deployment } from './backend-looks.ts';
import { asBadAs, holds, reason, told } from './issued.ts';
import { sayRollout } from './said.ts';
import { type SaveitSettings, saveit } from './system.ts';

const names = ({ certificate }: SaveitSettings) => [certificate.name, certificate.secret];
const kept = ({ certificate: { name, secret } }: SaveitSettings) => ({ certificate: name, secret });

/** Save-It's page, "SSL Certificate Expired". */
export default runbook(saveit, 'certificate-expired', {
  title: 'TLS certificate expired, or about to',
  symptom: 'Browsers warn of the site, TLS handshakes fail.',
  owner: 'infrastructure',
  triggers: [
    // The value is the days that are left. Once there are none, every user is turned away.
    { alert: 'CertificateExpired', value: { upTo: 0 }, severity: 'SEV1' },
    { alert: 'CertificateExpired', value: { above: 0, upTo: 3 }, severity: 'SEV2' },
    // Nobody feels it yet, and there are days to mend it.
    { alert: 'CertificateExpired', value: { above: 3 }, severity: 'SEV3' },
    { alert: 'CertificateExpired', value: 'none', severity: 'SEV2' },
  ],
  parameters: z.object({}),
  // The exporter that raises the alarm looks every few minutes.
  clearsWithin: '20m',
  people: [
    'The annotation cert-manager.io/issue-temporary-certificate, which the page offers as another way, is not set: it has cert-manager sign a certificate itself until the real one is there, which browsers refuse as well. The renewal is what cmctl renew does instead.',
    'A refused order: the name must lead here, and the proof (a page under /.well-known/acme-challenge, or a DNS record) must be reachable from outside. Firebreak does not try again, because authorities count failures.',
    'A rate limit: wait until the time that the authority names, or have the certificate issued for another set of names, or by another authority.',
    'A certificate that is renewed and not shown: whoever ends TLS (ingress controller, load balancer, proxy) has to take it up.',
    'Putting an old Secret back from its copy, and deleting copies that nobody needs any more.',
  ],
  prevention: [
    'An alarm at seven days, as docs/alerts has it: cert-manager renews weeks before, so a week left means that it can not.',
    'Secrets of certificates neither immutable nor made by hand: cert-manager has to be able to write them.',
  ],
})
  .diagnose('served', 'Look at the certificate that users get', {
    probe: (_, { certificate: { domain, port } }) => tlsProbe(domain, port),
  })
  .diagnose('issued', 'See what cert-manager has issued', {
    command: issuedCertificate,
    on: names,
    with: (_, settings) => kept(settings),
    says: ({ found, ready, readyBecause, daysLeft, issuing, issuingReason, failure, rateLimited }) =>
      found
        ? [
            ready ? `${daysLeft} days left` : readyBecause,
            ...(issuing ? [`issuing (${issuingReason})`] : []),
            ...(rateLimited || failure ? [rateLimited || failure] : []),
          ].join('; ')
        : 'there is no such Certificate',
  })
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })

  .act('Renew the certificate', {
    when: (facts) => reason('renew', facts),
    command: renewIssuedCertificate,
    on: ({ certificate }) => [certificate.name],
    with: (_, __, { certificate }) => ({ certificate: certificate.name }),
    says: ({ issued, revision, notAfter, tookSeconds }) =>
      issued
        ? `revision ${revision} is issued, until ${notAfter}, after ${tookSeconds} s`
        : `after ${tookSeconds} s there is no new one, and nobody has refused it`,
  })
  .act('Copy the Secret, and have it made anew', {
    when: (facts) => reason('replace-secret', facts),
    command: replaceCertificateSecret,
    on: names,
    with: (_, __, settings) => kept(settings),
    list: (_, __, { certificate: { secret }, cluster }) => [`Secret ${secret} in ${cluster.namespace}: a copy stays beside it`],
    says: ({ copy, notAfter }) => `a new one until ${notAfter}; the old one is kept as ${copy}`,
  })

  .verify('Users get a certificate that holds', {
    looks: {
      served: { probe: (_, { certificate: { domain, port } }) => tlsProbe(domain, port) },
      issued: { command: issuedCertificate, on: names, with: (_, settings) => kept(settings) },
    },
    holds: ({ served, issued }) => holds({ served, issued }),
    settle: '20s',
    times: 2,
    every: '30s',
    within: '10m',
  })
  .escalate({ to: 'oncall', asBadAs, tell: told })
  // One order a day: authorities count failures and duplicates, and lock out whoever has too many.
  .limits({ acts: 1, per: '24h' })
  // Who is turned away by the certificate gets no answer, and a restart of the backend gives them none.
  .supersedes('application-not-responding')
  .examples(
    {
      name: 'it has ended, and cert-manager renews it',
      faults: ['saveit-certificate-expired'],
      alert: { name: 'CertificateExpired', value: -1 },
      acts: ['Renew the certificate'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the authority refuses the order',
      faults: ['saveit-certificate-order-fails'],
      alert: { name: 'CertificateExpired', value: -1 },
      acts: ['Renew the certificate'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the authority has a rate limit, and it is tried no second time',
      faults: ['saveit-certificate-rate-limited'],
      alert: { name: 'CertificateExpired', value: -1 },
      acts: ['Renew the certificate'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the Secret does not take the new one, and a person lets it be replaced',
      faults: ['saveit-certificate-secret-immutable'],
      alert: { name: 'CertificateExpired', value: -1 },
      answers: 'approve',
      acts: ['Renew the certificate', 'Copy the Secret, and have it made anew'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the Secret does not take the new one, and a person says no',
      faults: ['saveit-certificate-secret-immutable'],
      alert: { name: 'CertificateExpired', value: -1 },
      answers: 'deny',
      acts: ['Renew the certificate'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes',
      faults: ['saveit-deployed', 'saveit-certificate-expired'],
      alert: { name: 'CertificateExpired', value: -1 },
      answers: 'approve',
      acts: ['Renew the certificate'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says no',
      faults: ['saveit-deployed', 'saveit-certificate-expired'],
      alert: { name: 'CertificateExpired', value: -1 },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a rehearsal changes nothing',
      faults: ['saveit-certificate-expired'],
      dryRun: true,
      acts: [],
      ends: 'succeeded',
      pages: 0,
    },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
