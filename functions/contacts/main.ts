import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { placeholders } from '../../runbooks/language/people.ts';
import { registry } from '../../runbooks/registry.ts';
import { makeClients } from '../aws/clients.ts';
import { pointAtLocalMode } from '../aws/local-mode.ts';
import { makeParameters } from '../aws/parameters.ts';
import { deploymentFile } from '../deployment-file.ts';
import { iso, machineClock } from '../incident/clock.ts';
import { enqueue } from '../pagerduty/enqueue.ts';
import { type Confirmed, confirm, NotConfirmed } from './confirm.ts';
import { NotALink, readLink } from './link.ts';
import { NobodyToTest, sendTestPages, type TestDeps, type Tested } from './test-page.ts';

const HELP = `npm run confirm -- '<the link of the mail, or its token>'
npm run confirm -- --test [--role oncall]

Confirms that a contact gets pages, so that only the account can unsubscribe it. The link is that of the mail
"AWS Notification - Subscription Confirmation"; it is good for two days. Do not open it: give it to this command, in quotes.
  --test                   sends each contact a page that says that it is a test, and tells who is not reached
  --role <role>            to whoever has it, and to nobody else
  --by <name>              who sends it, as the page says it
  --topic <name or ARN>    of which topic the token is, where only the token is given and several wait
  --config <path>          the deployment's file (FIREBREAK_DEPLOY, firebreak.json)
  --local                  in local mode on this machine (PORT, 4600)
Who asks, and where, is up to the AWS SDK: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        topic: { type: 'string' },
        token: { type: 'string' },
        config: { type: 'string' },
        test: { type: 'boolean', default: false },
        role: { type: 'string' },
        by: { type: 'string' },
        local: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [given = values.token, ...more] = positionals;
    if (values.test && !values.help && given === undefined) {
      const tested = await sendTestPages(testDeps(values.local, values.config, values.by ?? userInfo().username), values.role);
      console.log(toldOfTests(tested));
      return tested.some(({ missing }) => missing.length > 0) ? 1 : 0;
    }
    if (values.help || given === undefined || more.length > 0) {
      console.log(HELP);
      return values.help ? 0 : 2;
    }
    const link = readLink(given);
    const topicArn = values.topic ?? link.topicArn;
    if (values.local) pointAtLocalMode(process.env);
    const { prefix } = deploymentFile(registry.systems, values.config);
    const deps = { clients: makeClients(), registry, prefix, endpoint: process.env.AWS_ENDPOINT_URL };
    console.log(told(await confirm(deps, { token: link.token, ...(topicArn !== undefined && { topicArn }) })));
    return 0;
  } catch (error) {
    const expected = error instanceof NotConfirmed || error instanceof NotALink || error instanceof NobodyToTest;
    console.error(expected || !(error instanceof Error) ? String(error).replace(/^\w+: /, '') : error.message);
    return expected ? 1 : 2;
  }
}

/** In local mode everybody is a placeholder, and reached: their addresses are nobody's. */
function testDeps(local: boolean, config: string | undefined, by: string): TestDeps {
  if (local) pointAtLocalMode(process.env);
  const { prefix, systems, pagerduty } = deploymentFile(registry.systems, config);
  const staffOf = (id: string) => systems[id]?.staff ?? {};
  const around = { clock: machineClock, fetch, parameters: makeParameters(), config: { pagerduty } };
  return {
    clients: makeClients(),
    staffed: registry.systems.map((system) => ({ system, staff: local ? placeholders(system) : staffOf(system.id) })),
    prefix,
    pagerduty: (parameter, event) => enqueue(around, parameter, event),
    by,
    now: iso(machineClock.now()),
  };
}

function toldOfTests(tested: readonly Tested[]): string {
  const lines = tested.flatMap(({ system, name, roles, reached, missing }) => [
    `${system}: ${name} (${roles.join(', ')}): ${reached.length > 0 ? `sent to ${reached.join(', ')}` : 'NOT REACHED'}`,
    ...missing.map((why) => `  ${why}`),
  ]);
  const lost = tested.filter(({ reached }) => reached.length === 0).length;
  return [
    ...lines,
    lost === 0 ? 'Everybody is reached. Ask them whether it came.' : `${lost} of ${tested.length} are reached by nothing.`,
  ].join('\n');
}

function told({ subscriber, contact, waiting }: Confirmed): string {
  const confirmed = contact.subscribers.filter(({ arn }) => arn !== undefined);
  const stillWaiting = contact.subscribers.filter(({ arn }) => arn === undefined);
  const others = waiting.map(({ topic, subscribers }) => {
    const addresses = subscribers.filter(({ arn }) => arn === undefined).map(({ endpoint }) => endpoint);
    return `  ${topic}: ${addresses.join(', ')}`;
  });
  return [
    `Confirmed: ${contact.topic} reaches ${subscriber.endpoint}. Only the account can unsubscribe it.`,
    `${contact.topic} reaches ${confirmed.length} in all, and waits for ${stillWaiting.length}.`,
    ...(others.length > 0 ? ['Not confirmed yet:', ...others] : ['Nobody else has still to confirm.']),
  ].join('\n');
}
