import { decide } from '../../functions/approve/decide.ts';
import { acknowledge } from '../../functions/console/commands/acknowledge.ts';
import { note } from '../../functions/console/commands/note.ts';
import { resolve } from '../../functions/console/commands/resolve.ts';
import { editReview } from '../../functions/console/commands/review.ts';
import { wholeReview } from '../../functions/console/read/review.ts';
import { person } from '../../functions/incident/actor.ts';
import { type Incident, isLive } from '../../functions/incident/incident.ts';
import { reviewMarkdown } from '../../functions/review/markdown.ts';
import { pass, round } from '../functions/watching.ts';
import { type Whole, whole } from '../local/whole.ts';
import { P0, SEV1 } from './review-answers.ts';

const MINUTE = 60_000;
const contact = (name: string, email: string) => ({ name, email });

/** A simulated outage of SIRA: the backend is down while a deployment runs, so that a person is asked before it is started again. */
export async function siraOutage(): Promise<string> {
  const contacts = {
    oncall: contact('Ada Meyer', 'ada@sira.example'),
    lead: contact('Grace Okafor', 'grace@sira.example'),
    cto: contact('Tomas Silva', 'tomas@sira.example'),
  };
  const system = await whole({ at: '2026-10-04T03:08:00Z', people: { sira: { contacts } } });
  const { around, simulation, clock } = system;
  simulation.switchOn('backend-down');
  simulation.switchOn('deploy-running');
  const { id } = await begun(system, 'sira');
  await system.until(async () => (await system.incident()).automation === 'awaiting-approval');
  await pass(system, 16 * MINUTE);
  await clock.during(acknowledge(around)(id, { by: 'Grace Okafor', reason: '' }));
  await pass(system, 2 * MINUTE);
  const [asked] = await around.store.people.approvals(id);
  const answer = { incidentId: id, approvalId: asked?.id ?? '', decision: 'approved' as const, by: person('Grace Okafor') };
  await clock.during(
    decide(around, {
      ...answer,
      reason: 'the release hangs at its pull and has stopped the backend; starting it again disturbs nothing',
    }),
  );
  await system.until(async () => !isLive(await system.incident()));
  return written(system, id, 'Grace Okafor', P0);
}

/** A simulated outage of Save-It.AI: restarted pods end as the old ones did, and a person takes it from there. */
export async function saveitOutage(): Promise<string> {
  const contacts = {
    oncall: contact('Jonas Weber', 'jonas@saveit.example'),
    lead: contact('Mei Tanaka', 'mei@saveit.example'),
    manager: contact('Ruth Adeyemi', 'ruth@saveit.example'),
    vp: contact('Carl Nyberg', 'carl@saveit.example'),
  };
  const system = await whole({ at: '2026-10-06T13:41:00Z', people: { saveit: { contacts } } });
  const { around, simulation, clock } = system;
  simulation.switchOn('saveit-crash-broken');
  const { id } = await begun(system, 'saveit');
  await system.until(async () => (await system.incident()).automation === 'escalated');
  await pass(system, 3 * MINUTE);
  await clock.during(acknowledge(around)(id, { by: 'Jonas Weber', reason: '' }));
  await pass(system, 6 * MINUTE);
  const text =
    'Every pod ends at its start over app.core.rules.load. The tag 2.8.1 was pushed a second time at 13:36, without it.';
  await clock.during(note(around)(id, { by: 'Jonas Weber', text }, 'note-1'));
  await pass(system, 4 * MINUTE);
  simulation.switchOff('saveit-crash-broken');
  await pass(system, 5 * MINUTE);
  const reason =
    'pinned the backend to the digest of the first 2.8.1; readiness answers 200, and errors are back at their usual rate';
  await clock.during(resolve(around)(id, { by: 'Jonas Weber', reason }));
  return written(system, id, 'Mei Tanaka', SEV1);
}

async function begun(system: Whole, of: string): Promise<Incident> {
  await system.until(async () => (await system.incidents()).some((one) => one.system === of));
  return system.incident();
}

/** The auditor begins it, and somebody answers what it asks, a day later. */
async function written(system: Whole, id: string, by: string, answers: object): Promise<string> {
  const { around, clock } = system;
  await pass(system, 5 * MINUTE);
  await round(system);
  system.monitoring.stop();
  await pass(system, 26 * 60 * MINUTE);
  const { version } = (await around.store.reviews.get(id)) ?? {};
  await clock.during(editReview(around)(id, { by, version, ...answers, state: 'finished' }));
  return asDeployed(reviewMarkdown((await wholeReview(around, id)).document), id);
}

/** The simulation's addresses as the systems' own, because a port is another each time; and so is an incident's id. */
const asDeployed = (markdown: string, id: string) =>
  markdown
    .replaceAll(id, '7Q2M9VXKT4B1')
    .replace(/http:\/\/127\.0\.0\.1:\d+\/simulated\/sira\/api/g, 'https://api.yourdomain.com')
    .replace(/http:\/\/127\.0\.0\.1:\d+\/simulated\/sira\//g, 'https://yourdomain.com/')
    .replace(/http:\/\/127\.0\.0\.1:\d+\/simulated\/saveit/g, 'https://api.saveit.ai');
