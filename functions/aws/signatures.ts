import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';

export const makeSignatures = (): Signatures => new Signatures(defaultProvider());

/** A POST of a form to a service whose API no SDK client speaks. */
export interface SignedForm {
  url: string;
  body: string;
  /** Its signing name and region, such as `aps` in `eu-west-1`. */
  service: string;
  region: string;
}

/** Signs requests with the function's own role, as the SDK signs its own (Signature Version 4). */
export class Signatures {
  private readonly credentials: ReturnType<typeof defaultProvider>;
  constructor(credentials: ReturnType<typeof defaultProvider>) {
    this.credentials = credentials;
  }

  /** @param at the time of the signature, ISO 8601: AWS takes it for five minutes @returns the headers to send it with */
  async headers({ url, body, service, region }: SignedForm, at: string): Promise<Record<string, string>> {
    const { protocol, hostname, pathname } = new URL(url);
    const signer = new SignatureV4({ service, region, credentials: this.credentials, sha256: Sha256 });
    const headers = { host: hostname, 'content-type': 'application/x-www-form-urlencoded' };
    const signed = await signer.sign(
      { method: 'POST', protocol, hostname, path: pathname, headers, body },
      { signingDate: new Date(at) },
    );
    // fetch sets the host itself, to the same.
    const { host: _set, ...rest } = signed.headers;
    return rest;
  }
}

/** SHA-256 as the signer takes it, by Node's own. */
class Sha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest());
  }
  reset(): void {}
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
