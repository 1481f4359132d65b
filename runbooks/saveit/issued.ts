import type { IssuedCertificate } from '../cluster/issued-certificate.ts';
import type { TlsFacts } from '../language/probe.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';

/** What is known when it must be said what becomes of the certificate. */
export interface CertificateFacts {
  /** As users see it. */
  served: TlsFacts;
  /** As cert-manager knows it. */
  issued: IssuedCertificate;
}

/** cert-manager renews weeks before the end: who has only so many days left has not been renewed. */
export const WARNING_DAYS = 7;
/** From then on every request of a user may be the first that fails. */
export const URGENT_DAYS = 3;
/** An order is decided in minutes. One that is younger is on its way. */
const ISSUING_SECONDS = 5 * 60;
/** What is written down in two places is the same up to this: Kubernetes keeps whole seconds. Milliseconds. */
const SAME_MS = 60_000;

export type CertificateAct = 'renew' | 'replace-secret';
export interface CertificatePlan {
  act: CertificateAct | 'nothing';
  why: string;
}
const nothing = (why: string): CertificatePlan => ({ act: 'nothing', why });

/** What the facts call for, and why. A refusal of the authority calls for a person: each further try would make it last longer. */
export function plan({ served, issued }: CertificateFacts): CertificatePlan {
  if (!issued.found) return nothing('cert-manager has no such Certificate: nothing here would renew it');
  if (issued.rateLimited) return nothing(`the authority refuses for now: ${issued.rateLimited}`);
  if (issued.failure) return nothing(`the last attempt failed, ${issued.failure}`);
  if (issued.failedAttempts > 0) return nothing(`of its last attempts ${issued.failedAttempts} failed: ${issued.readyBecause}`);
  if (issued.issuing) return whileIssuing(issued);
  if (!isDue(issued)) return nothing(whyNotDue({ served, issued }));
  if (!served.served) return nothing(`it is due, but ${served.host} shows no certificate at all (${served.error})`);
  if (!issued.kept.exists) return nothing('its Secret is not there, which has cert-manager make one by itself');
  return { act: 'renew', why: `${said(issued)}, and cert-manager is not at it` };
}

/** Near its end, past it, or past the time at which cert-manager should have renewed it. */
const isDue = ({ daysLeft, renewalDue }: IssuedCertificate) => daysLeft === null || daysLeft <= WARNING_DAYS || renewalDue;
const said = ({ daysLeft }: IssuedCertificate) =>
  daysLeft === null ? 'none was ever issued' : daysLeft <= 0 ? `it ended ${-daysLeft} days ago` : `it has ${daysLeft} days left`;

/**
 * While cert-manager is at it there is nothing to do but wait, with one exception: the authority has given what it was asked for,
 * and the Secret does not take it, because it can not be changed. Then no renewal helps, and it has to go.
 */
function whileIssuing(issued: IssuedCertificate): CertificatePlan {
  const { issuingSeconds, issuingReason, request, requestRevision, revision, order, kept, challenges } = issued;
  const since = issuingSeconds === null ? '' : ` since ${Math.round(issuingSeconds / 60)} minutes`;
  const late = issuingSeconds !== null && issuingSeconds > ISSUING_SECONDS;
  const unchangeable = kept.exists && (kept.immutable || kept.type !== 'kubernetes.io/tls');
  // The request of the one that has ended is ready as well, as long as there is no newer.
  const newOne = request === 'ready' && requestRevision > revision;
  if (late && newOne && unchangeable && issued.daysLeft !== null && issued.daysLeft <= 0)
    return {
      act: 'replace-secret',
      why: `the new one is issued${since}, and its Secret does not take it: it is ${kept.immutable ? 'immutable' : `of type ${kept.type}`}`,
    };
  const open = challenges.find(({ state }) => state !== 'valid');
  const waitsFor = open ? `: the proof of ${open.name} is ${open.state} ${open.reason}`.trimEnd() : `, its order is ${order}`;
  return nothing(`cert-manager is at it${since} (${issuingReason})${waitsFor}`);
}

function whyNotDue({ served, issued }: CertificateFacts): string {
  if (isBehind({ served, issued }))
    return `cert-manager has renewed it until ${issued.notAfter}, and ${served.host} still shows the one until ${served.notAfter}: whoever ends TLS there has not taken it up`;
  return said(issued);
}

/** The front door shows an older one than cert-manager has issued. */
export function isBehind({ served, issued }: CertificateFacts): boolean {
  return served.served && Date.parse(served.notAfter) < Date.parse(issued.notAfter) - SAME_MS;
}

/** The reason of one act: only the one that the facts call for is needed. */
export function reason(act: CertificateAct, facts: CertificateFacts): Reason {
  const planned = plan(facts);
  if (planned.act === act) return because(planned.why);
  return notNeeded(planned.act === 'nothing' ? planned.why : `another step does it: ${planned.why}`);
}

/** A new one is issued, kept, and what users see. */
export function holds({ served, issued }: CertificateFacts): Finding {
  if (issued.issuing && !issued.failure && !issued.rateLimited) return notYet(plan({ served, issued }).why);
  const planned = plan({ served, issued });
  if (!issued.found || issued.failure || issued.rateLimited || isDue(issued)) return planned.why;
  if (!issued.ready) return `cert-manager calls it not ready: ${issued.readyBecause}`;
  if (!served.served) return `${served.host} shows no certificate (${served.error})`;
  if (isBehind({ served, issued })) return whyNotDue({ served, issued });
  if (served.daysLeft === null || served.daysLeft <= WARNING_DAYS) return `what is shown has ${served.daysLeft} days left`;
  if (!served.nameMatches) return `what is shown is for ${served.names.join(', ') || 'no name'}, not for ${served.host}`;
  return served.trusted || `what is shown is not trusted (${served.verification})`;
}

/** Ended, or refused for another reason: every browser warns, and every client turns away. */
export function asBadAs({ served }: CertificateFacts): string | undefined {
  if (!served.served || served.daysLeft === null) return undefined;
  if (served.daysLeft <= 0 || !served.trusted || !served.nameMatches) return 'SEV1';
  return served.daysLeft <= URGENT_DAYS ? 'SEV2' : undefined;
}

/** What a person must know to go on by hand. */
export function told(facts: CertificateFacts): string {
  const { served, issued } = facts;
  const { act, why } = plan(facts);
  const shown = served.served
    ? `until ${served.notAfter} (${served.daysLeft} days left), by ${served.issuer}, ${served.trusted ? 'trusted' : `not trusted (${served.verification})`}`
    : `nothing (${served.error})`;
  return [
    `Shown at ${served.host}: ${shown}.`,
    `cert-manager: ${issued.found ? `${issued.issuer}, revision ${issued.revision}, until ${issued.notAfter || 'never'}; ${issued.readyBecause}` : 'no such Certificate'}.`,
    // Read also after it was renewed: then it says why it is not renewed once more.
    ...(act === 'nothing' ? [`No renewal now: ${why}.`] : []),
    ...(issued.temporary
      ? ['The Certificate asks for temporary ones: what is shown meanwhile is signed by nobody that browsers know.']
      : []),
    ...issued.challenges.map(({ name, type, state, reason }) => `Proof of ${name} by ${type}: ${state} ${reason}`.trimEnd()),
  ].join('\n');
}
