import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Signatures } from '../../../functions/aws/signatures.ts';

const KEY = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'a/session+token=',
};
const ID = 'ws-b226cc2a-a446-46a9-933a-ac50479a5568';
const FORM = {
  url: `https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/${ID}/api/v1/query`,
  body: new URLSearchParams({
    query: 'rate(http_requests_total{status=~"5.."}[5m])',
    time: '2026-10-05T12:00:00.000Z',
  }).toString(),
  service: 'aps',
  region: 'eu-west-1',
};
const AT = '2026-10-05T12:00:01.500Z';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The signature as AWS' documentation derives it, step by step, over what arrives: another maker than the one that is tried. */
function signatureOf(headers: Record<string, string>, signedHeaders: string): string {
  const { pathname, hostname } = new URL(FORM.url);
  const all: Record<string, string> = { ...headers, host: hostname };
  const canonical = signedHeaders.split(';').map((name) => `${name}:${(all[name] ?? '').trim()}\n`);
  const request = ['POST', pathname, '', canonical.join(''), signedHeaders, sha256(FORM.body)].join('\n');
  const scope = '20261005/eu-west-1/aps/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261005T120001Z', scope, sha256(request)].join('\n');
  const key = ['20261005', 'eu-west-1', 'aps', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${KEY.secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

describe('a form for a service that no SDK client speaks', () => {
  it('is signed with the own role, over its body, host and session', async () => {
    const headers = await new Signatures(async () => KEY).headers(FORM, AT);
    const said = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
    const [, credential, signedHeaders = '', signature] = said ?? [];
    expect(credential).toBe('AKIDEXAMPLE/20261005/eu-west-1/aps/aws4_request');
    expect(signedHeaders.split(';')).toEqual(
      expect.arrayContaining(['content-type', 'host', 'x-amz-date', 'x-amz-security-token']),
    );
    expect(signature).toBe(signatureOf(headers, signedHeaders));
    expect(headers).toMatchObject({ 'x-amz-date': '20261005T120001Z', 'x-amz-security-token': KEY.sessionToken });
    expect(headers).not.toHaveProperty('host');
  });

  it('has another signature when a letter of its body is another', async () => {
    const signatures = new Signatures(async () => KEY);
    const [one, other] = await Promise.all([
      signatures.headers(FORM, AT),
      signatures.headers({ ...FORM, body: `${FORM.body}0` }, AT),
    ]);
    expect(one.authorization).not.toBe(other.authorization);
  });
});
