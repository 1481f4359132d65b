import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringNginxBack } from '../../../runbooks/commands/bring-nginx-back.ts';
import { certificateState } from '../../../runbooks/commands/certificate-state.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { installCertificate } from '../../../runbooks/commands/install-certificate.ts';
import { renewCertificate } from '../../../runbooks/commands/renew-certificate.ts';
import { renewCertificateStandalone } from '../../../runbooks/commands/renew-certificate-standalone.ts';
import type { HostCall } from '../../../runbooks/language/command.ts';
import { daysLeft, placeOf, stateOf, stoppingOf } from '../../../runbooks/sira/certificate.ts';
import { environment, send } from './commands.ts';
import { host, openStage, type Stage, settings } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  expect(stage.unknown).toEqual([]);
  await stage.close();
});

const look = () => send(stage, certificateState(stateOf(settings)));
const left = async () => {
  // nginx takes a moment to come up.
  stage.clock.leap(5_000);
  const { now, served } = await look();
  return served ? Math.round(daysLeft(now, served)) : 'nothing is served';
};
const folder = () => join(stage.folder, 'hosts', host.name, 'root', settings.certificate.folder);
const docker = (words: string) => stage.run(`docker ${words}`);

/** Of an act that fails: what it says, and the facts that it tells all the same. */
async function failing(call: HostCall<unknown>) {
  const { exitCode, stdout, stderr } = await stage.run(
    scriptOf(call.command),
    environment(stage, call, `failing-${call.command.name}`),
  );
  expect(exitCode).toBe(1);
  return { stderr, facts: call.command.facts.parse(JSON.parse(stdout.split('\n')[0] ?? '')), stdout };
}

describe('a healthy host', () => {
  it('serves a certificate that fits, is trusted, and is renewed by a timer', async () => {
    const found = await look();
    expect(found).toMatchObject({
      authenticator: 'webroot',
      scheduledBy: 'certbot.timer',
      deployHook: true,
      attempts: 0,
      rateLimited: '',
      certbotRuns: false,
      nginxRuns: true,
      served: { nameMatches: true, trusted: true, names: ['yourdomain.com', 'www.yourdomain.com'] },
      file: { keyMatches: true, keyMode: '600' },
      issued: { keyMatches: true },
    });
    expect(await left()).toBe(50);
  });
  it('says unknown, and not that all is well, while nginx does not serve', async () => {
    await docker(`stop ${settings.containers.nginx}`);
    expect(await look()).toMatchObject({ served: null, servedError: 'connect:errno=111', nginxRuns: false });
  });
});

describe('a renewal with nginx stopped', () => {
  it('brings nginx back with the new certificate, and the key is nobody else’s to read', async () => {
    stage.simulation.switchOn('certificate-expiring');
    expect(await look()).toMatchObject({ authenticator: 'standalone', scheduledBy: 'none' });
    const done = await send(stage, renewCertificateStandalone(stoppingOf(settings)));
    expect(done).toEqual({ outcome: 'renewed', copied: true, reloaded: true, nginxRuns: true, problem: '' });
    expect(await left()).toBe(90);
    expect(await look()).toMatchObject({ attempts: 1, file: { keyMode: '600', keyMatches: true } });
    expect(readdirSync(folder()).sort()).toEqual(['fullchain.pem', 'fullchain.pem.bak', 'privkey.pem', 'privkey.pem.bak']);
    expect(statSync(join(folder(), 'privkey.pem.bak')).mode & 0o777).toBe(0o600);
  });
  it('brings nginx back with the old one where the authority refuses', async () => {
    stage.simulation.switchOn('certificate-refused');
    const { facts, stderr } = await failing(renewCertificateStandalone(stoppingOf(settings)));
    expect(facts).toMatchObject({ outcome: 'rate-limited', copied: false, nginxRuns: true });
    expect(stderr).toContain("the authority's limit is reached");
    expect(await left()).toBe(2);
    expect((await look()).rateLimited).toContain('too many certificates');
  });
  it('does not stop nginx while another certbot is at work', async () => {
    stage.simulation.switchOn('certificate-cron-renewing');
    const before = await docker(`inspect --format '{{.State.StartedAt}}' ${settings.containers.nginx}`);
    const { facts } = await failing(renewCertificateStandalone(stoppingOf(settings)));
    expect(facts).toMatchObject({ outcome: 'busy', nginxRuns: true });
    expect(await docker(`inspect --format '{{.State.StartedAt}}' ${settings.containers.nginx}`)).toEqual(before);
  });
});

describe('a renewal while nginx goes on', () => {
  it('leaves nginx running, and has it take up the new certificate', async () => {
    stage.simulation.switchOn('certificate-webroot');
    const before = await docker(`inspect --format '{{.State.StartedAt}}' ${settings.containers.nginx}`);
    expect(await send(stage, renewCertificate(placeOf(settings)))).toMatchObject({ outcome: 'renewed', reloaded: true });
    expect(await docker(`inspect --format '{{.State.StartedAt}}' ${settings.containers.nginx}`)).toEqual(before);
    expect(await left()).toBe(90);
  });
  it('puts the old pair back where nginx refuses the new one', async () => {
    stage.simulation.switchOn('certificate-unusable');
    const old = readFileSync(join(folder(), 'fullchain.pem'), 'utf8');
    const { facts } = await failing(renewCertificate(placeOf(settings)));
    expect(facts).toMatchObject({ outcome: 'renewed', copied: false, reloaded: false, nginxRuns: true });
    expect(readFileSync(join(folder(), 'fullchain.pem'), 'utf8')).toBe(old);
    expect(await left()).toBe(12);
  });
  it('never prints a key', async () => {
    stage.simulation.switchOn('certificate-webroot');
    const call = renewCertificate(placeOf(settings));
    const done = await stage.run(scriptOf(call.command), environment(stage, call, 'quiet'));
    const looked = certificateState(stateOf(settings));
    const seen = await stage.run(scriptOf(looked.command), environment(stage, looked, 'quiet-look'));
    const key = readFileSync(join(folder(), 'privkey.pem'), 'utf8').split('\n')[1] ?? 'no key';
    expect(`${done.stdout}${done.stderr}${seen.stdout}${seen.stderr}`).not.toContain(key);
    expect(done.stdout).not.toContain('PRIVATE');
  });
});

describe('one that certbot renewed long ago', () => {
  it('is copied and taken up, without asking the authority', async () => {
    stage.simulation.switchOn('certificate-not-copied');
    expect(await send(stage, installCertificate(placeOf(settings)))).toMatchObject({ outcome: 'installed', copied: true });
    expect(await left()).toBe(85);
    expect((await look()).attempts).toBe(0);
  });
});

describe('after a renewal that was cut off', () => {
  it('nginx runs again, with a pair that fits', async () => {
    stage.simulation.switchOn('certificate-webroot');
    await send(stage, renewCertificate(placeOf(settings)));
    stage.clock.leap(60_000);
    await docker(`stop ${settings.containers.nginx}`);
    // Cut off between the two files: the new certificate beside the old key.
    await stage.run(`cp ${settings.certificate.folder}/privkey.pem.bak ${settings.certificate.folder}/privkey.pem`);
    expect((await look()).file).toMatchObject({ keyMatches: false });
    expect(await send(stage, bringNginxBack(stoppingOf(settings)))).toEqual({ running: true, restored: true });
    expect((await look()).file).toMatchObject({ keyMatches: true });
    expect(await left()).toBe(12);
  });
});

describe('attempts', () => {
  it('of others are counted from certbot’s own logs', async () => {
    stage.simulation.switchOn('certificate-attempts-used');
    expect((await look()).attempts).toBe(2);
    stage.clock.leap(22 * 3_600_000);
    expect((await look()).attempts).toBe(0);
  });
});

describe('every fault of the certificate', () => {
  it('fires its alarm and no other, and clears when it is switched off', () => {
    const firing = () =>
      stage.simulation
        .measure()
        .filter((one) => one.firing)
        .map((one) => one.alert);
    for (const { id } of stage.simulation.faults().filter((fault) => fault.id.startsWith('certificate-'))) {
      stage.simulation.switchOn(id);
      expect(firing()).toEqual(['CertificateExpiring']);
      stage.simulation.switchOff(id);
      expect(firing()).toEqual([]);
    }
  });
  it('where nothing is wrong the host’s own timer renews it, however much time passes', () => {
    stage.clock.leap(400 * 86_400_000);
    expect(stage.simulation.measure().filter((one) => one.firing && one.alert === 'CertificateExpiring')).toEqual([]);
  });
});
