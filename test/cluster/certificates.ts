import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DAYS = '2';
/** The names under which the API server reaches the servers of a cluster, and everybody the API server. */
const NAMES = [
  'IP:127.0.0.1',
  'DNS:localhost',
  'DNS:kubernetes.default.svc',
  'DNS:metrics-server.kube-system.svc',
  'DNS:authenticator',
];

export interface KeyPair {
  certificate: string;
  key: string;
}

/** Paths of what a control plane needs to be believed, by its clients and by its own parts. */
export interface Certificates {
  authority: string;
  /** The authority, base64, as EKS' DescribeCluster says it. */
  caData: string;
  server: KeyPair;
  /** Who may tell an aggregated API server which user asks: the aggregator alone, by an authority of its own. */
  frontProxyAuthority: string;
  frontProxy: KeyPair;
  /** What service accounts' tokens are signed with. */
  serviceAccounts: { privateKey: string; publicKey: string };
}

/** Makes them anew in a folder. @throws {Error} when there is no openssl, with what it said */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string) => join(folder, name);
  const [authority, frontAuthority] = await Promise.all([madeAuthority(folder, 'ca'), madeAuthority(folder, 'front-proxy-ca')]);
  const [server, frontProxy] = await Promise.all([
    signed(folder, authority, 'server', 'kube-apiserver', `subjectAltName=${NAMES.join(',')}\nextendedKeyUsage=serverAuth`),
    signed(folder, frontAuthority, 'front-proxy', 'front-proxy-client', 'extendedKeyUsage=clientAuth'),
  ]);
  const serviceAccounts = { privateKey: file('service-accounts.key'), publicKey: file('service-accounts.pub') };
  await run('openssl', ['genrsa', '-out', serviceAccounts.privateKey, '2048']);
  await run('openssl', ['rsa', '-in', serviceAccounts.privateKey, '-pubout', '-out', serviceAccounts.publicKey]);
  return {
    authority: authority.certificate,
    caData: readFileSync(authority.certificate).toString('base64'),
    server,
    frontProxyAuthority: frontAuthority.certificate,
    frontProxy,
    serviceAccounts,
  };
}

function pair(folder: string, name: string): KeyPair {
  return { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

async function madeAuthority(folder: string, name: string): Promise<KeyPair> {
  const { certificate, key } = pair(folder, name);
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate];
  await run('openssl', [...made, '-days', DAYS, '-subj', `/CN=${name}`]);
  return { certificate, key };
}

async function signed(folder: string, by: KeyPair, name: string, commonName: string, extensions: string): Promise<KeyPair> {
  const { certificate, key } = pair(folder, name);
  const request = join(folder, `${name}.csr`);
  const extensionFile = join(folder, `${name}.ext`);
  writeFileSync(extensionFile, extensions);
  await run('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', request, '-subj', `/CN=${commonName}`]);
  const authority = ['-CA', by.certificate, '-CAkey', by.key, '-CAcreateserial', '-CAserial', join(folder, `${name}.srl`)];
  const ask = ['x509', '-req', '-in', request, '-out', certificate, '-days', DAYS, '-extfile', extensionFile];
  await run('openssl', [...ask, ...authority]);
  return { certificate, key };
}
