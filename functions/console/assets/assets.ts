import { readFileSync } from 'node:fs';
import { Hono } from 'hono';

const FILES = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

type Asset = keyof typeof FILES;

/** The few files that the pages need, or those that are named. Read once, when the app is made. */
export function assets(names: readonly Asset[] = ['console.css', 'console.js', 'icon.svg']): Hono {
  const app = new Hono();
  for (const name of names) {
    const type = FILES[name];
    const text = readFileSync(new URL(name, import.meta.url), 'utf8');
    app.get(`/${name}`, (c) => c.body(text, 200, { 'Content-Type': type }));
  }
  return app;
}
