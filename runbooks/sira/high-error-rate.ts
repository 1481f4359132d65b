import * as z from 'zod';
import { applicationLog } from '../commands/application-log.ts';
import { databaseState } from '../commands/database-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { externalServices } from '../commands/external-services.ts';
import { failingRequests } from '../commands/failing-requests.ts';
import { logErrors } from '../commands/log-errors.ts';
import { runbook } from '../language/define.ts';
import { likelyCause, sorted, told } from './error-cause.ts';
import { stackOf } from './stack.ts';
import { OUTSIDE, sira } from './system.ts';

const says = ({ readable, why, errors, lines, exceptions }: z.output<typeof logErrors.facts>) =>
  readable
    ? `${errors} of ${lines} lines speak of errors${exceptions[0] ? `, most of ${exceptions[0].name} (${exceptions[0].count})` : ''}`
    : `not read: ${why}`;

/** SIRA's page, section 5. It only looks: every resolution there is a change of code or configuration. */
export default runbook(sira, 'high-error-rate', {
  title: 'High error rate (2 to 5 %)',
  symptom: 'HighErrorRate fires, more answers than usual are 4xx or 5xx, some users get errors.',
  owner: 'oncall',
  triggers: [
    // A yellow section, so P1; but the table names more than 5 % for P1 (which is application-down's), and minor errors for P2.
    { alert: 'HighErrorRate', severity: 'P2', value: { upTo: 5 } },
    // A rule that does not say how many: the lesser of the two, and a person.
    { alert: 'HighErrorRate', severity: 'P2', value: 'none' },
  ],
  parameters: z.object({
    tail: z.number().int().min(10).max(5_000).default(200).describe('How many lines of each log of errors to read'),
    requests: z.number().int().min(100).max(20_000).default(1_000).describe("How many lines of nginx' log to read"),
    minutes: z.number().int().min(1).max(1_440).default(10).describe('How old a request may be to count, in minutes'),
  }),
  people: [
    'Mending the validation where users send what is refused: a change of the application.',
    'Retries and time limits towards Mistral and Pinecone: a change of the application.',
    'Making failing queries right, or faster.',
    'Checking how authentication is configured, and whether refused logins are an attack.',
    "Following the application's log (`tail -f`): its end is read once; a look that never ends is no step.",
  ],
})
  .diagnose('requests', 'Group the requests by status and endpoint', {
    command: failingRequests,
    with: ({ requests, minutes }, { containers: { nginx } }) => ({ container: nginx, tail: requests, minutes }),
    says: (facts) => {
      const { authentication, input, server } = sorted(facts);
      const [failed] = facts.failed;
      return `of ${facts.requests} requests ${server} failed (5xx), ${input} were refused (4xx) and ${authentication} not let in (401, 403)${failed ? `, most failures at ${failed.endpoint}` : ''}`;
    },
  })
  .diagnose('backend', "Group the exceptions of the backend's log", {
    command: logErrors,
    with: ({ tail }, { containers: { backend } }) => ({ container: backend, tail, outside: [...OUTSIDE] }),
    says,
  })
  .diagnose('application', "Review the application's own log", {
    command: applicationLog,
    with: ({ tail }, { containers: { backend }, applicationLog: file }) => ({
      container: backend,
      file,
      tail,
      outside: [...OUTSIDE],
    }),
    says,
  })
  .diagnose('databaseLog', 'Look for query errors of the database', {
    command: logErrors,
    with: ({ tail }, { containers: { db } }) => ({ container: db, tail }),
    says,
  })
  .diagnose('database', 'Check the database', {
    command: databaseState,
    with: (_, { containers: { db }, database }) => ({ container: db, user: database.user, database: database.name }),
    says: ({ state, accepting, connections, maxConnections }) =>
      `${state}, ${accepting}${connections === null ? '' : `, ${connections} of ${maxConnections} connections`}`,
  })
  .diagnose('external', 'Check Mistral and Pinecone', {
    command: externalServices,
    with: (_, { externalServices: { mistral, pinecone } }) => ({ urls: [mistral, pinecone] }),
    says: ({ services }) =>
      services
        .map(
          ({ url, reachable, status, error }) =>
            `${new URL(url).host} ${reachable ? `answers ${status}` : `cannot be reached (${error})`}`,
        )
        .join(', '),
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })
  .escalate({
    to: 'oncall',
    // Queries are the database admin's.
    instead: { dba: (errors) => likelyCause(errors).cause === 'database' },
    tell: (errors) => told(errors),
  })
  .examples(
    {
      name: 'logins are refused',
      faults: ['error-rate-auth'],
      alert: { name: 'HighErrorRate', value: 3.3 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'users send what is refused',
      faults: ['error-rate-invalid-input'],
      alert: { name: 'HighErrorRate', value: 3.3 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'Mistral does not answer in time',
      faults: ['error-rate-external'],
      alert: { name: 'HighErrorRate', value: 3.3 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'queries fail, at exactly five percent',
      faults: ['error-rate-database'],
      alert: { name: 'HighErrorRate', value: 5 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'queries fail while a deployment runs, and nothing is touched',
      faults: ['error-rate-database', 'deploy-running'],
      alert: { name: 'HighErrorRate', value: 2.5 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'by hand on a well system: findings, and nobody is woken', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
