import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { approvedAfterUpgrade, asksFirst, denied, unreachable } from './aws/application.ts';
import { atRest, byHand, deadLetter, deployedAgain, heartbeat, operator, poisoned } from './aws/around.ts';
import { crashes, restarted, stranger, withinRoles } from './aws/backend.ts';
import { busOf } from './aws/bus.ts';
import { debugged, looked } from './aws/cluster-runs.ts';
import { atDashboard } from './aws/dashboard.ts';
import { observed, promoted } from './aws/disk.ts';
import { climbed } from './aws/ladder.ts';
import { deployed, type Place } from './aws/place.ts';
import { runsOf } from './aws/runs.ts';
import { signalsOf } from './aws/signals.ts';
import type { Stage } from './aws/stage.ts';
import { tally } from './tally.ts';

/**
 * The stack as it is deployed, on an AWS that nobody here wrote, in real time: `cdk bootstrap`, `cdk deploy`, alarms, approvals, an
 * upgrade. Only Systems Manager is local mode's, with the deployed documents on its simulated host, and the Kubernetes API behind
 * EKS, with its simulated cluster. docs/emulator.md says what is not proven here, and where it is.
 */

const LOG_LINES = 60;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const results = tally();
const folder = mkdtempSync(join(tmpdir(), 'firebreak-aws-'));
const began = performance.now();
let place: Place | undefined;
try {
  place = await deployed(folder);
  const { emulator, assembly, took } = place;
  console.log(`ministack ${emulator.version}: ${JSON.stringify(took)} ms`);
  console.log(`left out, because the emulator does not know them: ${JSON.stringify(assembly.leftOut)}`);
  await play({ place, results, runs: runsOf(place), signals: signalsOf(place), bus: busOf(place) });
} catch (error) {
  results.failed('the emulated AWS', error);
  if (place) console.log(readFileSync(place.emulator.logFile, 'utf8').split('\n').slice(-LOG_LINES).join('\n'));
} finally {
  await place?.close();
  // A function of the emulator's may write its last lines yet.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
}
console.log(`${Math.round((performance.now() - began) / 1_000)} s`);
process.exitCode = results.end();

/** What needs neither the other's host nor its lock is played at the same time: runbooks take their minutes. */
async function play(stage: Stage): Promise<void> {
  await deployedAgain(stage);
  await together(onHosts(stage), inCluster(stage));
  await atRest(stage);
}

/** Save-It. Two of its runbooks at once would wait for each other's lock, and each fault must be alone. */
async function inCluster(stage: Stage): Promise<void> {
  const [gone] = await together(debugged(stage), looked(stage), stranger(stage));
  const incident = await crashes(stage);
  await restarted(stage, incident);
  await gone();
  withinRoles(stage);
}

/** SIRA, and what belongs to neither. */
async function onHosts(stage: Stage): Promise<void> {
  const next = stage.place.nextVersion();
  // Whoever awaits it later is told; until then it is nobody's failure.
  next.catch(() => undefined);
  const [incident, presses, left] = await together(observed(stage), operator(stage), climbed(stage), poisoned(stage));
  await asksFirst(stage, presses);
  const room = Promise.withResolvers<void>();
  const disk = promoted(stage, incident, room.resolve).catch((error: unknown) => {
    room.reject(error);
    throw error;
  });
  const application = room.promise.then(async () => {
    const refused = await denied(stage);
    await approvedAfterUpgrade(stage, next);
    return refused;
  });
  const hand = disk.then(() => byHand(stage));
  const [, refused] = await together(hand, application, deadLetter(stage), heartbeat(stage));
  await unreachable(stage, refused);
  await atDashboard(stage);
  await left();
}

/** What is played at the same time comes to its end even where one of it fails: nothing may go on when all is taken down. */
async function together<T extends readonly unknown[]>(...stories: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(stories);
  return await Promise.all(stories);
}
