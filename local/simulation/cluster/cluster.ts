import { StateFile } from '../host/host-state.ts';
import type { SimulatedClock } from '../host/sleep.ts';
import { autoscalers } from './controllers/autoscalers.ts';
import { certificates } from './controllers/certificates.ts';
import { deployments } from './controllers/deployments.ts';
import { endpoints } from './controllers/endpoints.ts';
import { jobs } from './controllers/jobs.ts';
import { kubelets } from './controllers/kubelet.ts';
import { replicaSets } from './controllers/replicas.ts';
import { scheduler } from './controllers/scheduler.ts';
import type { Active, ClusterFault } from './fault.ts';
import { deployHealthy } from './healthy.ts';
import { ClusterState, emptyState } from './state.ts';
import { ObjectStore } from './store.ts';
import { forgetEvents, type World } from './world.ts';

const CONTROLLERS = [deployments, replicaSets, scheduler, kubelets, jobs, autoscalers, certificates, endpoints];
/** Controllers that do not come to rest at one moment are wrong. */
const MOST_PASSES = 100;
/** The healthy system has run for so long. Milliseconds. */
const AGE = 12 * 86_400_000;
const EARLIER = 3_600_000;

export interface ClusterParts {
  clock: SimulatedClock;
  /** Everything of it is kept here, over restarts. */
  file: string;
  faults: readonly ClusterFault[];
}

/** Save-It's cluster, simulated: its objects, the controllers that work on them by the clock, and what can be wrong with it. */
export class SimulatedCluster implements World {
  readonly store: ObjectStore;
  readonly parts: ClusterParts;
  readonly #file: StateFile<ClusterState>;
  readonly #due = new Set<number>();
  #saved = '';
  /** At which state the controllers had nothing left to do. */
  #rested = '';

  private constructor(parts: ClusterParts) {
    this.parts = parts;
    this.#file = new StateFile(parts.file, ClusterState, settledIn);
    const now = parts.clock.now().getTime();
    const known = this.#file.load(now);
    this.store = new ObjectStore(known ?? emptyState(now - AGE));
    if (!known) deployHealthy(this.store);
  }

  static open(parts: ClusterParts): SimulatedCluster {
    const cluster = new SimulatedCluster(parts);
    cluster.settle();
    return cluster;
  }

  get now(): number {
    return this.store.now;
  }

  wakeAt(ms: number): void {
    this.#due.add(ms);
  }

  active(): Active[] {
    return Object.entries(this.store.state.faults).flatMap(([id, { since, before = '' }]) => {
      const fault = this.parts.faults.find((one) => one.id === id);
      return fault ? [{ fault, since: Date.parse(since), before }] : [];
    });
  }

  /** Lets the controllers do what was due until now, each thing at its own time. */
  settle(): void {
    const until = this.parts.clock.now().getTime();
    if (this.#rested !== this.#condition()) this.#work();
    for (let next = this.#next(); next <= until; next = this.#next()) {
      this.store.now = Math.max(this.store.now, next);
      this.#work();
    }
    this.store.now = Math.max(this.store.now, until);
    forgetEvents(this);
    this.#save();
  }

  /** Beside the time, of which each controller says when it needs it, they go by nothing else. */
  #condition(): string {
    return `${this.store.version} ${JSON.stringify(this.store.state.faults)}`;
  }

  #next(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#due].filter((at) => at > this.store.now));
  }

  #work(): void {
    for (const at of this.#due) if (at <= this.store.now) this.#due.delete(at);
    for (let pass = 0; pass < MOST_PASSES; pass += 1) {
      const { version } = this.store;
      for (const controller of CONTROLLERS) controller(this);
      if (this.store.version === version) {
        this.#rested = this.#condition();
        return;
      }
    }
    throw new Error('the controllers of the simulated cluster do not come to rest');
  }

  #save(): void {
    const { state } = this.store;
    state.settled = new Date(this.store.now).toISOString();
    const summary = `${this.#condition()} ${state.sessions.length} ${[...this.#due].join()}`;
    if (summary === this.#saved) return;
    this.#file.save(state);
    this.#saved = summary;
  }

  /** Idempotent. @throws {RangeError} for a fault that there is not */
  switchOn(id: string): void {
    const fault = this.#fault(id);
    this.settle();
    const { faults } = this.store.state;
    if (faults[id]) return;
    if (fault.earlier) {
      this.store.now -= fault.earlierMinutes === undefined ? EARLIER : fault.earlierMinutes * 60_000;
      fault.earlier(this);
      this.settle();
    }
    const before = fault.on?.(this);
    faults[id] = { since: new Date(this.store.now).toISOString(), ...(before !== undefined && { before }) };
    this.settle();
  }

  /** Idempotent. @throws {RangeError} for a fault that there is not */
  switchOff(id: string): void {
    const fault = this.#fault(id);
    this.settle();
    const { faults } = this.store.state;
    const on = faults[id];
    if (!on) return;
    delete faults[id];
    fault.off?.(this, on.before ?? '');
    this.settle();
  }

  #fault(id: string): ClusterFault {
    const found = this.parts.faults.find((fault) => fault.id === id);
    if (!found) throw new RangeError(`there is no fault "${id}"`);
    return found;
  }
}

/** A certificate ends in months, so the latest time of the file is not the one at which it was left. */
const settledIn = (text: string): number => Date.parse(/"settled": ?"([^"]+)"/.exec(text)?.[1] ?? '') || 0;
