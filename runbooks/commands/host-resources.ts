import * as z from 'zod';
import { hostCommand } from '../language/command.ts';

export const hostResources = hostCommand('host-resources', {
  title: 'Check what the host has left',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({
    /** What programs can still have, caches counted as free. */
    memoryFreePercent: z.number(),
    memoryAvailableMb: z.number(),
    /** The load average of the last minute. */
    load1: z.number(),
    cpus: z.number(),
    rootFreePercent: z.number(),
    /** Whether Docker answered. If not, `containers` is empty and says nothing. */
    dockerLive: z.boolean(),
    /** Running containers. CPU in percent of one CPU, memory in percent of the container's limit. */
    containers: z.array(z.object({ name: z.string(), cpuPercent: z.number(), memoryPercent: z.number() })),
  }),
  timeout: '1m',
  byHand: 'free -h; uptime; df -h; docker stats --no-stream',
});

/** For the timeline: what the host has, without its containers. */
export const sayResources = ({ memoryFreePercent, load1, cpus, rootFreePercent }: z.output<typeof hostResources.facts>) =>
  `memory ${memoryFreePercent} % free, load ${load1} on ${cpus} CPUs, disk ${rootFreePercent} % free`;
