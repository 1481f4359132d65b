import type { Incident } from './console.ts';
import type { Mail } from './inbox.ts';
import { pasted } from './paste.ts';
import { seldom } from './runs.ts';
import { BY, DISK, type Stage } from './stage.ts';

const SOON_MS = 240_000;
/** Three checks, a minute apart, and what else there is to do. */
const VERIFIED_MS = 240_000;
const ACTS = /-(delete|remove|restart)-/;

/** A full disk, of which Alertmanager speaks; nobody has promoted the runbook. */
export async function observed({ place, results, runs, signals }: Stage): Promise<Incident> {
  place.hosts.simulation.switchOn('disk-full-logs');
  await signals.alertmanager('DiskSpaceLow', 'firing', 91.3);
  const first = await runs.incident('the incident is handed over', isDisk('escalated'), SOON_MS);
  results.equal('nobody has promoted it: the incident is open, and at a person', [first.status, first.seen], ['open', 1]);
  const acts = place.hosts.sent().filter(({ document }) => ACTS.test(document));
  results.equal('nobody has promoted it: no command was sent that changes anything', acts, []);
  // Beside the lead, for a P1: whom nobody is, so that the CTO hears of it as well.
  const mine = ({ to, message }: Mail) => message.includes(`take it: incident ${first.id}`) && !to.endsWith('-cto');
  const page = await runs.mail('the page', mine, SOON_MS);
  console.log(
    page.message
      .split('\n')
      .slice(0, 4)
      .map((line) => `      | ${line}`)
      .join('\n'),
  );
  results.equal('nobody has promoted it: the page is at whom the runbook names', page.to, 'firebreak-sira-devops');
  results.holds(
    'nobody has promoted it: the page says what it would have done',
    /What it would have done\n[\s\S]*Delete logs older than a week on sira-prod-1/.test(page.message),
  );
  results.holds('the page begins with how bad it is, and what', page.message.startsWith('P1 SIRA: Disk space running low'));

  await signals.alertmanager('DiskSpaceLow', 'firing', 91.4);
  await runs.incident('the repeat is counted', ({ id, seen }) => id === first.id && seen === 2, SOON_MS);
  const incidents = await place.console.incidents();
  results.equal('a repeated alarm: one incident', incidents.filter(({ alert }) => alert === 'DiskSpaceLow').length, 1);
  results.equal('a repeated alarm: seen twice, and one run', (await runs.executions(DISK)).length, 1);
  const shown = await pasted(page.message, 'show', place);
  results.holds("the page's own line shows the incident", JSON.stringify(shown).includes(`"id":"${first.id}"`));
  return first;
}

/** Promotion, and "run again". @param freed is called when there is room again: the verification follows. */
export async function promoted({ place, results, runs, signals }: Stage, { id }: Incident, freed: () => void): Promise<void> {
  const { cli, names, console: pages } = place;
  const asked = { scope: DISK, mode: 'auto', reason: 'It was right three times', by: BY };
  const setting = await cli.invoke(names.promoteFunction, asked);
  results.holds('promotion is answered with the setting', JSON.stringify(setting).includes('"mode":"auto"'));
  await cli.invoke(names.consoleFunction, {
    method: 'POST',
    path: `/api/incidents/${id}/run-again`,
    body: { by: BY, reason: 'promoted' },
  });
  const acted = async () => (await pages.whole(id)).timeline.find((event) => event.type === 'act-finished' && event.ok);
  const act = await seldom('an act is done', acted, SOON_MS);
  results.equal('promoted: it acts', act.type === 'act-finished' && act.title, 'Delete logs older than a week');
  freed();
  await signals.alertmanager('DiskSpaceLow', 'resolved', 40.2);
  const over = await runs.incident('the incident is resolved', (one) => one.id === id && one.status === 'resolved', VERIFIED_MS);
  results.equal('promoted: the incident is resolved by the automation', [over.automation, over.run], ['succeeded', 2]);
  const run = over.runs.find(({ number }) => number === 2)?.execution ?? '';
  results.equal('promoted: its execution is green', (await runs.ended(run, SOON_MS)).status, 'SUCCEEDED');
  const { timeline } = await pages.whole(id);
  const checks = timeline.flatMap((event) => (event.type === 'checked' && event.run === 2 ? [event.good] : []));
  results.equal('promoted: it was checked three times, and well each time', checks, [1, 2, 3]);
}

const isDisk = (automation: string) => (incident: Incident) =>
  incident.alert === 'DiskSpaceLow' && incident.automation === automation;
