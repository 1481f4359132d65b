import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // These start servers, daemons and minutes of load: they have scripts of their own.
    exclude: ['test/e2e/**', 'test/bench/**'],
    // A test that leaves a timer, a signal handler or a variable behind must not reach the next file.
    pool: 'forks',
    maxWorkers: 2,
    // No test waits for the clock, but a busy machine can take its time over bash and a whole runbook.
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
