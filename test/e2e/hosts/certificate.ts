import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateState } from '../../../runbooks/commands/certificate-state.ts';
import { daysLeft, stateOf } from '../../../runbooks/sira/certificate.ts';
import { type Authority, authority } from './authority.ts';
import { runner } from './cut.ts';
import { copied, nearlyExpired, renewedBy } from './lineage.ts';
import { play } from './play.ts';
import type { Stage } from './stage.ts';
import { acts, type Trial } from './trial.ts';

/** A certificate that is really renewed: certbot, an authority that asks at port 80, and nginx that is there or is not. */
export async function certificate(stage: Stage): Promise<void> {
  await withAuthority(stage, (own) => stories(stage, own));
}

let made: Promise<Authority> | undefined;

/** With the one authority of this world at work, and a certificate of it that has two days left. */
export async function withAuthority(stage: Stage, work: (own: Authority) => Promise<void>): Promise<void> {
  const { stack, place } = stage;
  const { domain } = stack.settings.certificate;
  made ??= authority(place.work, domain);
  const own = await made;
  await own.start();
  try {
    await stack.compose(['stop', 'nginx']);
    await own.first(domain);
    await expiring(stage, 'standalone');
    await stack.compose(['start', 'nginx']);
    await stack.well();
    await work(own);
  } finally {
    await own.stop();
  }
}

async function stories(stage: Stage, own: Authority): Promise<void> {
  await renewed(stage, 'standalone', 'Renew the certificate with nginx stopped');
  await expiring(stage, 'webroot');
  await renewed(stage, 'webroot', 'Renew the certificate while nginx goes on');
  await broken(stage);
  // The last: an authority that is started anew knows nobody any more.
  await refused(stage, own);
  await own.start();
}

export async function expiring(stage: Stage, by: 'standalone' | 'webroot'): Promise<void> {
  await nearlyExpired(stage.place.work, stage.stack);
  renewedBy(stage.stack, by);
  copied(stage.stack);
  await stage.place.engine
    .docker(['exec', stage.stack.settings.containers.nginx, 'nginx', '-s', 'reload'])
    .catch(() => 'it is stopped');
}

/** What is served, as the script finds it. */
async function served({ place, home, stack }: Stage) {
  const scripts = await runner(place, home);
  const { stdout } = await scripts.run(certificateState(stateOf(stack.settings)), `state-${Date.now()}`);
  const facts = certificateState.facts.parse(JSON.parse(stdout.split('\n')[0] ?? ''));
  return { ...facts, left: facts.served ? Math.round(daysLeft(facts.now, facts.served)) : undefined };
}

/** So that the two attempts a day of one story are not those of the next. */
const forgetAttempts = () => writeFileSync('/var/log/letsencrypt/letsencrypt.log', '');

async function renewed(stage: Stage, by: 'standalone' | 'webroot', act: string): Promise<void> {
  const { stack, results } = stage;
  const name = `a certificate with two days left, renewed by ${by}`;
  const before = await stack.container('nginx');
  await play(stage, name, async (trial) => {
    await trial.fires('sira-CertificateExpiring');
    const ended = await trial.ends(
      ({ status }) => status === 'resolved',
      async () => (await served(stage)).left === 90,
    );
    results.equal(`${name}: renewed`, acts(ended), [act]);
    const now = await served(stage);
    results.equal(`${name}: the new one is served`, [now.left, now.served?.trusted, now.served?.nameMatches], [90, true, true]);
    const key = statSync(join(stack.settings.certificate.folder, 'privkey.pem'));
    results.equal(`${name}: the key is nobody else's to read`, key.mode & 0o777, 0o600);
    const after = await stack.container('nginx');
    results.equal(`${name}: nginx is the same container`, [after.id, after.state], [before.id, 'running']);
    results.equal(
      `${name}: nginx was ${by === 'standalone' ? '' : 'not '}stopped`,
      after.startedAt !== before.startedAt,
      by === 'standalone',
    );
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
  });
  forgetAttempts();
}

/** The authority does not answer: nginx is back with what it had, and a person hears of it. */
async function refused(stage: Stage, own: Authority): Promise<void> {
  const name = 'an authority that does not answer';
  await expiring(stage, 'standalone');
  await own.stop();
  await left(stage, name, /certbot ended with 1/);
}

/** What certbot is given, nginx does not take: a chain with a broken end. */
async function broken(stage: Stage): Promise<void> {
  const name = 'a new certificate that nginx does not take';
  await expiring(stage, 'webroot');
  const hook = join(stage.place.work, 'break-it');
  writeFileSync(
    hook,
    '#!/bin/sh\nprintf -- "-----BEGIN CERTIFICATE-----\\nnothing\\n-----END CERTIFICATE-----\\n" >>"$RENEWED_LINEAGE/fullchain.pem"\n',
    { mode: 0o755 },
  );
  const { domain } = stage.stack.settings.certificate;
  const file = `/etc/letsencrypt/renewal/${domain}.conf`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^authenticator/m, `renew_hook = ${hook}\nauthenticator`));
  await left(stage, name, /nginx -t refuses it/);
}

async function left(stage: Stage, name: string, says: RegExp): Promise<void> {
  const { stack, results } = stage;
  const old = readFileSync(join(stack.settings.certificate.folder, 'fullchain.pem'), 'utf8');
  await play(stage, name, async (trial: Trial) => {
    await trial.fires('sira-CertificateExpiring');
    const { incident, timeline } = await trial.ends(({ automation }) => automation === 'escalated');
    results.equal(`${name}: ends at a person`, incident.status, 'open');
    results.equal(`${name}: nginx runs`, (await stack.container('nginx')).state, 'running');
    results.equal(`${name}: the old one is served`, (await served(stage)).left, 2);
    results.equal(
      `${name}: the old file is in its place`,
      readFileSync(join(stack.settings.certificate.folder, 'fullchain.pem'), 'utf8'),
      old,
    );
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id, 'devops'), []);
    results.holds(`${name}: the timeline says why`, says.test(JSON.stringify(timeline)));
  });
  forgetAttempts();
}
