import { parseArgs } from 'node:util';
import { registry } from '../../runbooks/registry.ts';
import { makeClients } from '../aws/clients.ts';
import { pointAtLocalMode } from '../aws/local-mode.ts';
import { deploymentFile } from '../deployment-file.ts';
import { type Confirmed, confirm, NotConfirmed } from './confirm.ts';
import { NotALink, readLink } from './link.ts';

const HELP = `npm run confirm -- '<the link of the mail, or its token>'

Confirms that a contact gets pages, so that only the account can unsubscribe it. The link is that of the mail
"AWS Notification - Subscription Confirmation"; it is good for two days. Do not open it: give it to this command, in quotes.
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
        local: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [given = values.token, ...more] = positionals;
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
    const expected = error instanceof NotConfirmed || error instanceof NotALink;
    console.error(expected || !(error instanceof Error) ? String(error).replace(/^\w+: /, '') : error.message);
    return expected ? 1 : 2;
  }
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
