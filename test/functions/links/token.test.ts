import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { linkOf, makeLinks } from '../../../functions/links/token.ts';
import { whole } from '../../local/whole.ts';

const WANTED = { incidentId: 'ONE', system: 'sira', contact: 'Ada', role: 'oncall', until: '2026-10-04T04:00:00.000Z' };
const tokenOf = (url = '') => url.slice(url.lastIndexOf('/') + 1);

describe('links for a page', () => {
  it('have 256 random bits each, of which only the hash is stored', async () => {
    const written: string[] = [];
    const { around, url } = await whole({
      monitoring: false,
      watcher: (_service, _operation, call, input) => {
        written.push(JSON.stringify(input));
        return call();
      },
    });
    const links = await makeLinks(around, { ...WANTED, actions: ['acknowledge', 'take-over', 'approve:1-x-y'] });
    expect([...links.keys()]).toEqual(['acknowledge', 'take-over', 'approve:1-x-y']);
    const tokens = [...links.values()].map(tokenOf);
    for (const link of links.values()) expect(link).toMatch(new RegExp(`^${url}/l/[A-Za-z0-9_-]{43}$`));
    expect(new Set(tokens).size).toBe(3);
    const [batch = '', ...more] = written;
    expect(more, 'one call for all of them').toEqual([]);
    for (const token of tokens) {
      expect(batch).toContain(createHash('sha256').update(token).digest('base64url'));
      expect(batch).not.toContain(token);
    }
  });

  it('are none where there is no public way in', async () => {
    const { around } = await whole({ monitoring: false });
    const { linksUrl: _none, ...config } = around.config;
    expect((await makeLinks({ ...around, config }, { ...WANTED, actions: ['acknowledge'] })).size).toBe(0);
  });

  it('begin with the address that was given, with or without a stroke at its end', async () => {
    const { around } = await whole({ monitoring: false });
    const config = { ...around.config, linksUrl: 'https://pages.example.com/' };
    const links = await makeLinks({ ...around, config }, { ...WANTED, actions: ['stop'] });
    expect(links.get('stop')).toMatch(/^https:\/\/pages\.example\.com\/l\/[^/]+$/);
  });

  it('are found by their tokens to their very end, and by nothing else', async () => {
    const { around, clock } = await whole({ monitoring: false });
    const links = await makeLinks(around, { ...WANTED, actions: ['acknowledge'] });
    const token = tokenOf(links.get('acknowledge'));
    const at = (now: string) => ({ ...around, clock: { ...clock, now: () => new Date(now) } });
    expect(await linkOf(at('2026-10-04T03:59:59.999Z'), token)).toMatchObject({ ...WANTED, action: 'acknowledge', usedAt: null });
    expect(await linkOf(at(WANTED.until), token)).toBeUndefined();
    for (const other of ['', '-', 'x'.repeat(10_000), `${token}A`, token.slice(1), token.toUpperCase(), `${token}\n`, 'é'])
      expect(await linkOf(at('2026-10-04T03:30:00.000Z'), other), other).toBeUndefined();
  });
});
