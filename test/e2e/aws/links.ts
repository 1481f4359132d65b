import * as z from 'zod';
import type { Mail } from './inbox.ts';
import { type Place, WHERE } from './place.ts';
import { relayed, type Told } from './relay.ts';
import type { Stage } from './stage.ts';

const Apis = z.object({ Items: z.array(z.object({ Name: z.string(), ApiEndpoint: z.string() })) });

/** What somebody's phone does with a link of a mail: through the deployed HTTP API, by the name that it has. */
async function ask({ emulator, cli, names }: Place, method: 'GET' | 'POST', link: string): Promise<Told> {
  const { Items } = Apis.parse(await cli.aws('apigatewayv2', 'get-apis'));
  const host = Items.find(({ Name }) => Name === names.linksFunction)?.ApiEndpoint.replace(/^https?:\/\//, '');
  if (host === undefined) throw new Error(`there is no HTTP API ${names.linksFunction}`);
  return await relayed(emulator.url, { method, path: new URL(link).pathname, headers: { host, accept: 'text/html' } });
}

/** @param what the word that stands before the link. @throws {Error} when the mail has no such link */
function linkOf({ message }: Mail, what: string): string {
  const line = message.split('\n').find((one) => one.trim().startsWith(what) && one.includes('/l/'));
  const link = /https?:\/\/\S+/.exec(line ?? '')?.[0];
  if (!link) throw new Error(`the mail has no link to ${what}:\n${message}`);
  return link;
}

/** Opens a link, presses its button, and presses it again. */
async function usedOnce({ place, results }: Stage, what: string, mail: Mail, shows: string): Promise<void> {
  const link = linkOf(mail, what);
  const shown = await ask(place, 'GET', link);
  results.equal(`${what} by a link: it is shown`, [shown.status, shown.body.includes(shows)], [200, true]);
  results.equal(`${what} by a link: no cache keeps it`, shown.headers['cache-control'], 'no-store');
  const pressed = await ask(place, 'POST', link);
  results.equal(`${what} by a link: it is done`, [pressed.status, pressed.body.includes('Done.')], [200, true]);
  const forged = await ask(place, 'GET', `${link.slice(0, -43)}${'A'.repeat(43)}`);
  results.equal(`${what} by a link: one that nobody made is refused`, forged.status, 404);
  const replayed = await ask(place, 'POST', link);
  results.equal(
    `${what} by a link: pressed again it is refused, with the same answer`,
    [replayed.status, replayed.body],
    [forged.status, forged.body],
  );
}

/** The first responder approves what is asked, by the link of the mail that asks. */
export async function approvedByLink(stage: Stage, question: Mail, incidentId: string): Promise<void> {
  await usedOnce(stage, 'Approve', question, 'Silence is a no');
  const late = await ask(stage.place, 'POST', linkOf(question, 'Deny'));
  stage.results.equal(
    'Deny by a link: too late, and says so',
    [late.status, late.body.includes('This was approved')],
    [409, true],
  );
  const { timeline } = await stage.place.console.whole(incidentId);
  const decided = timeline.find(({ type }) => type === 'approval-decided');
  stage.results.equal('approved by a link: the name is proven', decided?.by.verified, true);
}

/** Whoever is paged acknowledges, by the link of their page. */
export async function acknowledgedByLink(stage: Stage, page: Mail, incidentId: string): Promise<void> {
  await usedOnce(stage, 'Acknowledge', page, 'Nobody yet');
  const { incident, timeline } = await stage.place.console.whole(incidentId);
  stage.results.equal('acknowledged by a link: the incident is', incident.status, 'acknowledged');
  const by = timeline.find(({ type }) => type === 'acknowledged')?.by;
  stage.results.equal('acknowledged by a link: the name is proven', by?.verified, true);
  // Neither in the function's log nor in that of the API.
  const { aws } = stage.place.cli;
  const token = linkOf(page, 'Acknowledge').slice(-43);
  const group = `/aws/lambda/${stage.place.names.linksFunction}`;
  const logged = JSON.stringify(await aws('logs', 'filter-log-events', '--log-group-name', group, '--region', WHERE.region));
  stage.results.holds('acknowledged by a link: its token is in no log', !logged.includes(token));
}
