import { copyFileSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call } from './shell.ts';
import type { Stack } from './stack.ts';

const DAY_MS = 86_400_000;
const LETSENCRYPT = '/etc/letsencrypt';

const stamp = (at: number) => `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

/** Puts in the place of what certbot has issued last one that has been valid for 88 days and is for two more: certbot sees it as its own. */
export async function nearlyExpired(work: string, { settings }: Stack, daysLeft = 2): Promise<void> {
  const { domain } = settings.certificate;
  const live = join(LETSENCRYPT, 'live', domain);
  const folder = join(work, 'old-certificate');
  mkdirSync(folder, { recursive: true });
  const lines = [
    '[ca]\ndefault_ca = own\n[own]\ndatabase = index\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any',
    'x509_extensions = names\n[any]\ncommonName = supplied\n[req]\ndistinguished_name = dn\n[dn]\n[names]',
    `subjectAltName = DNS:${domain}\n`,
  ];
  writeFileSync(join(folder, 'ca.cnf'), lines.join('\n'));
  writeFileSync(join(folder, 'index'), '');
  writeFileSync(
    join(folder, 'serial'),
    `${Math.floor(Math.random() * 1e8) + 10 ** 9}\n`.replace(
      /^(.)(.*)\n$/,
      (text) => `${text.trim().length % 2 ? '0' : ''}${text}`,
    ),
  );
  const key = join(live, 'privkey.pem');
  const within = { cwd: folder };
  await call('openssl', ['req', '-new', '-config', 'ca.cnf', '-subj', `/CN=${domain}`, '-key', key, '-out', 'request'], within);
  const times = ['-startdate', stamp(Date.now() - (90 - daysLeft) * DAY_MS), '-enddate', stamp(Date.now() + daysLeft * DAY_MS)];
  const words = [
    'ca',
    '-batch',
    '-notext',
    '-config',
    'ca.cnf',
    '-selfsign',
    '-keyfile',
    key,
    ...times,
    '-in',
    'request',
    '-out',
    'old.pem',
  ];
  await call('openssl', words, within);
  for (const name of ['cert.pem', 'fullchain.pem']) copyFileSync(join(folder, 'old.pem'), realpathSync(join(live, name)));
}

/** What a deploy hook would do: nginx reads what certbot has. */
export function copied({ settings }: Stack): void {
  const { domain, folder } = settings.certificate;
  mkdirSync(folder, { recursive: true });
  for (const name of ['fullchain.pem', 'privkey.pem'])
    writeFileSync(join(folder, name), readFileSync(join(LETSENCRYPT, 'live', domain, name)), {
      mode: name === 'privkey.pem' ? 0o600 : 0o644,
    });
}

/** How certbot proves the domain, in its own file. */
export function renewedBy({ settings }: Stack, authenticator: 'standalone' | 'webroot'): void {
  const { domain } = settings.certificate;
  const file = join(LETSENCRYPT, 'renewal', `${domain}.conf`);
  const plain = readFileSync(file, 'utf8').replace(/^(webroot_path|\[\[webroot_map\]\]|renew_hook|.* = .*\/webroot).*\n/gm, '');
  const changed = plain.replace(/^authenticator = .*$/m, `authenticator = ${authenticator}`).trimEnd();
  const webroot = join(settings.projectDir, 'webroot');
  writeFileSync(
    file,
    `${changed}\n${authenticator === 'webroot' ? `webroot_path = ${webroot},\n[[webroot_map]]\n${domain} = ${webroot}\n` : ''}`,
  );
}
