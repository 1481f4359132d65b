import * as z from 'zod';
import { climbName } from '../../../functions/incident/ladder/machine.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import { acknowledgedByLink } from './links.ts';
import { WHERE } from './place.ts';
import { BY, type Stage } from './stage.ts';

const SOON_MS = 240_000;
const Declared = z.object({ status: z.literal(201), body: z.object({ id: z.string() }) });
/** Whom P1 pages when it is at a person. Nobody is on call as the lead, so the CTO hears at once, and not after an hour. */
const CLIMBED = ['page-sent oncall', 'nobody-on-call lead', 'page-sent cto'];

/**
 * A person declares a P1, and its ladder is climbed by the deployed machine, until somebody acknowledges it by the link of their mail.
 *
 * @returns what proves, minutes later, that nobody was paged afterwards
 */
export async function climbed(stage: Stage): Promise<() => Promise<void>> {
  const { cli, names, console: pages, inbox } = stage.place;
  const body = { system: 'sira', severity: 'P1', title: 'Orders are lost', by: BY };
  const answer = await cli.invoke(names.consoleFunction, { method: 'POST', path: '/api/incidents', body });
  const { id } = Declared.parse(answer).body;
  const mailTo = (role: string) =>
    stage.runs.mail(
      `the page of the ${role}`,
      ({ to, message }) => to === names.contactTopic('sira', role) && message.includes(`take it: incident ${id}`),
      SOON_MS,
    );
  await mailTo('oncall');
  const page = await mailTo('cto');
  stage.results.holds('climbed: the page says who declared it', page.message.includes(`${BY} declared it: Orders are lost`));
  const rungs = async () => (await pages.whole(id)).timeline.flatMap(rungOf);
  stage.results.equal('climbed: rung by rung, past whom there is not', await rungs(), CLIMBED);
  await acknowledgedByLink(stage, page, id);
  const machine = `arn:aws:states:${WHERE.region}:${WHERE.account}:execution:${names.escalationMachine}`;
  const execution = `${machine}:${climbName(id, { generation: 1, attempt: 1 })}`;
  const described = await cli.aws('stepfunctions', 'describe-execution', '--execution-arn', execution);
  stage.results.holds('climbed: its one execution waits for what comes next', JSON.stringify(described).includes('"RUNNING"'));
  return async () => {
    const mails = (await inbox.mails()).filter(({ message }) => message.includes(`take it: incident ${id}`));
    const paged = mails.map(({ to }) => to).sort();
    const expected = ['cto', 'oncall'].map((role) => names.contactTopic('sira', role));
    stage.results.equal('acknowledged by a link: nobody has been paged since, and nobody twice', paged, expected);
    stage.results.equal('acknowledged by a link: and no rung was climbed', await rungs(), CLIMBED);
  };
}

function rungOf(event: TimelineEvent): string[] {
  return event.type === 'page-sent' || event.type === 'nobody-on-call' ? [`${event.type} ${event.role}`] : [];
}
