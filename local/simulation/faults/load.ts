import { iso } from '../../../functions/incident/clock.ts';
import { beginSlow, endSlow } from '../docker/load.ts';
import type { FaultKind } from '../fault-kind.ts';

const MINUTE = 60_000;
/** What a service holds follows from the fault's being on, and from when the service was started: see docker/memory.ts. */
const nothing = () => undefined;

/** What makes answers slow, and for how long, is in docker/load.ts. */
const slow = (id: string, title: string): FaultKind => ({
  id,
  title,
  on: ({ engine }) => beginSlow(engine, id),
  off: ({ engine }) => endSlow(engine, id),
});

export const loadFaults: FaultKind[] = [
  slow('slow-workers', 'Four workers are too few: requests queue up, and everything else has room; two more are enough'),
  slow('slow-query', 'A query of the application has run for long and makes others wait; cancelling it helps'),
  slow('slow-cpu', 'The processors are busy: there is no room for more workers'),
  slow('slow-external', 'Mistral answers after five seconds, and everybody waits for it'),
  slow('slow-dump', 'A dump reads the whole database and makes answers slow: it must be let finish'),
  {
    id: 'memory-oom',
    title: 'The kernel has killed the frontend for want of memory, and it stayed down; a restart brings it back',
    on: ({ engine }) => {
      const container = engine.of('frontend');
      if (container?.state !== 'running') return;
      engine.say(container, { at: iso(new Date(engine.now() - 4 * MINUTE)), stream: 'stderr', text: 'Killed' });
      engine.end(container, 137, Math.max(Date.parse(container.startedAt), engine.now() - 4 * MINUTE), true);
      container.restartCount = 5;
    },
    off: ({ engine }) => {
      const container = engine.of('frontend');
      if (container) engine.start(container);
    },
  },
  {
    id: 'memory-hog',
    title: 'The backend holds 97 % of its memory limit; a restart frees it',
    on: nothing,
    off: nothing,
  },
  {
    id: 'memory-leak',
    title: 'The backend holds 97 % of its memory limit, and fills it again within minutes of a restart',
    on: nothing,
    off: nothing,
  },
  {
    id: 'memory-database',
    title: 'The database holds 98 % of its memory limit: a person decides whether it is restarted',
    on: nothing,
    off: nothing,
  },
  {
    id: 'memory-dump',
    title: 'A dump that runs in the backend holds most of its memory: it must be let finish',
    on: nothing,
    off: nothing,
  },
  {
    id: 'memory-outside',
    title: "Somebody's program on the host holds 5 GB: no service is to blame",
    on: nothing,
    off: nothing,
  },
  {
    id: 'memory-build',
    title: 'A build on the host holds 5 GB',
    on: nothing,
    off: nothing,
  },
  {
    id: 'memory-cache',
    title: 'The kernel keeps files in all memory that nobody needs, and the alarm takes that for use',
    on: nothing,
    off: nothing,
  },
];
