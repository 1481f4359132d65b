import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SiraSettings } from '../../../runbooks/sira/system.ts';
import { play } from './play.ts';
import { call } from './shell.ts';
import type { Stage } from './stage.ts';
import type { Trial } from './trial.ts';

const KEY = 'sEcReT-mistral-0123456789abcdef';
/** Longer than a simple question may take. */
const SLOW_MS = 2_300;
const REQUESTS = 60;

/** SIRA's page, sections 5 and 8: who fails and why, and whose fault it is that recommendations are slow. */
export async function errors(stage: Stage): Promise<void> {
  await refusedLogins(stage);
  await slowMistral(stage);
}

/** Real requests through a real nginx, and a log that the application keeps in its container. */
async function refusedLogins(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'logins that are refused';
  const url = `http://127.0.0.1:${stack.port}`;
  const ask = (path: string, method = 'GET') => fetch(`${url}${path}`, { method }).then((answer) => answer.status);
  const statuses = await Promise.all([
    ...Array.from({ length: REQUESTS }, () => ask('/api/v1/auth/login?token=tOkEn4711', 'POST')),
    ...Array.from({ length: 5 }, (_, n) => ask(`/api/v1/orders/4711${n}`)),
    ...Array.from({ length: 5 }, () => ask('/no/such/page')),
  ]);
  results.equal(`${name}: nginx really answers so`, [...new Set(statuses)].sort(), [401, 404, 422]);
  const line = 'ERROR auth: jose.exceptions.JWTError: token has expired for maria.sommer@example.com from 203.0.113.9';
  const inside = ['exec', stack.settings.containers.backend, 'sh', '-c'];
  await place.engine.docker([...inside, `mkdir -p /app/logs && for n in 1 2 3; do echo '${line}'; done >/app/logs/app.log`]);
  await play(stage, name, async (trial) => {
    await trial.fires('sira-HighErrorRate');
    const { incident, steps } = await trial.ends(({ automation }) => automation === 'escalated');
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id), []);
    const ticket = await trial.askedOf(incident.id, 'oncall');
    results.holds(`${name}: the ticket says so`, /Likely cause: authentication/.test(ticket));
    console.log(`      | ${/Likely cause.*/.exec(ticket)?.[0]}`);
    const facts = JSON.stringify(steps);
    results.holds(`${name}: endpoints are counted, without anybody's number`, facts.includes('GET /api/v1/orders/:id'));
    results.holds(`${name}: the log in the container was read`, facts.includes('{"name":"jose.exceptions.JWTError","count":3}'));
    results.equal(`${name}: nobody is named`, /tOkEn|4711|maria|203\.0\.113/.exec(facts + ticket)?.[0], undefined);
  });
}

/** Mistral and Pinecone are servers of our own, and what hands out the key is a program in place of the AWS CLI. */
async function slowMistral(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'recommendations that are slow by Mistral';
  const tools = join(place.work, 'tools');
  const store = join(place.work, 'parameters');
  for (const folder of [tools, store]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(store, 'key'), KEY);
  writeFileSync(join(tools, 'aws'), `#!/bin/sh\n[ "$1 $2 $3" = 'ssm get-parameter --name' ] && cat '${store}/key'\n`);
  chmodSync(join(tools, 'aws'), 0o755);
  const headers: (string | undefined)[] = [];
  const seen: string[] = [];
  const mistral = await serve((header, answer) => {
    headers.push(header('authorization'));
    // It is in the middle of its call now: whoever lists processes sees curl, and must not see the key.
    seen.push(...processes().filter((text) => text.includes(KEY)));
    setTimeout(() => answer(header('authorization') === `Bearer ${KEY}` ? 200 : 401), SLOW_MS);
  });
  const pinecone = await serve((header, answer) => answer(header('api-key') === KEY ? 200 : 401));
  const page = await serve((_, answer) => answer(200, '{"status":{"indicator":"minor","description":"Elevated latency"}}'));
  const settings = SiraSettings.parse({
    ...stack.settings,
    externalServices: { mistral: mistral.url, pinecone: pinecone.url },
    vectorIndex: pinecone.url,
    statusPages: { mistral: page.url, pinecone: page.url },
  });
  try {
    await play({ ...stage, tools, stack: { ...stack, settings } }, name, async (trial) => {
      await trial.fires('sira-SlowRecommendationGeneration');
      const { incident, steps, timeline } = await trial.ends(({ automation }) => automation === 'escalated');
      results.equal(`${name}: nobody is woken for it before the next business day`, await trial.toldFaults(incident.id), []);
      const sent = await trial.askedOf(incident.id, 'oncall');
      const took = /It is theirs[\s\S]*Mistral takes (\d+\.\d) s/.exec(sent)?.[1];
      results.holds(`${name}: the page says that it is theirs (${took} s)`, Number(took) * 1_000 >= SLOW_MS);
      results.holds(`${name}: and that Pinecone was asked with the key`, JSON.stringify(steps).includes('"withKey":true'));
      results.equal(`${name}: the key came in the header, three times`, headers, Array(3).fill(`Bearer ${KEY}`));
      results.equal(`${name}: in no list of processes`, seen, []);
      results.holds(`${name}: in nothing that is kept or sent`, !JSON.stringify([steps, timeline, sent]).includes(KEY));
      results.equal(`${name}: in no file of the host's or the responder's`, await filesWithKey(place.work), []);
      await withoutKey(stage, trial);
    });
  } finally {
    for (const { server } of [mistral, pinecone, page]) server.close();
  }
}

/** All that is known of it is said, and that it is not enough. */
async function withoutKey({ place, results }: Stage, trial: Trial): Promise<void> {
  writeFileSync(join(place.work, 'tools', 'aws'), "#!/bin/sh\necho 'An error occurred (AccessDeniedException)' >&2\nexit 254\n");
  await trial.api.startByHand('sira/slow-recommendations');
  const { steps } = await trial.ends(({ automation }) => automation === 'succeeded');
  const facts = JSON.stringify(steps);
  results.holds(
    'without a right to the key: asked without it, and said why',
    facts.includes('"withKey":false') && facts.includes('role may not read /sira/mistral-api-key'),
  );
}

type Answer = (status: number, body?: string) => void;

async function serve(
  answer: (header: (name: string) => string | undefined, reply: Answer) => void,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const header = (name: string) => request.headers[name]?.toString();
    answer(header, (status, body = '{}') => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, server };
}

/** What every process was called with, and what is in its environment. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ['cmdline', 'environ'].map((file) => `${pid} ${readIfThere(`/proc/${pid}/${file}`)}`));
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Beside the store itself. */
async function filesWithKey(work: string): Promise<string[]> {
  const folders = readdirSync(work).filter((name) => /^(responder-|tools)/.test(name));
  const found = await call(
    'bash',
    ['-c', 'grep -rlF -- "$0" "$@" /tmp/*.sh /run/firebreak 2>/dev/null || true', KEY, ...folders],
    {
      cwd: work,
    },
  );
  return found.split('\n').filter(Boolean);
}
