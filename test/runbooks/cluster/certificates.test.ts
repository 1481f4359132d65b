import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  certificateRequests,
  certificates,
  challenges,
  orders,
  sealedSecrets,
  secretHeads,
} from '../../../runbooks/cluster/certificate-kinds.ts';
import { IssuedCertificate, issuedCertificate } from '../../../runbooks/cluster/issued-certificate.ts';
import { renewIssuedCertificate } from '../../../runbooks/cluster/renew-issued-certificate.ts';
import { replaceCertificateSecret } from '../../../runbooks/cluster/replace-certificate-secret.ts';
import { ClusterFault, type ClusterTurn } from '../../../runbooks/language/cluster.ts';
import { InMemoryCluster, oneTurn, TURN } from './in-memory-cluster.ts';

const NAMES = { certificate: 'saveit-tls', secret: 'saveit-tls' };
const ON = { on: ['saveit-tls', 'saveit-tls'] };
const ALONE = { certificate: 'saveit-tls' };
const VALUES = ['cHJpdmF0ZS1rZXktdmFsdWU', 'Y2VydGlmaWNhdGUtdmFsdWU'];
const READY = { type: 'Ready', status: 'False', reason: 'Expired', message: 'it has ended', observedGeneration: 3 };
const ISSUING = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered' };
const RATE_LIMIT = '429 urn:ietf:params:acme:error:rateLimited: too many certificates already issued for "api.saveit.ai"';

function certificate(status: object = {}) {
  return {
    metadata: { name: 'saveit-tls', uid: 'c1', generation: 3, resourceVersion: '7' },
    spec: { secretName: 'saveit-tls', dnsNames: ['api.saveit.ai'], issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' } },
    status: {
      conditions: [READY],
      revision: 4,
      notAfter: '2026-10-03T03:14:25Z',
      renewalTime: '2026-09-03T03:14:25Z',
      ...status,
    },
  };
}
const secret = (differs: object = {}, uid = 's1') => ({
  metadata: { name: 'saveit-tls', uid },
  type: 'kubernetes.io/tls',
  data: { 'tls.key': VALUES[0], 'tls.crt': VALUES[1] },
  ...differs,
});
const cluster = (status: object = {}) => new InMemoryCluster().put(certificates, certificate(status)).put(secretHeads, secret());

/** An attempt, from the request to the proof of the name. */
function attempt(
  on: InMemoryCluster,
  order: { state: string; reason?: string },
  request: object,
  annotations: Record<string, string> = { 'cert-manager.io/certificate-revision': '5' },
): void {
  const owned = (name: string, uid: string, kind: string, owner: string) => ({
    name,
    uid,
    creationTimestamp: '2026-10-04T03:14:22Z',
    ownerReferences: [{ kind, name: owner, uid: owner }],
  });
  on.put(certificateRequests, {
    metadata: { ...owned('saveit-tls-5', 'r5', 'Certificate', 'c1'), annotations },
    status: { conditions: [{ type: 'Ready', ...request }] },
  });
  on.put(orders, { metadata: owned('saveit-tls-5-1', 'o5', 'CertificateRequest', 'r5'), status: order });
  on.put(challenges, {
    metadata: owned('saveit-tls-5-1-1', 'p5', 'Order', 'o5'),
    spec: { dnsName: 'api.saveit.ai', type: 'HTTP-01' },
    status: { state: 'pending', reason: 'wrong status code 404' },
  });
}
const later = (minutes: number): ClusterTurn => ({
  ...TURN,
  now: new Date(Date.parse(TURN.startedAt) + minutes * 60_000).toISOString(),
});

describe('a look at what cert-manager has issued', () => {
  const look = async (on: InMemoryCluster) => {
    const progress = await oneTurn(on, issuedCertificate, NAMES, ON);
    if (!('facts' in progress)) throw new Error('it waits');
    return { facts: IssuedCertificate.parse(progress.facts), all: JSON.stringify(progress) };
  };
  it('says what is issued, until when, and that a renewal is due', async () => {
    const { facts } = await look(cluster());
    expect(facts).toMatchObject({
      found: true,
      issuer: 'ClusterIssuer/letsencrypt',
      ready: false,
      daysLeft: -1,
      renewalDue: true,
    });
    expect(facts).toMatchObject({
      issuing: false,
      request: 'none',
      order: 'none',
      failure: '',
      rateLimited: '',
      temporary: false,
    });
    expect(facts.kept).toEqual({ exists: true, type: 'kubernetes.io/tls', immutable: false });
  });
  it('never has the values of the Secret', async () => {
    const { all } = await look(cluster());
    for (const value of VALUES) expect(all).not.toContain(value);
  });
  it('says that there is none', async () => {
    expect((await look(new InMemoryCluster())).facts).toMatchObject({ found: false, kept: { exists: false } });
  });
  it('says what the authority refused, and what a proof waits for', async () => {
    const on = cluster();
    attempt(on, { state: 'errored', reason: RATE_LIMIT }, { status: 'False', reason: 'Failed', message: 'order failed' });
    const { facts } = await look(on);
    expect(facts).toMatchObject({ request: 'failed', order: 'errored', rateLimited: RATE_LIMIT });
    expect(facts.failure).toContain('its order is errored: 429');
    expect(facts.challenges).toEqual([
      { name: 'api.saveit.ai', type: 'HTTP-01', state: 'pending', reason: 'wrong status code 404' },
    ]);
  });
  it('says which revision the last request is for, as cert-manager writes it', async () => {
    const on = cluster();
    attempt(on, { state: 'valid' }, { status: 'True', reason: 'Issued' });
    expect((await look(on)).facts).toMatchObject({ request: 'ready', revision: 4, requestRevision: 5 });
    const silent = cluster();
    attempt(silent, { state: 'valid' }, { status: 'True' }, {});
    expect((await look(silent)).facts).toMatchObject({ request: 'ready', requestRevision: 0 });
  });
  it('takes no attempt of another certificate for one of this', async () => {
    const on = cluster();
    attempt(on, { state: 'invalid' }, { status: 'False', reason: 'Failed' });
    const other = { ...certificate().metadata, uid: 'another' };
    on.put(certificates, { ...certificate(), metadata: other });
    expect((await look(on)).facts).toMatchObject({ request: 'none', failure: '' });
  });
});

describe('a renewal', () => {
  const turn = (on: InMemoryCluster, when = TURN) =>
    oneTurn(on, renewIssuedCertificate, ALONE, { on: ['saveit-tls'], turn: when });
  const change = (on: InMemoryCluster, status: object) => on.patch(certificates, 'saveit-tls', { status }, 'status');

  it('sets the condition Issuing as cmctl does, once, and keeps the others whole', async () => {
    const on = cluster();
    expect(await turn(on)).toEqual({ waitsFor: 'cert-manager was asked to renew saveit-tls' });
    expect(await turn(on)).toEqual({ waitsFor: 'cert-manager is issuing saveit-tls' });
    expect(on.changes).toEqual(['patch certificates/saveit-tls', 'patch certificates/saveit-tls/status']);
    const message = `Certificate re-issuance manually triggered (firebreak ${TURN.key})`;
    const issuing = { ...ISSUING, message, observedGeneration: 3, lastTransitionTime: '2026-10-04T03:14:25Z' };
    expect(on.raw(certificates, 'saveit-tls')).toMatchObject({ status: { conditions: [READY, issuing] } });
  });
  it('is over with a new revision that is ready', async () => {
    const on = cluster();
    await turn(on);
    await change(on, { revision: 5, notAfter: '2027-01-02T03:15:00Z', conditions: [{ ...READY, status: 'True' }] });
    expect(await turn(on, later(1))).toEqual({
      facts: { issued: true, revision: 5, notAfter: '2027-01-02T03:15:00Z', tookSeconds: 60 },
    });
    expect(on.changes.filter((one) => one.endsWith('/status'))).toHaveLength(2);
  });
  it('does not ask again when the order fails: it says why', async () => {
    const on = cluster();
    await turn(on);
    attempt(on, { state: 'invalid', reason: '403 unauthorized: Invalid response' }, { status: 'False', reason: 'Failed' });
    await change(on, { failedIssuanceAttempts: 1, conditions: [READY, { ...ISSUING, status: 'False', reason: 'Failed' }] });
    const before = on.changes.length;
    await expect(turn(on)).rejects.toThrow('saveit-tls was not renewed: its order is invalid: 403 unauthorized');
    await expect(turn(on)).rejects.toThrow('403');
    expect(on.changes).toHaveLength(before);
  });
  it('says that the authority has a rate limit', async () => {
    const on = cluster();
    await turn(on);
    attempt(on, { state: 'errored', reason: RATE_LIMIT }, { status: 'False', reason: 'Failed' });
    await change(on, { failedIssuanceAttempts: 1 });
    await expect(turn(on)).rejects.toThrow('the authority refuses saveit-tls for now: 429');
  });
  it('asks for nothing where cert-manager is at it already, and takes what comes of that', async () => {
    const on = cluster({ conditions: [READY, { ...ISSUING, reason: 'Renewing' }] });
    attempt(on, { state: 'pending' }, { status: 'False', reason: 'Pending' });
    expect(await turn(on)).toEqual({ waitsFor: 'the proof of api.saveit.ai is pending wrong status code 404' });
    expect(on.changes).toEqual(['patch certificates/saveit-tls']);
  });
  it('looks again when somebody changed the Certificate at the same moment', async () => {
    const on = cluster();
    const get = on.get.bind(on);
    let disturbed = false;
    on.get = async (kind, name) => {
      const found = await get(kind, name);
      if (!disturbed && kind.plural === 'certificates') {
        disturbed = true;
        await on.patch(certificates, 'saveit-tls', { metadata: { labels: { seen: 'yes' } } });
      }
      return found;
    };
    await expect(turn(on)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await turn(on)).toEqual({ waitsFor: 'cert-manager was asked to renew saveit-tls' });
  });
  it('goes on after a turn that was lost between its two changes', async () => {
    const on = cluster();
    const patch = on.patch.bind(on);
    on.patch = async (kind, name, what, sub) => {
      if (sub === 'status') throw new ClusterFault('unreachable', 'cut');
      return patch(kind, name, what, sub);
    };
    await expect(turn(on)).rejects.toMatchObject({ kind: 'unreachable' });
    on.patch = patch;
    await turn(on);
    expect(on.changes).toEqual(['patch certificates/saveit-tls', 'patch certificates/saveit-tls/status']);
  });
  it('ends without one where nobody refuses it and none comes', async () => {
    const on = cluster();
    await turn(on);
    expect(await turn(on, later(9))).toHaveProperty('waitsFor');
    expect(await turn(on, later(11))).toMatchObject({ facts: { issued: false, revision: 4 } });
  });
  it('needs a Certificate', async () => {
    await expect(turn(new InMemoryCluster())).rejects.toThrow('there is no Certificate saveit-tls');
  });
});

describe('a Secret that is replaced', () => {
  const COPY = 'saveit-tls-before-20261004-031420';
  const turn = (on: InMemoryCluster, when = TURN) => oneTurn(on, replaceCertificateSecret, NAMES, { ...ON, turn: when });
  const well = { conditions: [{ ...READY, status: 'True' }], notAfter: '2027-01-02T03:15:00Z', revision: 5 };

  it('is copied first, then deleted, once, and over when there is a new one', async () => {
    const on = cluster();
    const seen = [await turn(on)];
    expect(on.changes).toEqual([`create secrets/${COPY}`, 'patch certificates/saveit-tls']);
    seen.push(await turn(on));
    expect(on.raw(sealedSecrets, 'saveit-tls')).toBeUndefined();
    expect(on.raw(sealedSecrets, COPY)).toMatchObject({ type: 'kubernetes.io/tls', data: { 'tls.key': VALUES[0] } });
    seen.push(await turn(on));
    on.put(secretHeads, secret({}, 's2'));
    await on.patch(certificates, 'saveit-tls', { status: well }, 'status');
    seen.push(await turn(on, later(1)));
    expect(seen.at(-1)).toEqual({ facts: { copy: COPY, notAfter: '2027-01-02T03:15:00Z', tookSeconds: 60 } });
    expect(on.changes.filter((one) => one === 'delete secrets/saveit-tls')).toHaveLength(1);
    expect(on.raw(sealedSecrets, 'saveit-tls')).toMatchObject({ metadata: { uid: 's2' } });
    for (const value of VALUES) expect(JSON.stringify(seen)).not.toContain(value);
  });
  it.each([
    ['somebody has put the old one back, and its readiness was never taken away', { revision: 4 }],
    ['the new one has ended as well', { notAfter: '2026-10-04T03:14:00Z' }],
    ['cert-manager is still at it', { conditions: [...well.conditions, ISSUING] }],
    ['cert-manager calls it not ready', { conditions: [READY] }],
  ])('is not there anew while %s', async (_, differs) => {
    const on = cluster();
    await turn(on);
    await turn(on);
    on.put(secretHeads, secret({}, 's2'));
    await on.patch(certificates, 'saveit-tls', { status: { ...well, ...differs } }, 'status');
    expect(await turn(on, later(1))).toEqual({ waitsFor: 'cert-manager makes a new saveit-tls' });
    await on.patch(certificates, 'saveit-tls', { status: well }, 'status');
    expect(await turn(on, later(2))).toMatchObject({ facts: { notAfter: well.notAfter } });
  });
  it('stays when the copy can not be made, and nothing of it is told', async () => {
    const on = cluster();
    on.create = async () => {
      throw new ClusterFault('refused', `Secret is invalid: data: ${VALUES[0]}`);
    };
    const error = await turn(on).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'refused', message: 'the copy of saveit-tls was not made (refused)' });
    expect(inspect(error, { depth: 9 })).not.toContain(VALUES[0]);
    expect(on.changes).toEqual([]);
  });
  it('says why there is no new one, and where the old one is', async () => {
    const on = cluster();
    await turn(on);
    await turn(on);
    attempt(on, { state: 'errored', reason: RATE_LIMIT }, { status: 'False', reason: 'Failed' });
    await on.patch(certificates, 'saveit-tls', { status: { failedIssuanceAttempts: 1 } }, 'status');
    await expect(turn(on)).rejects.toThrow(`there is no new one: 429 urn:ietf:params:acme:error:rateLimited`);
    await expect(turn(on)).rejects.toThrow(`kept as ${COPY}`);
  });
  it('is not touched where nothing would make it anew', async () => {
    const none = new InMemoryCluster().put(secretHeads, secret());
    await expect(turn(none)).rejects.toThrow('there is no Certificate');
    const other = certificate();
    const elsewhere = cluster().put(certificates, { ...other, spec: { ...other.spec, secretName: 'other' } });
    await expect(turn(elsewhere)).rejects.toThrow('keeps nothing in saveit-tls but in other');
    const missing = new InMemoryCluster().put(certificates, certificate());
    await expect(turn(missing)).rejects.toThrow('there is no Secret saveit-tls to delete');
  });
  it('has values that nobody can print', async () => {
    const read = await cluster().get(sealedSecrets, 'saveit-tls');
    for (const printed of [JSON.stringify(read), inspect(read, { depth: 9, showHidden: true }), `${read?.data}`])
      for (const value of VALUES) expect(printed).not.toContain(value);
  });
});
