import { describe, expect, it } from 'vitest';
import type { HttpFacts } from '../../../runbooks/language/probe.ts';
import { select } from '../../../runbooks/language/trigger.ts';
import { asBadAs, type Certificate, dueDays, holds, NIGHT, plan, told } from '../../../runbooks/sira/certificate.ts';
import certificateExpiring from '../../../runbooks/sira/certificate-expiring.ts';
import { isQuiet } from '../../../runbooks/sira/quiet-hours.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

const settings = SiraSettings.parse({});
const DAY = 86_400;
const BY_DAY = Date.parse('2026-10-04T14:00:00Z') / 1_000;
const BY_NIGHT = Date.parse('2026-10-04T03:10:00Z') / 1_000;
const site: HttpFacts = { url: 'https://yourdomain.com', status: 200, well: true, error: '', tookMs: 40 };

/** One that is served with so many days left, of 90; certbot has issued nothing newer. */
function certificate(daysLeft: number, differs: Partial<Certificate> = {}): Certificate {
  const now = differs.now ?? BY_DAY;
  const valid = {
    notBefore: now - (90 - daysLeft) * DAY,
    notAfter: now + daysLeft * DAY,
    serial: 'A',
    names: ['yourdomain.com'],
  };
  const pair = { ...valid, nameMatches: true, keyMatches: true, keyMode: '600', keyOwner: 'root' };
  return {
    now,
    served: { ...valid, nameMatches: true, trusted: true, verification: '0 (ok)' },
    servedError: '',
    file: pair,
    issued: pair,
    authenticator: 'standalone',
    challengePort: 80,
    deployHook: false,
    scheduledBy: 'none',
    attempts: 0,
    rateLimited: '',
    certbotRuns: false,
    nginxRuns: true,
    ...differs,
  };
}
const act = (found: Certificate, stop: 'quiet-hours' | 'now' = 'quiet-hours') => plan(found, stop, settings).act;
const why = (found: Certificate) => plan(found, 'quiet-hours', settings).why;

describe('when a certificate is due', () => {
  it('30 days before its end, or a third of a shorter life', () => {
    const lasting = (days: number) => ({ notBefore: 0, notAfter: days * DAY });
    expect([398, 90, 45, 6].map((days) => dueDays(lasting(days)))).toEqual([30, 30, 15, 2]);
  });
  it('and not before', () => {
    expect(act(certificate(31, { authenticator: 'webroot' }))).toBe('nothing');
    expect(act(certificate(29.9, { authenticator: 'webroot' }))).toBe('renew');
    expect(why(certificate(31))).toBe('it has 31 days left, and is due from 30 on');
  });
});

describe('how it is renewed', () => {
  it.each(['webroot', 'nginx', 'dns-route53', 'certbot-dns-x:dns-x'])('%s: at any time, while nginx goes on', (authenticator) => {
    expect(act(certificate(20, { authenticator }))).toBe('renew');
  });
  it('standalone stops nginx: in quiet hours, under three days, or when a person says so', () => {
    expect(act(certificate(20, { now: BY_NIGHT }))).toBe('renew-standalone');
    expect(act(certificate(20))).toBe('nothing');
    expect(why(certificate(20))).toContain('waits for quiet hours (02:00 to 05:00 UTC)');
    expect(act(certificate(2.9))).toBe('renew-standalone');
    expect(act(certificate(3.1))).toBe('nothing');
    expect(act(certificate(-5))).toBe('renew-standalone');
    expect(act(certificate(20), 'now')).toBe('renew-standalone');
  });
  it('standalone behind nginx, at another port, does not', () => {
    expect(act(certificate(20, { challengePort: 8_888 }))).toBe('renew');
  });
  it.each(['none', 'manual', 'something-new'])('%s: by a person', (authenticator) => {
    expect(act(certificate(1, { authenticator }))).toBe('nothing');
  });
});

describe('what is left alone', () => {
  it('after two attempts of a day, or where the authority refuses for now', () => {
    expect(act(certificate(1, { attempts: 1 }))).toBe('renew-standalone');
    expect(act(certificate(1, { attempts: 2 }))).toBe('nothing');
    expect(act(certificate(1, { rateLimited: 'too many certificates' }))).toBe('nothing');
  });
  it('while certbot is at work, or nginx does not run', () => {
    expect(why(certificate(1, { certbotRuns: true }))).toBe('certbot is at work already');
    expect(act(certificate(1, { nginxRuns: false }))).toBe('nothing');
  });
  it('whatever is unknown', () => {
    for (const unknown of [{ certbotRuns: null }, { nginxRuns: null }, { served: null, servedError: 'errno' }]) {
      expect(act(certificate(1, unknown))).toBe('nothing');
      expect(why(certificate(1, unknown))).toContain('unknown');
    }
  });
});

describe('what certbot has issued already', () => {
  const newer = (differs: Partial<NonNullable<Certificate['issued']>> = {}): Certificate => {
    const found = certificate(10);
    const fresh = certificate(85).issued;
    return { ...found, issued: fresh && { ...fresh, ...differs } };
  };
  it('is taken up, and the authority is not asked', () => expect(act(newer())).toBe('install'));
  it('but not where it does not fit its key, is for another name, or is due itself', () => {
    for (const wrong of [
      { keyMatches: false },
      { nameMatches: false },
      { notBefore: BY_DAY - 78 * DAY, notAfter: BY_DAY + 12 * DAY },
    ])
      expect(act(newer(wrong))).not.toBe('install');
  });
  it('is taken up where the next start of nginx would fail', () => {
    const found = certificate(60);
    expect(act({ ...found, file: found.file && { ...found.file, keyMatches: false } })).toBe('install');
  });
});

describe('what is well', () => {
  it('is a certificate for the domain, trusted, with time left, and a site that answers', () => {
    expect(holds(certificate(60), site, settings)).toBe(true);
    expect(holds(certificate(60), { ...site, well: false, status: 502 }, settings)).toBe('https://yourdomain.com answers 502');
  });
  it('is nothing else', () => {
    const found = certificate(60);
    const serving = (differs: object) => ({ ...found, served: found.served && { ...found.served, ...differs } });
    expect(holds(serving({ nameMatches: false }), site, settings)).toContain('not for yourdomain.com');
    expect(holds(serving({ trusted: false, verification: '20 (unable)' }), site, settings)).toContain(
      'not trusted here (20 (unable))',
    );
    expect(holds(serving({ notBefore: BY_DAY + DAY }), site, settings)).toContain('valid only from');
    expect(holds({ ...found, served: null, servedError: 'x' }, site, settings)).toBe('no certificate is served (x)');
    expect(holds(certificate(20), site, settings)).toContain('it is due');
    expect(holds(certificate(-1), site, settings)).toContain('it has expired');
    expect(holds({ ...found, certbotRuns: true }, site, settings)).toEqual({ notYet: 'certbot is at work' });
  });
});

describe('how bad it is', () => {
  it('is told by the days that are left', () => {
    const severity = (value?: number) =>
      select(certificateExpiring.triggers, { alert: 'CertificateExpiring', ...(value !== undefined && { value }) })?.severity;
    expect([severity(-3), severity(0), severity(0.1), severity(3), severity(3.1), severity()]).toEqual([
      ...['P0', 'P0', 'P1', 'P1', 'P2', 'P2'],
    ]);
    expect([-1, 0, 2, 20].map((left) => asBadAs(certificate(left)))).toEqual(['P0', 'P0', 'P1', undefined]);
  });
  it('and a person is told when the night renews it', () => {
    expect(told(certificate(20), 'quiet-hours', settings)).toContain(`The schedule of the night (${NIGHT} UTC) renews it.`);
    expect(told(certificate(20, { attempts: 2 }), 'quiet-hours', settings)).not.toContain('The schedule of the night');
  });
});

describe('quiet hours', () => {
  const at = (time: string) => Date.parse(`2026-07-04T${time}:00Z`) / 1_000;
  it('begin at their first minute and end before their last', () => {
    const quiet = { from: '02:00', to: '05:00', timeZone: 'UTC' };
    expect(['01:59', '02:00', '04:59', '05:00'].map((time) => isQuiet(quiet, at(time)))).toEqual([false, true, true, false]);
  });
  it('may go over midnight, and are told in their own time zone', () => {
    const quiet = { from: '23:00', to: '05:00', timeZone: 'Europe/Berlin' };
    expect(['20:59', '21:00', '02:59', '03:00'].map((time) => isQuiet(quiet, at(time)))).toEqual([false, true, true, false]);
  });
  it('hold the schedule of the night', () => {
    expect(isQuiet(settings.quietHours, BY_NIGHT)).toBe(true);
    expect(certificateExpiring.schedules.map((one) => one.at)).toEqual([NIGHT]);
  });
  it('need a time zone that there is', () => {
    const quietHours = { from: '02:00', to: '05:00', timeZone: 'Mars/Olympus' };
    expect(SiraSettings.safeParse({ quietHours }).success).toBe(false);
  });
});
