import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { log } from '../../functions/log.ts';
import { lambdaContext } from '../../local/lambda-context.ts';

const HANDLERS = {
  'intake/handler': () => import('../../functions/intake/handler.ts'),
  'run-step/handler': () => import('../../functions/run-step/handler.ts'),
  'watch/handler': () => import('../../functions/watch/handler.ts'),
  'approve/handler': () => import('../../functions/approve/handler.ts'),
  'console/handler': () => import('../../functions/console/handler.ts'),
  'links/handler': () => import('../../functions/links/handler.ts'),
  'console/mode-handler': () => import('../../functions/console/mode-handler.ts'),
  'console/promote-handler': () => import('../../functions/console/promote-handler.ts'),
} as const;
const CONFIG = JSON.stringify({ account: '111122223333', region: 'eu-central-1' });

it.each(Object.entries(HANDLERS))('%s starts with nothing but its configuration, and is short', async (name, load) => {
  vi.stubEnv('FIREBREAK_CONFIG', CONFIG);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect((await load()).handler).toBeTypeOf('function');
  const text = readFileSync(new URL(`../../functions/${name}.ts`, import.meta.url), 'utf8');
  expect(text.split('\n').length).toBeLessThanOrEqual(40);
});

it.each(['approve/handler', 'console/handler', 'console/mode-handler', 'console/promote-handler'] as const)(
  '%s answers a payload that it does not understand',
  async (name) => {
    log.setLogLevel('SILENT');
    vi.stubEnv('FIREBREAK_CONFIG', CONFIG);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { handler } = await HANDLERS[name]();
    expect(await handler([], lambdaContext(name))).toMatchObject({ error: { expected: 'an object' } });
  },
);
