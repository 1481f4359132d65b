import type { PodEffect } from '../fault.ts';
import type { Pod } from '../objects.ts';
import { appOf } from '../world.ts';

/** How a pod's container fares, if nothing changes. */
export interface ContainerPlan {
  /** Seconds from its start until it answers. */
  bootSeconds: number;
  /** What it says when it starts. */
  greeting: string[];
  waiting?: { reason: string; message: string };
  unready?: true;
  ends?: { afterSeconds: number; exitCode: number; reason: string; lines: string[] };
  /** It runs this and ends with it. */
  program?: string[];
}

const APPLICATIONS: Readonly<Record<string, Pick<ContainerPlan, 'bootSeconds' | 'greeting'>>> = {
  'saveit-backend': {
    bootSeconds: 8,
    greeting: [
      'INFO:     Started server process [1]',
      'INFO:     app.core.database: connected to PostgreSQL',
      'INFO:     app.mqtt.broker: listening on 0.0.0.0:1883',
      'INFO:     Application startup complete.',
    ],
  },
  'saveit-frontend': { bootSeconds: 3, greeting: ['nginx/1.27.3: start worker processes'] },
  redis: { bootSeconds: 2, greeting: ['1:M * Server initialized', '1:M * Ready to accept connections tcp'] },
};

export function planFor(pod: Pod, effects: readonly PodEffect[]): ContainerPlan {
  const [container] = pod.spec.containers;
  const program = [...(container?.command ?? []), ...(container?.args ?? [])];
  const known = APPLICATIONS[appOf(pod)];
  // What belongs to no application is a job or a person's pod: it runs what it was told to.
  const usual: ContainerPlan = known ?? { bootSeconds: 0, greeting: [], ...(program.length > 0 && { program }) };
  const boots = effects.flatMap(({ bootSeconds = [] }) => bootSeconds);
  const waiting = effects.find((effect) => effect.waiting)?.waiting;
  const ends = effects.find((effect) => effect.ends)?.ends;
  return {
    ...usual,
    bootSeconds: Math.max(usual.bootSeconds, ...boots),
    ...(waiting && { waiting }),
    ...(ends && { ends }),
    ...(effects.some(({ unready }) => unready) && { unready: true }),
  };
}
