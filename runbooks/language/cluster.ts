import type * as z from 'zod';
import type { CommandParameters, HostCommand } from './command.ts';
import { type Duration, seconds } from './duration.ts';
import type { Safety } from './safety.ts';

/** What a cluster step may do to a resource: the verbs of RBAC. */
export type ClusterVerb = 'get' | 'list' | 'create' | 'patch' | 'delete';

/**
 * One rule of a Role, in the system's namespace unless it says otherwise. The runbook's Role is generated from those of its steps,
 * and what a step asks for beyond its own rules is refused before it leaves, in local mode as on AWS.
 */
export interface ClusterRule {
  /** Of what has no namespace, such as nodes: no Role of a namespace can allow that, so it goes into a ClusterRole. */
  scope?: 'cluster';
  /** `''` for the core group. */
  group: string;
  /** In the plural, with its subresource: `pods`, `pods/log`, `deployments/scale`. */
  resource: string;
  verbs: readonly ClusterVerb[];
  /**
   * Only these objects; none of them allows nothing. `list` and `create` can not be limited to names: Kubernetes does not know
   * them at that moment. It does for a subresource: `create` of `pods/exec`.
   */
  names?: readonly string[];
}

/** A kind of object, and the part of it that runbooks read: what is not in the schema is not looked at. */
export interface Kind<T> {
  /** `''` for the core group. */
  group: string;
  version: string;
  plural: string;
  /** As the API calls it: `Deployment`. */
  kind: string;
  /** Nodes have no namespace. */
  namespaced: boolean;
  /** Nothing but an object's metadata is asked for: a Secret's values then never leave the cluster. */
  metadataOnly?: true;
  object: z.ZodType<T>;
}

/** Which lines of a log. Always bounded. */
export interface LogQuery {
  container?: string;
  /** The last so many lines. */
  lines: number;
  /** Not older than so many seconds. */
  sinceSeconds?: number;
  /** Of the container before its last restart. */
  previous?: boolean;
}

/** How a program in a container ended. `exitCode` is `null` when it had to be ended at its time limit. */
export interface Executed {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * A cluster as a step sees it: one namespace, through the Kubernetes API. Absence is an answer (`undefined`); everything else that
 * goes wrong is a {@link ClusterFault}.
 */
export interface Cluster {
  readonly namespace: string;
  get<T>(kind: Kind<T>, name: string): Promise<T | undefined>;
  /** @param selector of labels, such as `app.kubernetes.io/name=saveit-backend`; all objects if not said */
  list<T>(kind: Kind<T>, selector?: string): Promise<T[]>;
  /**
   * Changes what the patch names (JSON merge patch): `null` takes a field away.
   * @param subresource `status` or `scale`, where it is that which is changed
   */
  patch<T>(kind: Kind<T>, name: string, patch: Record<string, unknown>, subresource?: 'status' | 'scale'): Promise<T>;
  /** @returns `undefined` when there is one of this name already */
  create<T>(kind: Kind<T>, object: Record<string, unknown>): Promise<T | undefined>;
  /** With what belongs to it. @returns whether there was one */
  remove<T>(kind: Kind<T>, name: string): Promise<boolean>;
  /** @returns `undefined` when the pod or its container is not there, or has no such log */
  logs(pod: string, query: LogQuery): Promise<string | undefined>;
  /** Runs a program in a container, without a shell unless the program is one. */
  exec(pod: string, container: string, command: readonly string[], limit: Duration): Promise<Executed>;
}

/**
 * Why the cluster did not do what a step asked of it:
 * - `conflict`: somebody changed the object at the same moment;
 * - `throttled`: it has too much to do;
 * - `unreachable`: no answer, or one of a server that is ill. Whether a change was made is not known;
 * - `unauthorized`: it does not know who asks;
 * - `forbidden`: it does not allow this;
 * - `gone`: what was spoken of is not there any more, such as a pod in which a program was to run;
 * - `refused`: it does not take the request as it is.
 */
export type ClusterFaultKind = 'conflict' | 'throttled' | 'unreachable' | 'unauthorized' | 'forbidden' | 'gone' | 'refused';

export class ClusterFault extends Error {
  override name = 'ClusterFault';
  readonly kind: ClusterFaultKind;
  constructor(kind: ClusterFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
  /** Whether the same may work in a moment. */
  get passing(): boolean {
    return this.kind === 'conflict' || this.kind === 'throttled' || this.kind === 'unreachable';
  }
}

/** What a step knows of itself while it is carried out. */
export interface ClusterTurn {
  /** The step: what is written into the cluster under it is not written twice. */
  key: string;
  /** When the step was written down, ISO 8601 in UTC: the same at each turn. */
  startedAt: string;
  /** Now, ISO 8601 in UTC. */
  now: string;
}

/** How far a step has come: over with its facts, or not yet and what it waits for. */
export type ClusterProgress<F> = { facts: F; evidence?: string } | { waitsFor: string };

/** What a line for a person is about. */
export interface ByHand<P extends CommandParameters> {
  /** The step's parameters, as far as they are known: what comes of facts is not, before there are any. */
  given: Partial<z.input<P>>;
  /** The names of the objects that this use of it is about: see `on` in a runbook. */
  on: readonly string[];
  namespace: string;
}

export interface ClusterCommandSpec<P extends CommandParameters, F extends z.ZodType> {
  /** What it does, as a person would say it: `Restart a deployment, pod by pod`. */
  title: string;
  safety: Safety;
  /** The field's word for the act, under which the breaker counts: `restart`, `scale`. Not needed to observe. */
  verb?: string;
  /** What the act touches, under which the breaker counts: `deployment/saveit-backend`. */
  resource?: (parameters: z.output<P>) => string;
  parameters: P;
  facts: F;
  /** How long the step may take in all, waiting included. */
  timeout: Duration;
  /**
   * What it needs to be allowed.
   * @param on the names of the objects that a use of it is about: see `on` in a runbook
   */
  rights: (on: readonly string[]) => readonly ClusterRule[];
  /** The line a person types to do the same by hand. */
  byHand: (about: ByHand<P>) => string;
  /**
   * One turn of it. It is called again, some seconds later, while it waits for something, and after a crash: what it has done
   * under the turn's key already, it must find and not do again.
   * @throws {ClusterFault} what is passing is tried again within the step's time; anything else fails the step
   * @throws {Error} whose message says why it can't be done
   */
  run: (cluster: Cluster, parameters: z.output<P>, turn: ClusterTurn) => Promise<ClusterProgress<z.output<F>>>;
}

/** Whatever a step can carry out: on a host, or on a cluster. */
export type Command = HostCommand | ClusterCommand;

/** One command with its parameters, ready to be carried out. A value: making it does nothing. */
export interface ClusterCall {
  kind: 'cluster';
  parameters: Record<string, string | number | boolean | string[]>;
}

export interface ClusterCommand<P extends CommandParameters = CommandParameters, F extends z.ZodType = z.ZodType>
  extends ClusterCommandSpec<P, F> {
  kind: 'cluster';
  name: string;
  timeoutSeconds: number;
  (parameters: z.input<P>): ClusterCall;
}

/**
 * Declares a cluster command.
 * @param name the file's name without its ending, such as `restart-deployment`
 * @throws {Error} for an act that has no verb
 */
export function clusterCommand<P extends CommandParameters, F extends z.ZodType>(
  name: string,
  spec: ClusterCommandSpec<P, F>,
): ClusterCommand<P, F> {
  if (spec.safety !== 'observe' && spec.verb === undefined)
    throw new Error(`command ${name}: an act needs a verb to be counted under`);
  // The compiler does not see a parameter too many in what a function returns, so a misspelt one is an error here.
  const strict = spec.parameters.strict();
  const call = (parameters: z.input<P>): ClusterCall => ({
    kind: 'cluster',
    parameters: strict.parse(parameters) as ClusterCall['parameters'],
  });
  const described = { ...spec, kind: 'cluster' as const, timeoutSeconds: seconds(spec.timeout) };
  return Object.defineProperty(Object.assign(call, described), 'name', { value: name }) as ClusterCommand<P, F>;
}
