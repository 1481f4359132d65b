import { describe, expect, it } from 'vitest';
import { asBadAs, type CertificateFacts, holds, isBehind, plan, reason, told } from '../../../runbooks/saveit/issued.ts';

type Issued = CertificateFacts['issued'];
interface Change {
  served?: Partial<CertificateFacts['served']>;
  issued?: Partial<Issued>;
}

/** Issued a month ago, kept, and shown; a test says what is not. */
function facts({ served, issued }: Change = {}): CertificateFacts {
  return {
    served: {
      ...{ host: 'api.saveit.ai', port: 443, served: true, error: '', daysLeft: 60 },
      ...{ notBefore: '2026-09-03T00:00:00Z', notAfter: '2026-12-02T00:00:00Z', subject: 'CN=api.saveit.ai' },
      ...{ issuer: 'CN=R11', serial: '01', names: ['api.saveit.ai'], nameMatches: true, trusted: true, verification: '' },
      ...served,
    },
    issued: {
      ...{ found: true, issuer: 'ClusterIssuer/letsencrypt', ready: true, readyBecause: 'Ready: up to date' },
      ...{ issuing: false, issuingReason: '', issuingSeconds: null, notAfter: '2026-12-02T00:00:00Z', daysLeft: 60 },
      ...{ renewalDue: false, revision: 3, failedAttempts: 0, lastFailureSecondsAgo: null, request: 'ready', requestRevision: 3 },
      ...{ order: 'valid', failure: '', rateLimited: '', challenges: [], temporary: false },
      kept: { exists: true, type: 'kubernetes.io/tls', immutable: false },
      ...issued,
    },
  };
}
const ENDED = { notAfter: '2026-10-03T00:00:00Z', daysLeft: -1 };
const ended = (issued: Partial<Issued> = {}) => facts({ served: ENDED, issued: { ...ENDED, ready: false, ...issued } });
const ISSUING = {
  ...{ issuing: true, issuingReason: 'ManuallyTriggered', issuingSeconds: 600 },
  ...{ request: 'ready' as const, requestRevision: 4 },
};
const IMMUTABLE = { exists: true, type: 'kubernetes.io/tls', immutable: true };
const unkept = (issued: Partial<Issued> = {}) => ended({ ...ISSUING, kept: IMMUTABLE, ...issued });
const proof = (name: string, state: string, reason = '') => ({ name, type: 'HTTP-01', state, reason });
const nothing = (why: string) => ({ act: 'nothing', why: expect.stringContaining(why) });

describe('a renewal', () => {
  it.each<[string, CertificateFacts, string]>([
    ['it has ended', ended(), 'it ended 1 days ago, and cert-manager is not at it'],
    ['it ends today', facts({ issued: { daysLeft: 0 } }), 'it ended 0 days ago'],
    ['a week is left', facts({ issued: { daysLeft: 7 } }), 'it has 7 days left'],
    ['cert-manager should have renewed it', facts({ issued: { daysLeft: 25, renewalDue: true } }), 'it has 25 days left'],
    ['none was ever issued', facts({ issued: { daysLeft: null, notAfter: '', revision: 0 } }), 'none was ever issued'],
  ])('is needed where %s', (_, given, why) => {
    expect(plan(given)).toEqual({ act: 'renew', why: expect.stringContaining(why) });
    expect(reason('renew', given)).toEqual({ needed: true, why: expect.stringContaining(why) });
    expect(reason('replace-secret', given)).toEqual({ needed: false, why: expect.stringContaining('another step does it') });
  });

  it.each<[string, CertificateFacts, string]>([
    ['it has more than a week left', facts({ issued: { daysLeft: 7.1 } }), 'it has 7.1 days left'],
    ['cert-manager knows none', facts({ issued: { found: false, daysLeft: null } }), 'no such Certificate'],
    ['the authority has a rate limit', ended({ rateLimited: 'too many certificates' }), 'refuses for now: too many certificates'],
    ['the limit is what made it fail', ended({ rateLimited: 'rateLimited', failure: 'its order is errored' }), 'refuses for now'],
    ['the last order failed', ended({ failure: 'its order is invalid' }), 'the last attempt failed, its order is invalid'],
    ['attempts have failed', ended({ failedAttempts: 2, readyBecause: 'Expired' }), 'of its last attempts 2 failed: Expired'],
    ['its Secret is being made', ended({ kept: { exists: false, type: '', immutable: false } }), 'make one by itself'],
    ['nobody answers at the door', facts({ served: { served: false, error: 'ECONNREFUSED' }, issued: ENDED }), 'ECONNREFUSED'],
    [
      'it is renewed, and the front door shows the old one',
      facts({ served: ENDED }),
      'until 2026-12-02T00:00:00Z, and api.saveit.ai still shows the one until 2026-10-03T00:00:00Z',
    ],
  ])('is not where %s', (_, given, why) => {
    expect(plan(given)).toEqual(nothing(why));
    for (const act of ['renew', 'replace-secret'] as const)
      expect(reason(act, given)).toEqual({ needed: false, why: expect.stringContaining(why) });
  });

  it('is not needed while cert-manager is at it, and says what that waits for', () => {
    const pending = { ...ISSUING, request: 'pending' as const, order: 'pending' };
    const challenges = [proof('saveit.ai', 'valid'), proof('api.saveit.ai', 'pending', 'Waiting for propagation')];
    expect(plan(ended({ ...pending, challenges }))).toEqual(
      nothing('since 10 minutes (ManuallyTriggered): the proof of api.saveit.ai is pending Waiting for propagation'),
    );
    expect(plan(ended({ ...pending, challenges: [proof('saveit.ai', 'new')] }))).toEqual(nothing('saveit.ai is new'));
    expect(plan(ended({ ...pending, challenges: [proof('saveit.ai', 'valid')] }))).toEqual(nothing(', its order is pending'));
    expect(plan(ended({ ...pending, issuingSeconds: null }))).toEqual(nothing('is at it (ManuallyTriggered)'));
  });
});

describe('a new Secret', () => {
  it.each<[string, Issued['kept'], string]>([
    ['it is immutable', IMMUTABLE, 'does not take it: it is immutable'],
    ['it is of another type', { exists: true, type: 'Opaque', immutable: false }, 'it is of type Opaque'],
  ])('is needed where one is issued and %s', (_, kept, why) => {
    expect(reason('replace-secret', unkept({ kept }))).toEqual({ needed: true, why: expect.stringContaining(why) });
    expect(reason('renew', unkept({ kept })).needed).toBe(false);
  });

  it.each<[string, CertificateFacts]>([
    ['the old one still holds', unkept({ daysLeft: 2 })],
    ['none was ever issued', unkept({ daysLeft: null })],
    ['none is issued yet', unkept({ request: 'pending' })],
    ['what is issued is the one that has ended', unkept({ requestRevision: 3 })],
    ['nobody knows which one is issued', unkept({ requestRevision: 0 })],
    ['the order failed', unkept({ failure: 'its order is invalid' })],
    ['the authority has a rate limit', unkept({ rateLimited: 'rateLimited' })],
    ['it was ordered a moment ago', unkept({ issuingSeconds: 300 })],
    ['nobody knows since when', unkept({ issuingSeconds: null })],
    ['it could take it', unkept({ kept: { ...IMMUTABLE, immutable: false } })],
    ['it is gone already', unkept({ kept: { exists: false, type: '', immutable: false } })],
    ['nobody has tried a renewal', ended({ kept: IMMUTABLE })],
  ])('is not where %s', (_, given) => {
    expect(reason('replace-secret', given).needed).toBe(false);
  });
});

describe('what is shown', () => {
  it('is behind only where it is older than what is issued by more than rounding', () => {
    expect(isBehind(facts({ served: ENDED }))).toBe(true);
    expect(isBehind(facts({ served: { notAfter: '2026-12-01T23:59:30Z' } }))).toBe(false);
    expect(isBehind(facts({ served: { served: false, notAfter: '' } }))).toBe(false);
    expect(isBehind(facts({ served: ENDED, issued: { notAfter: '' } }))).toBe(false);
  });

  it.each<[string, CertificateFacts, unknown]>([
    ['holds where it is issued, kept and shown', facts(), true],
    ['is on its way while it is issued', ended(ISSUING), { notYet: expect.stringContaining('is at it') }],
    ['is not where the order failed meanwhile', ended({ ...ISSUING, failure: 'its order is invalid' }), 'order is invalid'],
    ['is not where there is a rate limit', ended({ ...ISSUING, rateLimited: 'too many' }), 'too many'],
    ['is not where nobody issues it', facts({ issued: { found: false } }), 'no such Certificate'],
    ['is not where it is due still', ended(), 'it ended 1 days ago'],
    ['is not where cert-manager says so', facts({ issued: { ready: false, readyBecause: 'DoesNotExist' } }), 'DoesNotExist'],
    ['is not where nothing is shown', facts({ served: { served: false, error: 'timeout' } }), 'no certificate (timeout)'],
    ['is not where the old one is shown', facts({ served: ENDED, issued: { failedAttempts: 1 } }), 'still shows the one'],
    ['is not where it ends soon', facts({ served: { daysLeft: 7 } }), '7 days left'],
    ['is not where it is for others', facts({ served: { nameMatches: false, names: ['x.org'] } }), 'is for x.org, not for api'],
    ['is not where it is for nobody', facts({ served: { nameMatches: false, names: [] } }), 'is for no name'],
    ['is not where nobody trusts it', facts({ served: { trusted: false, verification: 'self-signed' } }), '(self-signed)'],
  ])('%s', (_, given, finding) => {
    expect(holds(given)).toEqual(typeof finding === 'string' ? expect.stringContaining(finding) : finding);
  });
});

describe('a person', () => {
  it.each<[string, Partial<CertificateFacts['served']>, string | undefined]>([
    ['it has ended', { daysLeft: 0 }, 'SEV1'],
    ['nobody trusts it', { trusted: false }, 'SEV1'],
    ['it is for another name', { nameMatches: false }, 'SEV1'],
    ['three days are left', { daysLeft: 3 }, 'SEV2'],
    ['more are left', { daysLeft: 3.1 }, undefined],
    ['nobody knows', { daysLeft: null }, undefined],
    ['nothing is shown, which may be the network', { served: false, daysLeft: null, trusted: false }, undefined],
  ])('is called as it is felt where %s', (_, served, severity) => {
    expect(asBadAs(facts({ served }))).toBe(severity);
  });

  it('is told what is shown, what is issued, and why there is no renewal', () => {
    const challenges = [proof('api.saveit.ai', 'invalid', '404'), proof('saveit.ai', 'valid')];
    expect(told(ended({ failure: 'its order is invalid: 404', readyBecause: 'Expired', challenges })).split('\n')).toEqual([
      'Shown at api.saveit.ai: until 2026-10-03T00:00:00Z (-1 days left), by CN=R11, trusted.',
      'cert-manager: ClusterIssuer/letsencrypt, revision 3, until 2026-10-03T00:00:00Z; Expired.',
      'No renewal now: the last attempt failed, its order is invalid: 404.',
      'Proof of api.saveit.ai by HTTP-01: invalid 404',
      'Proof of saveit.ai by HTTP-01: valid',
    ]);
  });
  it('is told what is not there', () => {
    const given = facts({ served: { served: false, error: 'ECONNREFUSED' }, issued: { found: false } });
    expect(told(given)).toMatch(/nothing \(ECONNREFUSED\)\.\ncert-manager: no such Certificate\./);
    expect(told(facts({ issued: { daysLeft: null, notAfter: '' } }))).toContain('until never; Ready');
  });
  it('is told of the page’s annotation, and of a chain that nobody trusts', () => {
    const given = facts({ served: { trusted: false, verification: 'self-signed' }, issued: { daysLeft: 2, temporary: true } });
    expect(told(given)).toMatch(/not trusted \(self-signed\)[\s\S]*temporary ones/);
    expect(told(given)).not.toContain('No renewal');
  });
});
