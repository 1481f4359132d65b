import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // These start servers, daemons and minutes of load: they have scripts of their own.
    exclude: ['test/e2e/**', 'test/bench/**'],
    // Processes, because tests start scripts and servers. The files of a worker share one, so that the SDK is loaded once: a test
    // closes what it starts (onTestFinished), and what it sets in the environment is set anew by whoever needs it.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    // No test waits for the clock, but a busy machine can take its time over bash and a whole runbook.
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
