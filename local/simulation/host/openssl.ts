import { failed, ok } from '../docker/flags.ts';
import type { Ground } from '../fault-kind.ts';
import { type Certificate, certificateIn, keyIn, served, textOf } from './certificates.ts';
import type { ShimAnswer, ShimCall } from './rpc.ts';

/** `openssl s_client`, `x509` and `pkey`, as far as scripts ask about a certificate. Everything else is left out. */
export function openssl(ground: Ground, { args, input }: Pick<ShimCall, 'args' | 'input'>): ShimAnswer {
  const [verb = '', ...words] = args;
  const value = (flag: string) => words[words.indexOf(flag) + 1] ?? '';
  const text = words.includes('-in') ? textOf(ground, hostPath(ground, value('-in'))) : input;
  if (verb === 's_client') return client(ground, value('-servername'));
  if (verb === 'pkey') {
    const key = keyIn(text);
    return key === undefined ? failed('Could not read key') : ok(publicKey(key));
  }
  if (verb !== 'x509') return failed(`openssl ${verb} is not simulated`);
  const certificate = certificateIn(text);
  if (!certificate) return failed('Could not read certificate');
  return ok(lines(certificate, words, value, ground.engine.now()).join('\n'));
}

const publicKey = (key: string) => `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----`;
/** A wrapper may have made it a path of the machine that this is. */
const hostPath = ({ tree }: Ground, path: string) => (path.startsWith(`${tree.root}/`) ? path.slice(tree.root.length) : path);

function lines(certificate: Certificate, words: string[], value: (flag: string) => string, now: number): string[] {
  const { from, until, serial, names, key } = certificate;
  const has = (...flags: string[]) => flags.some((flag) => words.includes(flag));
  const alternative = `X509v3 Subject Alternative Name: \n                ${names.map((name) => `DNS:${name}`).join(', ')}`;
  return [
    ...(has('-startdate', '-dates') ? [`notBefore=${spoken(from)}`] : []),
    ...(has('-enddate', '-dates') ? [`notAfter=${spoken(until)}`] : []),
    ...(has('-serial') ? [`serial=${serial}`] : []),
    ...(has('-pubkey') ? [publicKey(key)] : []),
    ...(has('-text') ? [`Certificate:\n    Data:\n            ${alternative}`] : []),
    ...(has('-checkhost')
      ? [`Hostname ${value('-checkhost')} does ${names.includes(value('-checkhost')) ? '' : 'NOT '}match certificate`]
      : []),
    ...(has('-checkend')
      ? [`Certificate will ${Date.parse(until) > now + Number(value('-checkend')) * 1_000 ? 'not ' : ''}expire`]
      : []),
  ];
}

/** `Feb  4 07:41:04 2027 GMT`, as openssl writes times. */
function spoken(at: string): string {
  const [, day = '', month = '', year = '', time = ''] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${month} ${String(Number(day)).padStart(2)} ${time} ${year} GMT`;
}

function client(ground: Ground, name: string): ShimAnswer {
  const certificate = served(ground);
  if (!certificate) return failed('connect:errno=111');
  const verdict =
    Date.parse(certificate.until) <= ground.engine.now()
      ? '10 (certificate has expired)'
      : certificate.names.includes(name)
        ? '0 (ok)'
        : '62 (hostname mismatch)';
  return ok(
    `CONNECTED(00000003)\n---\n${ground.engine.state.tls?.loaded.trimEnd()}\n---\n    Verify return code: ${verdict}\n---`,
  );
}
