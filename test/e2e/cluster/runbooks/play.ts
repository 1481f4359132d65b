import { acts } from '../../hosts/trial.ts';
import type { Lane } from './lane.ts';
import type { Story } from './story.ts';
import { startTrial, type Trial } from './trial.ts';

/** Plays one story with a responder of its own: what one has restarted does not count against the next. */
export async function play(lane: Lane, name: string, story: Story, told: (trial: Trial) => Promise<void>): Promise<void> {
  const began = performance.now();
  const trial = await startTrial(lane, story);
  try {
    await told(trial);
  } catch (error) {
    lane.results.failed(name, error);
    for (const { id } of await trial.api.incidents())
      for (const event of (await trial.api.whole(id)).timeline) lane.print(`      | ${JSON.stringify(event).slice(0, 400)}`);
  } finally {
    await trial.close();
  }
  lane.print(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`);
}

/** It ends resolved, by these acts and without a person. */
export async function resolves({ results }: Lane, name: string, trial: Trial, expected: readonly string[]): Promise<void> {
  const ended = await trial.ends(({ status, automation }) => status === 'resolved' || automation === 'escalated');
  results.equal(`${name}: resolved`, [ended.incident.status, trial.why(ended)], ['resolved', '']);
  results.equal(`${name}: by what it takes`, acts(ended), expected);
  results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
}

/** It ends at a person, who is told why. @param responder who has it first @returns what the page says */
export async function escalates(
  { results }: Lane,
  name: string,
  trial: Trial,
  says: RegExp,
  expected: readonly string[] = [],
  responder = 'oncall',
): Promise<string> {
  const ended = await trial.ends(({ status, automation }) => status === 'resolved' || automation === 'escalated');
  results.equal(`${name}: at a person, still open`, [ended.incident.automation, ended.incident.status], ['escalated', 'open']);
  results.equal(`${name}: acts`, acts(ended), expected);
  const { id } = ended.incident;
  results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(id, responder), []);
  const message = await trial.askedOf(id, responder);
  results.holds(
    `${name}: the page says why${says.test(message) ? '' : `, and not ${message.slice(0, 600)}`}`,
    says.test(message),
  );
  return message;
}
