import { stripVTControlCharacters } from 'node:util';
import { type ConsoleApi, consoleApi, type Incident } from './cli/console.ts';
import { piecesOf } from './guide/page.ts';
import { guide, newReader, type Reader, type Typed } from './guide/reader.ts';
import { typeTheRest } from './guide/typing.ts';
import { tally } from './tally.ts';
import { until } from './until.ts';

/**
 * A newcomer who follows docs/adding-a-system.md and nothing else: every line is typed and every file written as it stands there, in
 * its order, in a copy of the repository. After what should be seen, it is looked for.
 */

const START_MS = 120_000;
const RUN_MS = 240_000;
const RUNBOOK = 'shop/disk-full';
const EXPORTS = '.firebreak/simulation/hosts/shop-prod-1/root/srv/shop/exports';
const ages = [90, 60, 30];

const results = tally();
const reader = await newReader();
try {
  const api = consoleApi(reader.url);
  const looks = new Map(Object.entries(afterwards(reader, api)));
  for (const piece of piecesOf(guide())) {
    const began = performance.now();
    if (piece.asks === 'write') {
      reader.write(piece.path, piece.text);
      console.log(`      wrote ${piece.path}`);
      continue;
    }
    const typed = await reader.type(piece.text);
    const [first = ''] = piece.text.split('\n');
    const well = typed.exitCode === 0;
    results.holds(`typed: ${first} (${Math.round((performance.now() - began) / 1_000)} s)`, well);
    if (!well) throw new Error(`${piece.text}\n${typed.said.slice(-6_000)}`);
    for (const [words, look] of looks)
      if (piece.text.includes(words)) {
        looks.delete(words);
        await look(typed);
      }
  }
  results.equal('all that there was to see came in its place', [...looks.keys()], []);
  await typeTheRest(reader, results);
} catch (error) {
  results.failed('the guide', error);
  console.log(reader.other().slice(-3_000));
  await whereItStands(consoleApi(reader.url)).catch(() => undefined);
} finally {
  await reader.leave();
}
process.exitCode = results.end();

/** What is to be seen after lines with these words. */
function afterwards({ url, exists, other }: Reader, api: ConsoleApi): Record<string, (typed: Typed) => Promise<void> | void> {
  const exports = () => ages.filter((days) => exists(`${EXPORTS}/orders-${days}.csv`));
  return {
    'npm run new -- shop/app-down': () => {
      for (const path of [...guide().matchAll(/^\| `([\w./-]+)` \|/gm)].map(([, path = '']) => path))
        results.holds(`${path} is there`, exists(path));
    },
    'vitest run test/runbooks/shop': ({ said }) => ran('the examples of the first runbook, and its own test', said, 9),
    '-t shop/disk-full': ({ said }) => ran('the examples of the second', said, 4),
    '-t delete-old-exports': ({ said }) => ran('what every host command must stand', said, 30),
    'npm start': async () => {
      await until('local mode answers', () => answers(url, other), START_MS);
      await until('its monitoring finds everything well', () => allWell(api), START_MS);
      const listed = await (await fetch(`${url}/runbooks`)).text();
      for (const title of ['App down', 'Exports fill the disk'])
        results.holds(`the console lists "${title}"`, listed.includes(title));
      results.holds(
        'and the faults of the system',
        (await (await fetch(`${url}/faults`)).text()).includes('Somebody has stopped'),
      );
    },
    'faults/shop-exports-fill-disk': async ({ said }) => {
      results.holds('its page in the console has the new act', said.includes('Delete old exports'));
      const looked = await settled(api, ({ alert, automation }) => alert === 'DiskSpaceLow' && automation === 'escalated');
      results.holds(
        'in the mode observe: a page says what it would have done',
        (await wouldHave(api, looked.id)).includes('delete-old-exports'),
      );
      results.equal('and the host is as it was', exports(), ages);
    },
    '"dryRun": true': async ({ said }) => {
      const would = async () => (await wouldHave(api, startedBy(said)).catch(() => '')) || undefined;
      const says = await until('the rehearsal has come to its act', would, RUN_MS);
      results.holds('a rehearsal says what it would do', says.includes('delete-old-exports'));
      results.equal('and does nothing', exports(), ages);
    },
    '"reason": "the disk is full"': async ({ said }) => {
      const still = ages.filter((days) => said.includes(`orders-${days}.csv`));
      results.equal('the exports were still there', still, ages);
      const id = startedBy(said);
      const run = await settled(api, (incident) => incident.id === id && incident.status === 'resolved');
      const { timeline } = await api.whole(run.id);
      const done = timeline.flatMap((event) => (event.type === 'act-finished' ? [event.says] : []));
      results.equal('the run deleted them', done, ['3 exports deleted, 27648 MB']);
      results.equal('and on the host they are gone', exports(), []);
      await until('the alarm clears', () => allClear(api), RUN_MS);
      results.holds('and the alarm clears by itself', true);
    },
    'npm run check': ({ said }) => {
      results.holds('the check finds nothing', /^\d+ passed, 0 failed$/m.test(said));
      ran('what all runbooks must hold, and all pages', said, 500);
    },
  };
}

function ran(what: string, said: string, atLeast: number): void {
  const passed = [...stripVTControlCharacters(said).matchAll(/Tests\s+(\d+) passed/g)].reduce((sum, [, n]) => sum + Number(n), 0);
  results.holds(`${what}: ${passed} tests`, passed >= atLeast);
}

async function answers(url: string, other: () => string): Promise<boolean> {
  if (other().includes('Error')) throw new Error(other());
  return (await fetch(`${url}/healthz`).catch(() => undefined))?.ok === true;
}

async function allClear(api: ConsoleApi): Promise<boolean> {
  return (await api.alarmStates()).every((state) => state === 'OK');
}

async function allWell(api: ConsoleApi): Promise<boolean> {
  return (await api.alarmStates()).length > 0 && (await allClear(api));
}

async function wouldHave(api: ConsoleApi, id: string): Promise<string> {
  const { timeline } = await api.whole(id);
  return timeline.flatMap((event) => (event.type === 'act-skipped' && event.wouldHave ? [event.wouldHave] : [])).join('\n');
}

/** The incident of the run that an answer of the console speaks of. */
function startedBy(said: string): string {
  return /"incidentId":"([^"]+)"/.exec(said)?.[1] ?? 'none';
}

/** For whoever reads of a failure: how far each incident came. */
async function whereItStands(api: ConsoleApi): Promise<void> {
  for (const { id } of await api.incidents()) {
    const { incident, timeline } = await api.whole(id);
    console.log(`      ${JSON.stringify(incident).slice(0, 400)}`);
    for (const event of timeline.slice(-12)) console.log(`      | ${JSON.stringify(event).slice(0, 300)}`);
  }
}

function settled(api: ConsoleApi, holds: (incident: Incident) => boolean): Promise<Incident> {
  const found = async () => (await api.incidents()).find(holds);
  return until(`the incident of ${RUNBOOK} has come to its end`, found, RUN_MS);
}
