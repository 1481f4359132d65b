import type * as z from 'zod';
import type { certificateState } from '../commands/certificate-state.ts';
import type { HttpFacts } from '../language/probe.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';
import { isQuiet, spokenQuiet } from './quiet-hours.ts';
import { stackOf } from './stack.ts';
import type { SiraSettings } from './system.ts';

export type Certificate = z.output<typeof certificateState.facts>;
type Valid = Pick<NonNullable<Certificate['served']>, 'notBefore' | 'notAfter'>;

const DAY = 86_400;
/** The page's warning. One that lives shorter than 90 days is due at a third of its lifetime: so certbot sees it, too. */
const WARNING_DAYS = 30;
/** From here on an interruption by day is the smaller harm. */
export const URGENT_DAYS = 3;
/** The authority allows five failures an hour and five duplicates a week: two a day stay far below both. */
const ATTEMPTS_A_DAY = 2;

export const daysLeft = (now: number, { notAfter }: Valid) => (notAfter - now) / DAY;

/** How many days before its end a certificate is to be renewed. */
export const dueDays = ({ notBefore, notAfter }: Valid) => Math.min(WARNING_DAYS, (notAfter - notBefore) / DAY / 3);

const isDue = (now: number, certificate: Valid) => daysLeft(now, certificate) <= dueDays(certificate);
const days = (now: number, certificate: Valid) => `${Math.floor(daysLeft(now, certificate) * 10) / 10} days`;
const dated = (at: number) => new Date(at * 1_000).toISOString().slice(0, 16).replace('T', ' ');

/** When nginx may be stopped: in quiet hours unless it is urgent, or whenever a person says so. */
export type Stop = 'quiet-hours' | 'now';
export interface Plan {
  act: 'nothing' | 'install' | 'renew' | 'renew-standalone';
  why: string;
}
const nothing = (why: string): Plan => ({ act: 'nothing', why });

/** What the facts call for, and why. Whatever is in doubt calls for nothing: then a person decides. */
export function plan(certificate: Certificate, stop: Stop, settings: SiraSettings): Plan {
  const { now, served, certbotRuns, nginxRuns } = certificate;
  if (nginxRuns === null) return nothing('unknown whether nginx runs: Docker does not answer');
  if (!nginxRuns) return nothing('nginx does not run: APIDown is about that');
  if (!served) return nothing(`unknown what is served (${certificate.servedError})`);
  if (certbotRuns === null) return nothing('unknown whether certbot is at work: the host has no ps');
  if (certbotRuns) return nothing('certbot is at work already');
  const kept = installable(certificate);
  if (kept) return { act: 'install', why: kept };
  if (!isDue(now, served)) return nothing(`it has ${days(now, served)} left, and is due from ${Math.floor(dueDays(served))} on`);
  return renewal(certificate, served, stop, settings);
}

/** Why what certbot has issued is to be taken up: it is good, and nginx serves or keeps something else. */
function installable({ now, served, file, issued }: Certificate): string | undefined {
  if (!served || !issued?.keyMatches || !issued.nameMatches || isDue(now, issued)) return undefined;
  if (issued.notAfter > served.notAfter)
    return `certbot has renewed it until ${dated(issued.notAfter)}, and nginx still serves the one until ${dated(served.notAfter)}`;
  // It is served from memory: the next start of nginx would fail.
  return file && !file.keyMatches ? 'the certificate that nginx would read at its next start does not fit its key' : undefined;
}

function renewal(certificate: Certificate, served: Valid, stop: Stop, settings: SiraSettings): Plan {
  const { now, authenticator, attempts, rateLimited, challengePort } = certificate;
  const left = `it has ${days(now, served)} left`;
  if (!ways.test(authenticator))
    return nothing(`${left}, and certbot does not renew it by itself (authenticator: ${authenticator})`);
  if (rateLimited) return nothing(`${left}, and the authority refuses for now: ${rateLimited}`);
  if (attempts >= ATTEMPTS_A_DAY) return nothing(`${left}, and ${attempts} attempts of the last 24 hours did not renew it`);
  const stops = authenticator === 'standalone' && challengePort === 80;
  if (!stops) return { act: 'renew', why: `${left}, and certbot renews it by ${authenticator} while nginx goes on` };
  if (stop === 'now') return { act: 'renew-standalone', why: `${left}, and whoever started this allows nginx to be stopped` };
  if (daysLeft(now, served) < URGENT_DAYS) return { act: 'renew-standalone', why: `${left}: that does not wait for quiet hours` };
  if (isQuiet(settings.quietHours, now))
    return { act: 'renew-standalone', why: `${left}, and these are quiet hours (${spokenQuiet(settings.quietHours)})` };
  return nothing(`${left}, and certbot needs nginx stopped: that waits for quiet hours (${spokenQuiet(settings.quietHours)})`);
}

/** What certbot can do without a person. `manual` asks one. */
const ways = /^(standalone|webroot|nginx|apache|dns-[a-z0-9-]+|certbot-dns-[a-z0-9:-]+)$/;

/** The reason of one act: only the one that the facts call for is needed. */
export function reason(act: Plan['act'], certificate: Certificate, stop: Stop, settings: SiraSettings): Reason {
  const planned = plan(certificate, stop, settings);
  if (planned.act === act) return because(planned.why);
  return notNeeded(planned.act === 'nothing' ? planned.why : `another step does it: ${planned.why}`);
}

/** What the page's ssl_validation.sh would check, on what is served now; and that the site answers. */
export function holds(certificate: Certificate, site: HttpFacts, settings: SiraSettings): Finding {
  const { now, served, servedError, file, certbotRuns } = certificate;
  if (certbotRuns) return notYet('certbot is at work');
  if (!served) return `no certificate is served (${servedError})`;
  if (now < served.notBefore) return `it is valid only from ${dated(served.notBefore)} on`;
  if (!served.nameMatches)
    return `the certificate that is served is not for ${settings.certificate.domain} (${served.names.join(', ')})`;
  if (isDue(now, served))
    return `${daysLeft(now, served) <= 0 ? 'it has expired' : 'it is due'}: ${plan(certificate, 'quiet-hours', settings).why}`;
  if (!served.trusted) return `its chain is not trusted here (${served.verification})`;
  if (file && !file.keyMatches) return 'the certificate that nginx would read at its next start does not fit its key';
  return site.well || `${site.url} answers ${site.status || `nothing (${site.error})`}`;
}

/** Expired: every browser refuses it, and the application is down for whoever uses one. */
export function asBadAs({ now, served }: Certificate): string | undefined {
  if (!served) return undefined;
  const left = daysLeft(now, served);
  return left <= 0 ? 'P0' : left < URGENT_DAYS ? 'P1' : undefined;
}

/** What a person must know to do it by hand. */
export function told(certificate: Certificate, stop: Stop, settings: SiraSettings): string {
  const { now, served, issued, authenticator, scheduledBy, attempts } = certificate;
  const { act, why } = plan(certificate, stop, settings);
  return [
    served
      ? `Served: until ${dated(served.notAfter)} UTC (${days(now, served)} left), for ${served.names.join(', ')}, ${served.trusted ? 'trusted' : `not trusted (${served.verification})`}.`
      : `Nothing is served: ${certificate.servedError}.`,
    issued ? `Issued last by certbot: until ${dated(issued.notAfter)} UTC.` : 'Certbot has issued none.',
    `Renewed by ${authenticator === 'none' ? 'nothing of certbot' : authenticator}, started by ${scheduledBy === 'none' ? 'nothing but this runbook' : scheduledBy}; ${attempts} attempts in the last 24 hours.`,
    ...(act === 'nothing' ? [`Not renewed because ${why}.`] : []),
    ...(why.includes('quiet hours (') && act === 'nothing' ? [`The schedule of the night (${NIGHT} UTC) renews it.`] : []),
  ].join('\n');
}

/** When the schedule of the night runs, in UTC: within the quiet hours. */
export const NIGHT = '03:10';

/** Where the certificate is: what every command that touches it takes. */
export function placeOf({ certificate: { domain, letsencrypt, folder }, containers }: SiraSettings) {
  return { domain, letsencrypt, certificates: folder, nginx: containers.nginx };
}

export function stateOf(settings: SiraSettings) {
  const { domain, address = domain, port, certbotLogs } = settings.certificate;
  return { ...placeOf(settings), address, port, certbotLogs };
}

/** And of the acts that stop and start nginx. */
export function stoppingOf(settings: SiraSettings) {
  return { ...placeOf(settings), ...stackOf(settings), nginxService: settings.services.nginx };
}
