import { iso } from '../../../functions/incident/clock.ts';
import { failed, ok } from '../docker/flags.ts';
import type { Ground } from '../fault-kind.ts';
import { certificateIn, DAY, deploy, issue, places, served, textOf } from './certificates.ts';
import type { ShimAnswer } from './rpc.ts';

/** How long certbot's own renewal takes in the fault in which it is under way. */
const RENEWAL_MS = 90_000;
export const UNDER_WAY = 'certificate-cron-renewing';
export const REFUSED = 'certificate-refused';
export const UNUSABLE = 'certificate-unusable';

const daysLeft = (ground: Ground) => {
  const certificate = certificateIn(textOf(ground, places(ground.engine.parts.settings).live.certificate));
  return certificate ? (Date.parse(certificate.until) - ground.engine.now()) / DAY : 0;
};

/** Whether certbot, started by somebody else, is at work at this moment. What it was to do is done as soon as it is not. */
export function certbotRuns(ground: Ground): boolean {
  const fault = ground.engine.state.faults[UNDER_WAY];
  if (!fault || fault.curedAt) return false;
  if (ground.engine.now() < Date.parse(fault.since) + RENEWAL_MS) return true;
  fault.curedAt = iso(new Date(ground.engine.now()));
  issue(ground, { ageDays: 0, daysLeft: 90 });
  deploy(ground);
  return false;
}

/** What the host's own timer does, whatever clock the host lives by: where nothing is wrong, no certificate comes near its end. */
export function renewByItself(ground: Ground): void {
  certbotRuns(ground);
  const wrong = Object.keys(ground.engine.state.faults).some((id) => id.startsWith('certificate-'));
  if (wrong || daysLeft(ground) > 30) return;
  issue(ground, { ageDays: 0, daysLeft: 90 });
  deploy(ground);
}

/** How many days the certificate that is served has left; `undefined` when nothing is served. */
export function daysServed(ground: Ground): number | undefined {
  renewByItself(ground);
  const certificate = served(ground);
  return certificate && (Date.parse(certificate.until) - ground.engine.now()) / DAY;
}

/** `certbot renew`, of the one certificate that a host has. Left out: every other verb, and staging. */
export function certbot(ground: Ground, args: string[]): ShimAnswer {
  const { engine } = ground;
  if (args[0] !== 'renew') return failed(`certbot: error: ${args[0] ?? 'nothing'} is not simulated`, 2);
  if (certbotRuns(ground)) return failed('Another instance of Certbot is already running.');
  const { renewal, log } = places(engine.parts.settings);
  const way = /^authenticator = (\S+)$/m.exec(textOf(ground, renewal))?.[1];
  if (way === undefined) return failed('No certificate found with name of the domain. Run certbot certificates.');
  if (daysLeft(ground) > 30) return ok('Certificate not yet due for renewal; no action taken.');
  if (way === 'standalone' && engine.of('nginx')?.state === 'running')
    return failed('Could not bind TCP port 80 because it is already in use by another process on this system.');
  const refused = engine.state.faults[REFUSED] !== undefined;
  logged(ground, log, refused);
  if (refused) return failed(`Failed to renew certificate with error: ${LIMITED}\n1 renew failure(s), 0 parse failure(s)`);
  issue(ground, { ageDays: 0, daysLeft: 90, broken: engine.state.faults[UNUSABLE] !== undefined });
  return ok('Congratulations, all renewals succeeded');
}

const LIMITED =
  'urn:ietf:params:acme:error:rateLimited :: There were too many requests of a given type :: too many certificates (5) already issued for this exact set of domains in the last 168h0m0s';

/** One attempt, as certbot's log tells of it: a file of its own for each. */
export function logged({ engine, tree }: Ground, log: string, refused: boolean, at: number = engine.now()): void {
  const path = tree.exists(log) ? `${log}.${at}` : log;
  const order = `DEBUG:acme.client:JWS payload:\nb'{\n  "identifiers": [\n    {\n      "type": "dns"\n    }\n  ]\n}'\n`;
  tree.text(path, `${order}${refused ? `DEBUG:certbot:${LIMITED}\n` : ''}`, at);
}
