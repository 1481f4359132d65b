import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { handshake } from '../../../functions/handshake.ts';
import { machineClock } from '../../../functions/incident/clock.ts';
import { seenOverTls } from '../../../functions/run-step/executors/tls.ts';
import { probeByHand, TlsFacts, tlsProbe } from '../../../runbooks/language/probe.ts';

/** Certificates that openssl makes here, behind real servers on this machine. */
const folder = mkdtempSync(join(tmpdir(), 'firebreak-tls-'));
const inFolder = (name: string) => join(folder, name);
const roots = tls.getCACertificates('default');
const servers: Server[] = [];
let port = 0;

beforeAll(() => {
  const names = 'subjectAltName=DNS:localhost,DNS:*.example.com,IP:127.0.0.1';
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-addext', names],
    ...['-subj', '/O=Save-It/CN=localhost', '-keyout', inFolder('key.pem'), '-out', inFolder('valid.pem')],
  );
  const request = inFolder('request.pem');
  openssl('req', '-new', '-key', inFolder('key.pem'), '-subj', '/CN=localhost', '-out', request);
  // No day long: over as soon as it is made.
  const ended = ['-days', '0', '-out', inFolder('ended.pem')];
  openssl('x509', '-req', '-in', request, '-signkey', inFolder('key.pem'), ...ended);
});
afterEach(() => {
  tls.setDefaultCACertificates(roots);
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
const pem = (name: string) => readFileSync(inFolder(name), 'utf8');
const trusting = (name: string) => tls.setDefaultCACertificates([...roots, pem(name)]);

async function listening(server: Server): Promise<void> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
}
const serving = (name: string) => listening(tls.createServer({ key: pem('key.pem'), cert: pem(name) }));
const look = async (host = 'localhost', limit: '5s' | '1s' = '5s') => {
  const [facts, says] = await seenOverTls({ clock: machineClock, handshake }, tlsProbe(host, port, limit));
  return { facts: TlsFacts.parse(facts), says };
};

describe('a look at the certificate that is served', () => {
  it('is trusted, for the name, and has its days left', async () => {
    trusting('valid.pem');
    await serving('valid.pem');
    const { facts, says } = await look();
    expect(facts).toMatchObject({ served: true, trusted: true, verification: '', nameMatches: true, daysLeft: 29.9, error: '' });
    expect(facts).toMatchObject({ subject: 'CN=localhost, O=Save-It', issuer: 'CN=localhost, O=Save-It' });
    expect(facts.names).toEqual(['localhost', '*.example.com', '127.0.0.1']);
    expect(says).toMatch(/^localhost:\d+ shows one until \d{4}-\d\d-\d\d \d\d:\d\d UTC, 29\.9 days left$/);
  });
  it('shows one that nobody vouches for, such as a temporary one', async () => {
    await serving('valid.pem');
    const { facts, says } = await look();
    expect(facts).toMatchObject({ served: true, trusted: false, verification: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(says).toContain('not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
  });
  it('shows one that has ended', async () => {
    trusting('ended.pem');
    await serving('ended.pem');
    const { facts } = await look();
    expect(facts).toMatchObject({ served: true, trusted: false, verification: 'CERT_HAS_EXPIRED' });
    expect(facts.daysLeft).toBeLessThanOrEqual(0);
  });
  it('tells whether it is for the name that users type', async () => {
    trusting('ended.pem');
    await serving('ended.pem');
    expect((await look('127.0.0.1')).facts).toMatchObject({ nameMatches: false, served: true });
  });
});

describe('where there is none to be seen, the network says why', () => {
  it('nobody listens', async () => {
    await serving('valid.pem');
    await new Promise<void>((done) => void servers.splice(0)[0]?.close(() => done()));
    const { facts, says } = await look('127.0.0.1');
    expect(facts).toMatchObject({ served: false, daysLeft: null, notAfter: '' });
    expect(facts.error).toContain('ECONNREFUSED');
    expect(says).toContain('shows no certificate (');
  });
  it('it does not speak TLS', async () => {
    await listening(createServer((socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect((await look('127.0.0.1')).facts).toMatchObject({ served: false });
  });
  it('it says nothing', async () => {
    await listening(createServer((socket) => void socket.on('error', () => undefined)));
    expect((await look('127.0.0.1', '1s')).facts.error).toBe('no answer within 1 s');
  });
});

it('has a line to do the same by hand', () => {
  expect(probeByHand(tlsProbe('api.example.com'))).toContain(
    'openssl s_client -connect api.example.com:443 -servername api.example.com',
  );
});
