import type { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import type { Tally } from '../tally.ts';
import type { Place } from './place.ts';
import type { Stack } from './stack.ts';
import { startTrial, type Trial } from './trial.ts';

/** Where the stories are played. */
export interface Stage {
  place: Place;
  stack: Stack;
  home: string;
  results: Tally;
  /** A folder of tools that stand in front of the machine's own. */
  tools?: string;
  /** Where the stack is Save-It's, too. */
  saveit?: SaveitSettings;
}

/** Plays one story with a responder of its own. */
export async function play(stage: Stage, name: string, story: (trial: Trial) => Promise<void>): Promise<void> {
  const began = performance.now();
  const trial = await startTrial(stage);
  try {
    await story(trial);
  } catch (error) {
    stage.results.failed(name, error);
    const [incident] = await trial.api.incidents();
    if (incident)
      for (const event of (await trial.api.whole(incident.id)).timeline)
        console.log(`      | ${JSON.stringify(event).slice(0, 400)}`);
  } finally {
    await trial.close();
  }
  console.log(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`);
}
