import * as z from 'zod';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { memorySamples } from '../commands/memory-samples.ts';
import { memoryUsage } from '../commands/memory-usage.ts';
import { stopTimeoutOf } from '../commands/parameters.ts';
import { restartServices } from '../commands/restart-services.ts';
import { runbook } from '../language/define.ts';
import { because, notNeeded } from '../language/reason.ts';
import { databaseProof, restartable, spokenGrowth, spokenUsage, tellMemory, wellAgain, whyNot } from './memory.ts';
import { stackOf } from './stack.ts';
import { sira } from './system.ts';

/** The page gives the database longer to end than the others. */
const DATABASE_STOP_SECONDS = 120;

/** SIRA's page, section 7. */
export default runbook(sira, 'memory-exhausted', {
  title: 'Memory exhausted',
  symptom: 'Logs tell of out-of-memory errors, services are killed, the system answers slowly.',
  owner: 'oncall',
  // Among the page's incidents of high priority; its table of severities calls severely degraded performance P1.
  triggers: [{ alert: 'MemoryExhausted', severity: 'P1' }],
  parameters: z.object({
    freeAtLeast: z
      .number()
      .int()
      .min(5)
      .max(50)
      .default(10)
      .describe('How much of the memory programs must still be able to have, in percent'),
    atLimit: z
      .number()
      .int()
      .min(80)
      .max(100)
      .default(95)
      .describe('From how much of its own limit on a container counts as out of memory, in percent'),
    stopTimeout: stopTimeoutOf('a container'),
  }),
  people: [
    'Ending a program that is no service of ours: only its owner knows what it is doing.',
    'Finding the leak in the application: the page shows by how many MB a minute the container grows.',
    'Waiting for a dump, a restore, a migration or a build that needs the memory for a while.',
  ],
  prevention: [
    'Review the application for leaks: the slope after each restart is in the incident.',
    "Let the language's own garbage collection do its work: nothing that a responder can see.",
    'Adjust the limits in the compose file: it is never edited from here.',
    'Watch the memory: the alarm rules for it are shipped.',
  ],
})
  .diagnose('memory', 'Check memory usage, and who holds it', {
    command: memoryUsage,
    with: (_, { composeProject }) => ({ composeProject }),
    says: spokenUsage,
  })
  .diagnose('growth', 'Watch the containers for a moment', {
    command: memorySamples,
    with: (_, { containers }) => ({ containers: Object.values(containers), samples: 3, everySeconds: 5 }),
    // It only tells of a leak; what is decided is decided by the look above.
    freshFor: '10m',
    says: spokenGrowth,
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })

  .act('Restart what is out of memory', {
    when: ({ memory }, p, settings) => {
      const found = restartable(memory, p, settings);
      return found.length > 0 ? because(found.map(({ why }) => why).join('; ')) : notNeeded(whyNot(memory, p, settings));
    },
    command: restartServices,
    says: ({ restarted }) => `${restarted.join(' and ')} restarted`,
    with: ({ memory }, p, settings) => ({
      ...stackOf(settings),
      services: restartable(memory, p, settings).map(({ service }) => service),
      stopTimeout: p.stopTimeout,
    }),
  })
  // Restarting the database interrupts everybody and loses what is not committed: only a person may say so.
  .act('Restart the database', {
    safety: 'destructive',
    when: ({ memory }, p, settings) => {
      const found = databaseProof(memory, p, settings);
      return found ? because(found.why) : notNeeded('the database is not proven to be out of memory');
    },
    command: restartServices,
    says: ({ restarted }) => `${restarted.join(' and ')} restarted`,
    with: (_, __, settings) => ({
      ...stackOf(settings),
      services: [settings.services.db],
      stopTimeout: DATABASE_STOP_SECONDS,
    }),
    list: ({ memory }, p, settings) => {
      const found = databaseProof(memory, p, settings);
      return found
        ? [`${found.service} (${found.name}): every connection is ended, and what is not committed is rolled back`]
        : [];
    },
  })

  .verify('There is memory again, and it stays', {
    looks: {
      memory: {
        command: memoryUsage,
        with: (_, { composeProject }) => ({ composeProject }),
        says: (facts: unknown) => spokenUsage(memoryUsage.facts.parse(facts)),
      },
      growth: {
        command: memorySamples,
        with: (_, { containers }) => ({ containers: Object.values(containers), samples: 3, everySeconds: 30 }),
        says: (facts: unknown) => spokenGrowth(memorySamples.facts.parse(facts)),
      },
    },
    holds: ({ memory, growth }, p) => wellAgain(memory, growth, p),
    settle: '30s',
    // Each look watches for a minute.
    times: 2,
    every: '1m',
    within: '8m',
  })
  .escalate({
    to: 'oncall',
    instead: { dba: ({ memory }, p, settings) => databaseProof(memory, p, settings) !== undefined },
    tell: ({ memory, growth }, p, settings) => tellMemory(memory, growth, p, settings),
  })
  // Memory that is used up twice within an hour is a leak, and a person's.
  .limits({ acts: 1, per: '1h' })
  .examples(
    {
      name: 'the kernel has killed a service',
      faults: ['memory-oom'],
      alert: { name: 'MemoryExhausted', value: 100, target: 'sira-prod-1' },
      acts: ['Restart what is out of memory'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the backend is at its limit',
      faults: ['memory-hog'],
      alert: { name: 'MemoryExhausted', value: 97, target: 'sira-prod-1' },
      acts: ['Restart what is out of memory'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the backend leaks: a restart does not last',
      faults: ['memory-leak'],
      alert: { name: 'MemoryExhausted', value: 97, target: 'sira-prod-1' },
      acts: ['Restart what is out of memory'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the database is at its limit, and a person says yes',
      faults: ['memory-database'],
      alert: { name: 'MemoryExhausted', value: 98, target: 'sira-prod-1' },
      answers: 'approve',
      acts: ['Restart the database'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the database is at its limit, and a person says no',
      faults: ['memory-database'],
      alert: { name: 'MemoryExhausted', value: 98, target: 'sira-prod-1' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a dump is at work in the backend: it is let finish',
      faults: ['memory-dump'],
      alert: { name: 'MemoryExhausted', value: 96, target: 'sira-prod-1' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: "somebody's program holds the memory: a person's",
      faults: ['memory-outside'],
      alert: { name: 'MemoryExhausted', value: 93, target: 'sira-prod-1' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a build holds the memory',
      faults: ['memory-build'],
      alert: { name: 'MemoryExhausted', value: 93, target: 'sira-prod-1' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'files in the cache are no shortage: nothing is restarted',
      faults: ['memory-cache'],
      alert: { name: 'MemoryExhausted', value: 98, target: 'sira-prod-1' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says no',
      faults: ['memory-hog', 'deploy-running'],
      alert: { name: 'MemoryExhausted', value: 97, target: 'sira-prod-1' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'a rehearsal changes nothing', faults: ['memory-hog'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well host there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
