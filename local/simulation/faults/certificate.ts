import type { FaultKind, Ground } from '../fault-kind.ts';
import { logged, REFUSED, UNDER_WAY, UNUSABLE } from '../host/certbot.ts';
import { deploy, furnishCertificate, type Issue, issue, places, renewBy } from '../host/certificates.ts';

const HOUR = 3_600_000;

/** A certificate that is served, renewed as said. All of them are put right by a healthy one. */
function fault(
  id: string,
  title: string,
  by: string,
  certificate: Issue,
  more: (ground: Ground) => void = () => undefined,
): FaultKind {
  return {
    id,
    title,
    on: (ground) => {
      renewBy(ground, by);
      issue(ground, certificate);
      deploy(ground);
      more(ground);
    },
    off: (ground) => {
      const { settings } = ground.engine.parts;
      ground.tree.remove(settings.certificate.certbotLogs);
      furnishCertificate(ground);
    },
  };
}

/** What the host's own timer would have prevented: while one is on, there is none. */
export const certificateFaults: FaultKind[] = [
  fault(
    'certificate-expiring',
    'The certificate has 20 days left; certbot needs port 80 for itself, and nothing starts it',
    'standalone',
    {
      ageDays: 70,
      daysLeft: 20,
    },
  ),
  fault('certificate-expired', 'The certificate expired yesterday; certbot needs port 80 for itself', 'standalone', {
    ageDays: 91,
    daysLeft: -1,
  }),
  fault(
    'certificate-webroot',
    'The certificate has 12 days left; certbot renews it by webroot, and nothing starts it',
    'webroot',
    {
      ageDays: 78,
      daysLeft: 12,
    },
  ),
  fault(
    'certificate-not-copied',
    'Certbot has renewed the certificate, and nginx still serves the old one, with 10 days left',
    'webroot',
    { ageDays: 80, daysLeft: 10 },
    (ground) => issue(ground, { ageDays: 5, daysLeft: 85 }),
  ),
  fault(REFUSED, 'The certificate has 2 days left, and the authority refuses a new one: too many were issued', 'standalone', {
    ageDays: 88,
    daysLeft: 2,
  }),
  fault(UNUSABLE, 'The certificate has 12 days left, and nginx does not take the new one that certbot is given', 'webroot', {
    ageDays: 78,
    daysLeft: 12,
  }),
  fault(UNDER_WAY, "The certificate has 10 days left, and certbot's own renewal is under way", 'webroot', {
    ageDays: 80,
    daysLeft: 10,
  }),
  fault('certificate-not-due', 'A certificate of 45 days has 20 left: it is not due before 15', 'webroot', {
    ageDays: 25,
    daysLeft: 20,
  }),
  fault(
    'certificate-attempts-used',
    'The certificate has 12 days left, and two attempts of today have failed',
    'webroot',
    { ageDays: 78, daysLeft: 12 },
    (ground) => {
      const { engine } = ground;
      for (const hours of [9, 4]) logged(ground, places(engine.parts.settings).log, false, engine.now() - hours * HOUR);
    },
  ),
  fault(
    'certificate-bought',
    'The certificate has 12 days left, was bought, and is none of certbot’s',
    'webroot',
    { ageDays: 353, daysLeft: 12 },
    ({ engine, tree }) => tree.remove(engine.parts.settings.certificate.letsencrypt),
  ),
];
