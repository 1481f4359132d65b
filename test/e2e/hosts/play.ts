import type { Stage } from './stage.ts';
import { startTrial, type Trial } from './trial.ts';

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
