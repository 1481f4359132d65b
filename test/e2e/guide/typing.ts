import { execFileSync } from 'node:child_process';
import * as z from 'zod';
import { placeholders } from '../../../runbooks/language/people.ts';
import { registry } from '../../../runbooks/registry.ts';
import { EXECUTORS } from '../../docs/lines/executors.ts';
import { typedLines } from '../../docs/lines/typed-lines.ts';
import type { Tally } from '../tally.ts';
import type { Reader } from './reader.ts';

const Declared = z.object({ id: z.string(), openedAt: z.string() });
/** A maintenance that the pages plan lasts so long here, whatever day it is. Milliseconds. */
const PLANNED_MS = 2 * 3_600_000;
const PEOPLE = {
  systems: Object.fromEntries(registry.systems.map((system) => [system.id, { contacts: placeholders(system) }])),
};
const Maintenance = z.object({ maintenance: z.array(z.object({ id: z.string() })) });
/** The doctor finds something in local mode: then it ends with 1, as it should. */
const ENDS: Readonly<Record<string, readonly number[]>> = { 'npm run doctor': [0, 1] };

/**
 * Types every line of the other pages that local mode can carry out, as it stands there, in the order of the pages. What an account
 * would be asked is asked of local mode, and where a page has `<id>` stands one that there is.
 */
export async function typeTheRest(reader: Reader, { holds }: Pick<Tally, 'holds'>): Promise<void> {
  reader.write('other.json', '{}');
  for (const [page, executors] of Object.entries(EXECUTORS))
    for (const { line } of typedLines(page)) {
      const executor = executors.find(({ has }) => line.includes(has));
      if (!executor || !('typed' in executor)) continue;
      const { exitCode, said } = await reader.type(asked(await filled(line, reader.url), reader.url));
      // The example's people are not those of local mode, whose topics are asked.
      reader.write('firebreak.json', JSON.stringify(PEOPLE));
      const well = (ENDS[Object.keys(ENDS).find((words) => line.startsWith(words)) ?? ''] ?? [0]).includes(exitCode);
      holds(`${page}: ${line.replaceAll('\\\n', '')}${well ? '' : `\n${said.slice(-1_500)}`}`, well);
      if (line.includes('lambda invoke')) holds('  and the function has no error', !/"error":|FunctionError/.test(said));
    }
}

async function filled(line: string, url: string): Promise<string> {
  const plain = line
    .replace('-<your host>', '')
    .replace('<cluster>', 'saveit')
    .replace('REGION:ACCOUNT', 'us-east-1:000000000000');
  if (plain.includes('/api/maintenance/<id>')) {
    const { maintenance } = Maintenance.parse(await (await fetch(`${url}/api/maintenance`)).json());
    return plain.replace('<id>', maintenance[0]?.id ?? 'none');
  }
  if (plain.includes('"to": "20')) {
    const now = Date.parse((await declared(url)).openedAt);
    return plain.replace(/"to": "20[^"]+"/, `"to": "${new Date(now + PLANNED_MS).toISOString()}"`);
  }
  return plain.includes('/api/incidents/<id>') ? plain.replace('<id>', (await declared(url)).id) : plain;
}

/** An incident to do something with, opened now by the place's own clock. */
async function declared(url: string): Promise<z.infer<typeof Declared>> {
  const given = { system: 'sira', severity: 'P2', title: 'A drill', by: 'Ada' };
  const answer = await fetch(`${url}/api/incidents`, {
    method: 'POST',
    body: JSON.stringify(given),
    headers: { 'content-type': 'application/json' },
  });
  return Declared.parse(await answer.json());
}

/** In a shell whose AWS is local mode. Version 1 of the CLI takes a payload as it stands, and does not know the option for that. */
function asked(line: string, url: string): string {
  const version1 = execFileSync('aws', ['--version'], { encoding: 'utf8' }).startsWith('aws-cli/1.');
  const command = version1 ? line.replaceAll('--cli-binary-format raw-in-base64-out', '') : line;
  return [
    `export AWS_ENDPOINT_URL=${url} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1`,
    'export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER=',
    'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }',
    // Through a pipe: /dev/stdout is none that a program could open otherwise.
    `{ ${command}\n} | cat`,
  ].join('\n');
}
