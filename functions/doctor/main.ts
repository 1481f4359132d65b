import { parseArgs } from 'node:util';
import { registry } from '../../runbooks/registry.ts';
import { makeClients } from '../aws/clients.ts';
import { pointAtLocalMode } from '../aws/local-mode.ts';
import { deploymentFile } from '../deployment-file.ts';
import { machineClock } from '../incident/clock.ts';
import { collect } from './collect.ts';
import { examine } from './examine.ts';
import { counts, json, text } from './report.ts';

const HELP = `npm run doctor                  says what is missing before an incident does; changes nothing
npm run doctor -- --local       against local mode on this machine (PORT, 4600)
  --config <path>               the deployment's file (FIREBREAK_DEPLOY, firebreak.json)
  --no-hosts                    sends nothing to hosts: leaves out what they have of tools, paths and Docker
  --json                        for scripts
Where it looks is up to the AWS SDK: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL. Exit code 1 when there is an error.`;

/** A terminal's own width, between what can be read and what can be read at ease. */
const [NARROW, WIDE, UNKNOWN] = [60, 100, 100];

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        local: { type: 'boolean', default: false },
        config: { type: 'string' },
        hosts: { type: 'boolean', default: true },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowNegative: true,
    });
    if (values.help) return say(HELP, 0);
    if (values.local) pointAtLocalMode(process.env);
    const given = deploymentFile(registry.systems, values.config);
    const endpoint = process.env.AWS_ENDPOINT_URL;
    const facts = await collect({
      registry,
      given,
      clients: makeClients(),
      clock: machineClock,
      endpoint,
      askHosts: values.hosts,
    });
    const findings = examine(facts, registry);
    const width = Math.min(WIDE, Math.max(NARROW, process.stdout.columns ?? UNKNOWN));
    return say(values.json ? json(facts, findings) : text(facts, findings, width), counts(findings).error > 0 ? 1 : 0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
}

function say(what: string, code: number): number {
  console.log(what);
  return code;
}
