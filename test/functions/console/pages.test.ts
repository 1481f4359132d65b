import { describe, expect, it } from 'vitest';
import { console } from './console.ts';

describe('a page', () => {
  it('lets the browser run and load nothing but our own files, and keep nothing', async () => {
    const { get } = await console();
    for (const path of ['/', '/assets/console.js', '/api/incidents', '/nowhere', '/healthz']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy'), path).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('same-origin');
      expect(headers.get('cache-control'), path).toBe('no-store');
    }
    expect((await get('/assets/console.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect((await get('/assets/console.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it('leads from an incident to those beside it, and back', async () => {
    const { post, get } = await console();
    const ids = [];
    for (const title of ['slow', 'slower'])
      ids.push(String((await post('/api/incidents', { system: 'sira', title, severity: 'P2', by: 'ada' })).body.id));
    const [first = '', second = ''] = ids;
    expect((await get(`/incidents/${first}`)).text).toContain(`<a href="/incidents/${second}">slower</a>`);
    expect((await get(`/incidents/${second}`)).text).toContain(`<a href="/incidents/${first}">slow</a>`);
  });

  it('leads back to itself after a form, and remembers the name', async () => {
    const { send, post } = await console();
    const { id } = (await post('/api/incidents', { system: 'sira', title: 'slow', severity: 'P2', by: 'ada' })).body;
    const sent = await send(`/incidents/${id}/acknowledge`, { by: 'Ada Lovelace' });
    expect(sent.status).toBe(303);
    expect(sent.headers.get('location')).toBe(`/incidents/${id}`);
    expect(sent.headers.get('set-cookie')).toMatch(/^name=Ada%20Lovelace; .*HttpOnly; SameSite=Strict/);
    const refused = await send(`/incidents/${id}/stop`, { by: 'ada' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('no run is under way: there is nothing to stop');
  });
});
