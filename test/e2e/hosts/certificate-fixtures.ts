import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bringNginxBack } from '../../../runbooks/commands/bring-nginx-back.ts';
import { installCertificate } from '../../../runbooks/commands/install-certificate.ts';
import { renewCertificate } from '../../../runbooks/commands/renew-certificate.ts';
import { renewCertificateStandalone } from '../../../runbooks/commands/renew-certificate-standalone.ts';
import { placeOf, stoppingOf } from '../../../runbooks/sira/certificate.ts';
import { expiring } from './certificate.ts';
import { copied } from './lineage.ts';
import { call } from './shell.ts';
import type { Stage } from './stage.ts';
import type { Trying } from './trying.ts';

/** The acts on the certificate, each on one that has two days left. What a cut leaves may be the old one or the new one. */
export function certificateActs(stage: Stage): Trying[] {
  const { settings } = stage.stack;
  const { folder, domain } = settings.certificate;
  const state = async () => {
    const end = await call('openssl', ['x509', '-noout', '-enddate', '-in', join(folder, 'fullchain.pem')]);
    const days = (Date.parse(end.replace('notAfter=', '')) - Date.now()) / 86_400_000;
    const nginx = (await stage.stack.container('nginx')).state;
    const mode = (statSync(join(folder, 'privkey.pem')).mode & 0o777).toString(8);
    return [`nginx ${nginx} with ${days > 30 ? 'the new' : 'the old'} certificate`, `key ${mode}`];
  };
  const running = async () => {
    await stage.stack.compose(['start', 'nginx']);
    await stage.stack.well();
  };
  const prepared = (by: 'standalone' | 'webroot') => async () => {
    await running();
    await expiring(stage, by);
  };
  const one = (prepare: Trying['prepare']): Trying => ({ prepare, state, cuts: 2 });
  return [
    one(() => prepared('webroot')().then(() => renewCertificate(placeOf(settings)))),
    one(() => prepared('standalone')().then(() => renewCertificateStandalone(stoppingOf(settings)))),
    one(async () => {
      await prepared('webroot')();
      const old = readFileSync(join(folder, 'fullchain.pem'));
      await call('certbot', ['renew', '--cert-name', domain, '--non-interactive', '--no-random-sleep-on-renew']);
      if (!old.equals(readFileSync(join(folder, 'fullchain.pem')))) throw new Error('certbot has copied it');
      return installCertificate(placeOf(settings));
    }),
    one(async () => {
      copied(stage.stack);
      await stage.stack.compose(['stop', 'nginx']);
      return bringNginxBack(stoppingOf(settings));
    }),
  ];
}
