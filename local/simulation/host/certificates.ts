import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { iso } from '../../../functions/incident/clock.ts';
import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import { sha256 } from '../docker/engine.ts';
import type { Ground } from '../fault-kind.ts';

export const DAY = 86_400_000;

/** A simulated certificate: what `openssl x509` would tell of it, in a PEM's clothes. */
const Certificate = z.strictObject({
  serial: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  names: z.array(z.string()),
  /** Which key it belongs to. */
  key: z.string(),
  /** nginx does not take it. */
  broken: z.boolean(),
});
export type Certificate = z.output<typeof Certificate>;

const FULLCHAIN = 'fullchain.pem';
const PRIVKEY = 'privkey.pem';

/** Where certbot and nginx have it. */
export function places({ certificate: { domain, letsencrypt, folder, certbotLogs } }: SiraSettings) {
  const pair = (at: string) => ({ certificate: `${at}/${FULLCHAIN}`, key: `${at}/${PRIVKEY}` });
  return {
    live: pair(`${letsencrypt}/live/${domain}`),
    nginx: pair(folder),
    renewal: `${letsencrypt}/renewal/${domain}.conf`,
    log: `${certbotLogs}/letsencrypt.log`,
  };
}

const pem = (kind: string, content: object) =>
  `-----BEGIN ${kind}-----\n${Buffer.from(JSON.stringify(content)).toString('base64')}\n-----END ${kind}-----\n`;

function unwrapped(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(/-----\n([\s\S]*?)\n-----END/.exec(text)?.[1] ?? '', 'base64').toString());
  } catch {
    return undefined;
  }
}

/** The certificate that a PEM's text holds, if it holds one. */
export const certificateIn = (text: string): Certificate | undefined => Certificate.safeParse(unwrapped(text)).data;
/** Which key a PEM's text holds. */
export const keyIn = (text: string): string | undefined => z.strictObject({ of: z.string() }).safeParse(unwrapped(text)).data?.of;

/** A file's text, `''` where there is none. */
export function textOf({ tree }: Pick<Ground, 'tree'>, path: string): string {
  return tree.exists(path) ? readFileSync(tree.real(path), 'utf8') : '';
}

export interface Issue {
  ageDays: number;
  daysLeft: number;
  broken?: boolean;
}

/** Issues a certificate, as certbot does: into its own folder. */
export function issue(ground: Ground, { ageDays, daysLeft, broken = false }: Issue): void {
  const { engine, tree } = ground;
  const { live } = places(engine.parts.settings);
  const serial = sha256(`certificate/${engine.now()}/${ageDays}/${daysLeft}`).slice(0, 32).toUpperCase();
  const { domain } = engine.parts.settings.certificate;
  const at = (days: number) => `${iso(new Date(engine.now() + days * DAY)).slice(0, 19)}Z`;
  const made = { serial, from: at(-ageDays), until: at(daysLeft), names: [domain, `www.${domain}`], key: serial, broken };
  const then = engine.now() - ageDays * DAY;
  tree.text(live.certificate, pem('CERTIFICATE', made), then);
  tree.text(live.key, pem('PRIVATE KEY', { of: serial }), then, 0o600);
}

/** What a deploy hook does: copies it, and has nginx take it up. */
export function deploy(ground: Ground): void {
  const { engine, tree } = ground;
  const { live, nginx } = places(engine.parts.settings);
  tree.text(nginx.certificate, textOf(ground, live.certificate), engine.now());
  tree.text(nginx.key, textOf(ground, live.key), engine.now(), 0o600);
  reload(ground);
}

/** Why nginx does not take what lies there; `undefined` when it does. */
export function refusal(ground: Ground): string | undefined {
  const { nginx } = places(ground.engine.parts.settings);
  const certificate = certificateIn(textOf(ground, nginx.certificate));
  if (!certificate || certificate.broken)
    return 'cannot load certificate "/etc/nginx/ssl/fullchain.pem": PEM_read_bio_X509() failed';
  return certificate.key === keyIn(textOf(ground, nginx.key)) ? undefined : 'SSL_CTX_use_PrivateKey failed: key values mismatch';
}

/** nginx reads its certificate now. @returns whether it took it */
export function reload(ground: Ground): boolean {
  const { engine } = ground;
  if (refusal(ground) !== undefined) return false;
  const loaded = textOf(ground, places(engine.parts.settings).nginx.certificate);
  engine.state.tls = { loaded, at: iso(new Date(engine.now())) };
  return true;
}

/** An nginx that was started since reads it at its start, or ends. */
export function takeUpAtStart(ground: Ground): void {
  const { engine } = ground;
  const container = engine.state.containers.find(({ service }) => service === engine.parts.settings.services.nginx);
  if (container?.state !== 'running' || (engine.state.tls?.at ?? '') >= container.startedAt) return;
  if (reload(ground)) return;
  engine.say(container, { at: iso(new Date(engine.now())), stream: 'stderr', text: `nginx: [emerg] ${refusal(ground)}` });
  engine.end(container, 1);
}

/** What a visitor is given, while nginx serves. */
export function served(ground: Ground): Certificate | undefined {
  return ground.engine.serves('nginx') ? certificateIn(ground.engine.state.tls?.loaded ?? '') : undefined;
}

/** How certbot renews it. */
export function renewBy({ engine, tree }: Ground, authenticator: string): void {
  const { renewal } = places(engine.parts.settings);
  const hook = authenticator === 'webroot' ? 'renew_hook = /usr/local/bin/deploy-certificate\n' : '';
  const lines = `version = 2.1.0\n[renewalparams]\naccount = 0f1e\nauthenticator = ${authenticator}\n${hook}`;
  tree.text(renewal, lines, engine.now() - 200 * DAY);
}

/** A healthy host's: fifty days left, renewed by webroot and a timer. `once`: only where there is none yet. */
export function furnishCertificate(ground: Ground, once?: 'once'): void {
  const { nginx } = places(ground.engine.parts.settings);
  if (once && certificateIn(textOf(ground, nginx.certificate))) return;
  renewBy(ground, 'webroot');
  issue(ground, { ageDays: 40, daysLeft: 50 });
  deploy(ground);
}
