import * as z from 'zod';
import { keyedService } from '../commands/keyed-service.ts';
import { recommendationLog } from '../commands/recommendation-log.ts';
import { statusPages } from '../commands/status-pages.ts';
import { runbook } from '../language/define.ts';
import { broken, spoken, told } from './recommendations.ts';
import { OUTSIDE, sira } from './system.ts';

/** SIRA's page, section 8. It only looks: what would help is a change of the application, or theirs to do. */
export default runbook(sira, 'slow-recommendations', {
  title: 'Slow recommendation generation',
  symptom: 'SlowRecommendationGeneration fires (over 5 s), users complain that answers are slow.',
  owner: 'oncall',
  // A green section, so P3. Where recommendations do not work at all, the facts raise it to the table's P2.
  triggers: [{ alert: 'SlowRecommendationGeneration', severity: 'P3' }],
  parameters: z.object({
    minutes: z.number().int().min(1).max(1_440).default(30).describe('How far back the log is read, in minutes'),
    tail: z.number().int().min(100).max(20_000).default(5_000).describe('How many of its last lines at most'),
  }),
  people: [
    'Looking at the status pages themselves, and asking the support of whoever is slow.',
    'Caching recommendations, making queries simpler: changes of the application.',
    "The vector search's parameters: a change of the application, weighed against what it finds.",
    'A key that is refused: a new one goes into its parameter, and into the configuration of the backend.',
  ],
})
  .diagnose('mistral', 'Test Mistral with our key', {
    command: keyedService,
    with: (_, { externalServices, externalKeys }) => ({
      url: externalServices.mistral,
      keyParameter: externalKeys.mistral,
      scheme: 'bearer' as const,
    }),
    says: (facts) => spoken('Mistral', facts),
  })
  .diagnose('pinecone', 'Test Pinecone with our key', {
    command: keyedService,
    with: (_, { vectorIndex, externalKeys }) => ({
      url: vectorIndex,
      keyParameter: externalKeys.pinecone,
      scheme: 'api-key' as const,
    }),
    says: (facts) => spoken('Pinecone', facts),
  })
  .diagnose('pages', 'Check their status pages', {
    command: statusPages,
    with: (_, { statusPages: { mistral, pinecone } }) => ({ urls: [mistral, pinecone] }),
    says: ({ pages }) =>
      pages
        .map(({ url, says, description }) => `${new URL(url).host}: ${says}${description ? ` (${description})` : ''}`)
        .join(', '),
  })
  .diagnose('log', 'Review the recommendation logs', {
    command: recommendationLog,
    with: ({ minutes, tail }, { containers: { backend } }) => ({ container: backend, minutes, tail, outside: [...OUTSIDE] }),
    says: ({ seconds, errors }) =>
      errors.readable
        ? `${seconds.count} recommendations${seconds.median === null ? '' : `, median ${seconds.median} s, slowest ${seconds.most} s`}, ${errors.errors} lines of errors`
        : `not read: ${errors.why}`,
  })
  .escalate({
    to: 'oncall',
    asBadAs: (facts) => (broken(facts) ? 'P2' : undefined),
    tell: (facts) => told(facts),
  })
  .examples(
    {
      name: 'Mistral is slow, and its status page says so',
      faults: ['recommendations-slow-theirs'],
      alert: { name: 'SlowRecommendationGeneration', value: 8.4 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'both answer fast: it is ours',
      faults: ['recommendations-slow-ours'],
      alert: { name: 'SlowRecommendationGeneration', value: 7.9 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'Mistral refuses our key',
      faults: ['recommendations-key-refused'],
      alert: { name: 'SlowRecommendationGeneration', value: 6.2 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'both answer fast while a deployment runs, and nothing is touched',
      faults: ['recommendations-slow-ours', 'deploy-running'],
      alert: { name: 'SlowRecommendationGeneration', value: 7.9 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'by hand on a well system: findings, and nobody is woken', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
