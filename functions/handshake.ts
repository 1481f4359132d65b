import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';

/** A certificate as it is served. Times are ISO 8601 in UTC. */
export interface ServedCertificate {
  notBefore: string;
  notAfter: string;
  subject: string;
  issuer: string;
  serial: string;
  names: string[];
  nameMatches: boolean;
  trusted: boolean;
  /** Why it is not trusted, in OpenSSL's word; `''` when it is. */
  verification: string;
}

/**
 * @param limitMs after which there was no answer
 * @throws {Error} in the network's own words, where no certificate was shown
 */
export type Handshake = (host: string, port: number, limitMs: number) => Promise<ServedCertificate>;

/**
 * Shakes hands as a browser would, and takes whatever certificate is shown: one that is not valid is what is looked for. Nothing is
 * sent after it, so nobody is trusted with anything.
 */
export const handshake: Handshake = (host, port, limitMs) =>
  new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
      // So that `authorized` speaks of the chain alone: whether the name fits is a fact of its own.
      checkServerIdentity: () => undefined,
    });
    const late = setTimeout(() => socket.destroy(new Error(`no answer within ${limitMs / 1_000} s`)), limitMs);
    socket.once('secureConnect', () => {
      try {
        resolve(certificateOf(socket, host));
      } catch (error) {
        reject(error);
      }
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      clearTimeout(late);
      reject(new Error('the connection was closed before a certificate was shown'));
    });
  });

function certificateOf(socket: TLSSocket, host: string): ServedCertificate {
  const shown = socket.getPeerCertificate();
  if (!shown.valid_to) throw new Error('no certificate was shown');
  const names = (shown.subjectaltname ?? '').split(', ').filter(Boolean);
  return {
    notBefore: new Date(shown.valid_from).toISOString(),
    notAfter: new Date(shown.valid_to).toISOString(),
    subject: named(shown.subject),
    issuer: named(shown.issuer),
    serial: shown.serialNumber,
    names: names.map((name) => name.replace(/^(DNS|IP Address):/, '')),
    nameMatches: checkServerIdentity(host, shown) === undefined,
    trusted: socket.authorized,
    verification: socket.authorized ? '' : String(socket.authorizationError),
  };
}

/** `CN=R11, O=Let's Encrypt`. */
function named(name: { CN?: string | string[] | undefined; O?: string | string[] | undefined }): string {
  const parts = [name.CN && `CN=${name.CN}`, name.O && `O=${name.O}`];
  return parts.filter(Boolean).join(', ');
}
