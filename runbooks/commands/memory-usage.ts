import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { mb, stack } from './parameters.ts';

/** A process by its name alone: what stands on its command line may be secret. */
const Process = z.object({
  name: z.string(),
  pid: z.number(),
  user: z.string(),
  /** Resident, shared pages counted in. */
  rssMb: mb,
  /** The container's name; `null` for a process of the host's own. */
  container: z.string().nullable(),
});

export const memoryUsage = hostCommand('memory-usage', {
  title: 'See who holds the memory',
  safety: 'observe',
  parameters: z.object({ composeProject: stack.composeProject }),
  facts: z.object({
    totalMb: mb,
    usedMb: mb,
    /** Files that the kernel keeps in memory because nobody else needs it: it gives that back. */
    cacheMb: mb,
    /** What programs can still have, such cache counted in. */
    availableMb: mb,
    swapTotalMb: mb,
    swapFreeMb: mb,
    /** Whether Docker answered. If not, there are no containers here, and that says nothing. */
    dockerLive: z.boolean(),
    /** The stack's own. */
    containers: z.array(
      z.object({
        service: z.string(),
        name: z.string(),
        /** Docker's word: `running`, `exited`, `restarting` ... */
        state: z.string(),
        /** Whether it ended because the kernel killed it for want of memory. */
        oomKilled: z.boolean(),
        exitCode: z.number(),
        usedMb: mb,
        /** 0 where it has no limit of its own. */
        limitMb: mb,
        startedSecondsAgo: z.number().nullable(),
        finishedSecondsAgo: z.number().nullable(),
        /** How many of its processes the kernel has killed since it was started; `null` when that can't be read. */
        oomKills: z.number().nullable(),
      }),
    ),
    /** Containers of somebody else. */
    others: z.array(z.object({ name: z.string(), usedMb: mb })),
    /** The ten largest. */
    processes: z.array(Process),
    /** Dumps, restores, migrations and builds at work, however small: they must be let finish. */
    busy: z.array(Process),
    /** How many processes the kernel has killed for want of memory since the host was started; `null` when that can't be read. */
    kernelKills: z.number().nullable(),
    /** The last of them, as far as the kernel's log can be read. */
    killed: z.array(z.object({ pid: z.number(), name: z.string(), secondsAgo: z.number().nullable() })),
  }),
  timeout: '2m',
  byHand: 'free -h; ps -eo rss,pid,user,comm --sort=-rss | head; docker stats --no-stream; dmesg | grep "Killed process"',
});
