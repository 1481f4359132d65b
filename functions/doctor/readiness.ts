import { hostReadiness } from '../../runbooks/commands/host-readiness.ts';
import { parameterText } from '../../runbooks/language/command.ts';
import type { HostNeeds } from '../../runbooks/language/system.ts';
import type { Clients } from '../aws/clients.ts';
import { type CommandState, SystemsManager } from '../aws/systems-manager.ts';
import type { Clock } from '../incident/clock.ts';
import { ending, GRACE_SECONDS } from '../run-step/executors/host.ts';
import type { Readiness } from './facts.ts';
import type { Questions } from './questions.ts';
import { TOOLS } from './tools.ts';

export interface Inquiry {
  clients: Clients;
  clock: Clock;
  questions: Questions;
  /** The name of the document of `host-readiness`. */
  document: string;
  needs: HostNeeds | undefined;
  /** Instance ids. */
  targets: readonly string[];
}

/** How long a command may take to reach a host, in seconds. */
const DELIVERY_SECONDS = 45;
const LOOK_EVERY_MS = 500;
/** SendCommand's own limit of instances. */
const MOST_TARGETS = 50;
/**
 * A host whose clock is ahead refuses every command as too late. This one is to reach it all the same, to say what time it has
 * there: in the year 2100, in seconds since 1970.
 */
const NEVER_TOO_LATE = 4_102_444_800;

/** Sends the one look to each instance, and waits for what they have. What can't be read is an answer, too: its error. */
export async function readinessOf(inquiry: Inquiry): Promise<ReadonlyMap<string, Readiness>> {
  const found = new Map<string, Readiness>();
  for (let from = 0; from < inquiry.targets.length; from += MOST_TARGETS)
    for (const [id, readiness] of await ask(inquiry, inquiry.targets.slice(from, from + MOST_TARGETS))) found.set(id, readiness);
  return found;
}

async function ask({ clients, clock, questions, document, needs, targets }: Inquiry, instanceIds: string[]) {
  const hosts = new SystemsManager(clients.hosts);
  const asked = seconds(clock);
  const parameters = { ...given(needs), key: `doctor-${asked}`, notAfter: String(NEVER_TOO_LATE) };
  const comment = 'firebreak doctor: looks, and changes nothing';
  const sent = await questions.ask('ssm:SendCommand', `what ${targets.join(', ')} have`, async () => {
    const id = await hosts.send({ document, instanceIds, parameters, comment, deliverySeconds: DELIVERY_SECONDS });
    if (id === undefined) throw new Error('Systems Manager refused the command: one of the instances is not in a valid state');
    return id;
  });
  if (sent === undefined) return [];
  const answers = instanceIds.map(async (id) => {
    const state = await questions.ask('ssm:GetCommandInvocation', `what ${id} has`, () => ended(hosts, clock, sent, id));
    return state === undefined ? [] : [[id, read(state, asked, seconds(clock))] as const];
  });
  return (await Promise.all(answers)).flat();
}

function given(needs: HostNeeds | undefined): Record<string, string> {
  const stack = needs?.stack ?? { projectDir: '/', composeFile: 'none', composeProject: 'none' };
  const paths = needs
    ? [stack.projectDir, `${stack.projectDir}/${stack.composeFile}`, ...needs.folders.map(({ path }) => path)]
    : ['/'];
  const { parameters } = hostReadiness({ tools: TOOLS.map(({ name }) => name), paths, ...stack });
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, parameterText(value)]));
}

/** A host that does not answer in time is left with the look: it changes nothing, and its document ends it. */
async function ended(hosts: SystemsManager, clock: Clock, commandId: string, instanceId: string): Promise<CommandState> {
  const limit = seconds(clock) + DELIVERY_SECONDS + hostReadiness.timeoutSeconds + GRACE_SECONDS;
  for (;;) {
    const state = await hosts.state(commandId, instanceId);
    if (state.state !== 'running' || seconds(clock) > limit) return state;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

function read(state: CommandState, asked: number, answered: number): Readiness {
  if (state.state === 'running') return { error: 'it was sent the look and did not answer in time' };
  const end = ending(hostReadiness, state);
  if (end.status !== 'done') return { error: end.error };
  return { facts: hostReadiness.facts.parse(end.facts), asked, answered };
}

const seconds = (clock: Clock) => Math.floor(clock.now().getTime() / 1_000);
