import type { Clock } from '../../../functions/incident/clock.ts';
import type { HostFleet, ScriptResult } from '../../simulation/fleet.ts';
import type { Deadlines } from '../deadlines.ts';
import type { Folder } from '../store.ts';
import { type Command, type Invocation, isOver } from './command.ts';
import { type SsmDocument, timeoutSeconds } from './documents.ts';

/** What GetCommandInvocation returns at most, in characters. It does not say that it cut. */
const MOST_OUTPUT = 24_000;
const MOST_ERRORS = 8_000;
/** The agent's own exit code for a script that it stopped. */
const STOPPED = 137;

export interface AgentDependencies {
  clock: Clock;
  deadlines: Deadlines;
  fleet: HostFleet;
  documents: ReadonlyMap<string, SsmDocument>;
  commands: Folder<Command>;
}

/** The agents on the hosts: they fetch what was sent to them, run it, and report. */
export interface Agents {
  deliver(command: Command): void;
  cancel(command: Command, instanceIds: readonly string[]): void;
  /** What a restart left: the undelivered is delivered still, and of what ran nobody knows the result. */
  recover(): void;
  /** Ends every script. Resolves when they have ended. */
  close(): Promise<void>;
}

interface Running {
  stop: AbortController;
  /** Why it is stopped; nothing while it is not. */
  why?: 'cancelled' | 'late';
  ended: Promise<void>;
}

export function createAgents(deps: AgentDependencies): Agents {
  const { clock, deadlines, fleet, commands } = deps;
  const running = new Map<string, Running>();
  let closed = false;
  const key = (command: Command, instanceId: string) => `${command.id} ${instanceId}`;
  const now = () => clock.now().toISOString();
  const isOnline = (id: string) => fleet.instances().some((host) => host.instanceId === id && host.pingStatus === 'Online');
  const invocationOf = (command: Command, id: string) =>
    commands.get(command.id)?.invocations.find((invocation) => invocation.instanceId === id);

  const change = (command: Command, instanceId: string, changes: Partial<Invocation>) => {
    const stored = commands.get(command.id);
    if (!stored || closed) return;
    const invocations = stored.invocations.map((one) => (one.instanceId === instanceId ? { ...one, ...changes } : one));
    commands.put(command.id, { ...stored, invocations });
  };

  /** Until the host is there, or the time for it is over. */
  const expect = (command: Command, instanceId: string) => {
    deadlines.when(
      () => isOnline(instanceId) || now() >= command.expiresAt,
      () => receive(command, instanceId),
    );
  };

  const receive = (command: Command, instanceId: string) => {
    if (closed || invocationOf(command, instanceId)?.status !== 'Pending') return;
    if (!isOnline(instanceId)) {
      if (now() < command.expiresAt) return expect(command, instanceId);
      return change(command, instanceId, { status: 'TimedOut', details: 'DeliveryTimedOut', endedAt: now() });
    }
    change(command, instanceId, { status: 'InProgress', details: 'InProgress', startedAt: now() });
    const entry: Running = { stop: new AbortController(), ended: Promise.resolve() };
    running.set(key(command, instanceId), entry);
    entry.ended = execute(command, instanceId, entry).finally(() => running.delete(key(command, instanceId)));
  };

  const execute = async (command: Command, instanceId: string, entry: Running) => {
    const document = deps.documents.get(command.document);
    if (!document) return change(command, instanceId, unknownResult('the document is gone', now()));
    const limit = clock.now().getTime() + timeoutSeconds(document) * 1_000;
    const cancelLimit = deadlines.at(limit, () => {
      entry.why ??= 'late';
      entry.stop.abort();
    });
    try {
      const result = await fleet.run(instanceId, document.script, command.environment, entry.stop.signal);
      change(command, instanceId, { ...ending(entry.why, result), endedAt: now() });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const stopped = ending(entry.why, { exitCode: -1, stdout: '', stderr: why });
      change(command, instanceId, { ...stopped, endedAt: now() });
    } finally {
      cancelLimit();
    }
  };

  const cancelOne = (command: Command, invocation: Invocation) => {
    const entry = running.get(key(command, invocation.instanceId));
    if (isOver(invocation)) return;
    if (!entry) return change(command, invocation.instanceId, { status: 'Cancelled', details: 'Cancelled', endedAt: now() });
    change(command, invocation.instanceId, { status: 'Cancelling', details: 'Cancelling' });
    entry.why ??= 'cancelled';
    entry.stop.abort();
  };

  const deliver: Agents['deliver'] = (command) => {
    for (const { instanceId } of command.invocations) setImmediate(receive, command, instanceId);
  };

  return {
    deliver,
    cancel: (command, instanceIds) => {
      for (const invocation of command.invocations)
        if (instanceIds.length === 0 || instanceIds.includes(invocation.instanceId)) cancelOne(command, invocation);
    },
    recover: () => {
      for (const command of commands.all()) {
        const interrupted = command.invocations.filter(({ status }) => status === 'InProgress' || status === 'Cancelling');
        for (const { instanceId } of interrupted)
          change(command, instanceId, unknownResult('the agent was restarted while the script ran', now()));
        const undelivered = command.invocations.filter(({ status }) => status === 'Pending');
        if (undelivered.length > 0) deliver({ ...command, invocations: undelivered });
      }
    },
    close: async () => {
      closed = true;
      for (const { stop } of running.values()) stop.abort();
      await Promise.allSettled([...running.values()].map(({ ended }) => ended));
    },
  };
}

/** How an invocation ended: by itself, or because it was stopped. */
function ending(why: Running['why'], { exitCode, stdout, stderr }: ScriptResult): Partial<Invocation> {
  const output = { stdout: stdout.slice(0, MOST_OUTPUT), stderr: stderr.slice(0, MOST_ERRORS) };
  if (why === 'cancelled') return { ...output, status: 'Cancelled', details: 'Cancelled', responseCode: STOPPED };
  if (why === 'late') return { ...output, status: 'TimedOut', details: 'ExecutionTimedOut', responseCode: STOPPED };
  const status = exitCode === 0 ? 'Success' : 'Failed';
  return { ...output, status, details: status, responseCode: exitCode };
}

function unknownResult(why: string, endedAt: string): Partial<Invocation> {
  const stderr = `${why}: whether it ended, and how, is not known\n`;
  return { status: 'Failed', details: 'Failed', responseCode: -1, stderr, endedAt };
}
