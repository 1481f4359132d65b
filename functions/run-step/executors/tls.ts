import { milliseconds } from '../../../runbooks/language/duration.ts';
import type { TlsFacts, TlsProbe } from '../../../runbooks/language/probe.ts';
import type { ServedCertificate } from '../../handshake.ts';
import type { Surroundings } from '../../surroundings.ts';
import { redact } from '../redact.ts';

type World = Pick<Surroundings, 'clock' | 'handshake'>;

const DAY_MS = 86_400_000;
/** A certificate may have hundreds of names. */
const MOST_NAMES = 20;
const NONE: ServedCertificate = {
  notBefore: '',
  notAfter: '',
  subject: '',
  issuer: '',
  serial: '',
  names: [],
  nameMatches: false,
  trusted: false,
  verification: '',
};

/** What a handshake showed, and the same in a line. No certificate is a fact too, with the network's words for it. */
export async function seenOverTls(around: World, { host, port, timeout }: TlsProbe): Promise<[TlsFacts, string]> {
  const facts = await shown(around, host, port, milliseconds(timeout));
  return [facts, sayTls(facts)];
}

async function shown(around: World, host: string, port: number, limitMs: number): Promise<TlsFacts> {
  try {
    const certificate = await around.handshake(host, port, limitMs);
    const left = (Date.parse(certificate.notAfter) - around.clock.now().getTime()) / DAY_MS;
    const names = certificate.names.slice(0, MOST_NAMES);
    return { host, port, served: true, ...certificate, names, daysLeft: Math.floor(left * 10) / 10, error: '' };
  } catch (error) {
    const words = redact(error instanceof Error ? error.message : String(error));
    return { host, port, served: false, ...NONE, daysLeft: null, error: words };
  }
}

function sayTls({ host, port, served, notAfter, daysLeft, trusted, verification, nameMatches, names, error }: TlsFacts): string {
  if (!served) return `${host}:${port} shows no certificate (${error})`;
  const left = daysLeft !== null && daysLeft < 0 ? `ended ${-daysLeft} days ago` : `${daysLeft} days left`;
  const flaws = [
    ...(trusted ? [] : [`not trusted (${verification})`]),
    ...(nameMatches ? [] : [`not for this name but for ${names.join(', ') || 'none'}`]),
  ];
  return [`${host}:${port} shows one until ${notAfter.slice(0, 16).replace('T', ' ')} UTC, ${left}`, ...flaws].join(', ');
}
