import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Incident } from '../../functions/incident/incident.ts';
import { log } from '../../functions/log.ts';
import { type VirtualClock, virtualClock } from '../../local/clocks.ts';
import { type Local, type LocalOptions, startLocal } from '../../local/responder.ts';
import { registry as everything } from '../../runbooks/registry.ts';

const HOUR_MS = 3_600_000;

/** The whole responder with its simulation, on a clock that the test drives. */
export interface Whole extends Local {
  clock: VirtualClock;
  dataDir: string;
  /** Starts an alarm as monitoring would: through CloudWatch and the bus. */
  alarm(name: string, state: 'ALARM' | 'OK', value?: number): void;
  /** Lets time pass until it has come true, an hour of it at most if not said. */
  until(holds: () => boolean | Promise<boolean>, limitMs?: number): Promise<void>;
  /** All incidents, the oldest first. */
  incidents(): Promise<Incident[]>;
  /** The only incident that there is. */
  incident(): Promise<Incident>;
  /** Executions of runbooks, without those that climb ladders. */
  runs(): ReturnType<Local['aws']['executions']>;
  /** Mails that ask somebody for something. Updates are none: they go to those who have nothing to do for it. */
  pages(): ReturnType<Local['aws']['inbox']>;
  /**
   * Whether no run of a runbook goes on any more, at least one has, and no page is on its way. A ladder may still wait for its next
   * rung.
   */
  quiet(): boolean;
  /** Titles of the acts that were carried out, over all runs, in order. */
  acts(): Promise<string[]>;
}

/** Closed, and its data removed, when the test is over. */
export async function whole(
  options: Partial<Pick<LocalOptions, 'registry' | 'watcher' | 'counting' | 'invocation' | 'sira' | 'people'>> & {
    monitoring?: boolean;
    /** The time of the day at which it begins, `HH:MM` in UTC, or the whole time. */
    at?: string;
  } = {},
): Promise<Whole> {
  log.setLogLevel('SILENT');
  const at = options.at?.includes('T') ? options.at : `2026-10-04T${options.at ?? '03:14'}:00Z`;
  const clock = virtualClock(Date.parse(at));
  const dataDir = mkdtempSync(join(tmpdir(), 'firebreak-test-'));
  let sending = 0;
  const { invocation = (call) => call() } = options;
  const local = await startLocal({
    registry: options.registry ?? everything,
    clock,
    dataDir,
    port: 0,
    inMemory: true,
    ...(options.sira && { sira: options.sira }),
    ...(options.people && { people: options.people }),
    ...(options.watcher && { watcher: options.watcher }),
    ...(options.counting && { counting: options.counting }),
    invocation: async (call, of) => {
      if (!of.endsWith('-escalate')) return invocation(call, of);
      sending += 1;
      try {
        return await invocation(call, of);
      } finally {
        sending -= 1;
      }
    },
  });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await local.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  onTestFinished(close);
  if (options.monitoring !== false) local.monitoring.start();
  const { store } = local.around;
  const incidents = async () => {
    const all = [...(await store.incidents.past()), ...(await store.incidents.open())];
    return all.sort((a, b) => a.openedAt.localeCompare(b.openedAt));
  };
  const climbs = `:${local.names.escalationMachine}`;
  const runs = () => local.aws.executions().filter(({ stateMachineArn }) => !stateMachineArn.endsWith(climbs));
  const told = new Set<string | undefined>(local.around.systems.flatMap(({ updates = [] }) => updates.map(({ to }) => to)));
  return {
    ...local,
    clock,
    dataDir,
    close,
    alarm: (name, state, value = 91.3) => {
      const data = JSON.stringify({ version: '1.0', recentDatapoints: [value] });
      local.aws.alarms.setState(name, state, 'said by the test', data);
    },
    until: (holds, limitMs = HOUR_MS) => clock.drive(holds, limitMs),
    incidents,
    incident: async () => {
      const [only, ...more] = await incidents();
      if (!only || more.length > 0) throw new Error(`expected one incident, found ${more.length + (only ? 1 : 0)}`);
      return only;
    },
    runs,
    pages: () => local.aws.inbox().filter(({ role }) => !told.has(role)),
    quiet: () => runs().length > 0 && runs().every(({ status }) => status !== 'RUNNING') && sending === 0,
    acts: async () => {
      const timelines = await Promise.all((await incidents()).map(({ id }) => store.incidents.timeline(id)));
      return timelines.flat().flatMap((event) => (event.type === 'act-finished' ? [event.title] : []));
    },
  };
}
