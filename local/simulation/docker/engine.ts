import { createHash } from 'node:crypto';
import { type Clock, iso } from '../../../functions/incident/clock.ts';
import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import type { BackupTrouble } from '../host/backup-trouble.ts';
import type { Container, HostState, LogLine } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import type { HostTree } from '../host/tree.ts';
import type { ServiceKey, ServiceSpec } from './services.ts';

/** What an ill service does: it ends some seconds after each start, saying why. */
export interface Crash {
  afterSeconds: number;
  exitCode: number;
  lines: string[];
}

/** How PostgreSQL answers while its container runs, and whether it has a connection left for the application. */
export interface DatabaseAnswer {
  answers: 'accepting' | 'rejecting' | 'nothing';
  full: boolean;
}

export interface EngineParts {
  hostname: string;
  settings: SiraSettings;
  services: ServiceSpec[];
  state: HostState;
  clock: Clock;
  /** The host's files: containers see some of them. */
  tree: HostTree;
  /** How the faults that are on make a service behave. */
  crash(service: ServiceKey): Crash | undefined;
  /** Whether a container runs and answers nobody. */
  hangs(container: Container): boolean;
  database(): DatabaseAnswer;
  /** What is wrong with the backups. */
  backups(): BackupTrouble;
  /** The backup script, as it is in the backend's container. */
  backupScript(): ShimAnswer;
  /** Called when the state has changed, to write it down. */
  changed(): void;
}

export type Health = 'starting' | 'healthy' | 'unhealthy';

/** How many log lines and stretches of running are kept of a container. */
const KEPT = 400;

/**
 * The simulated Docker daemon: what its containers are and how they change with time. Nothing runs in them.
 * It leaves out restart policies at work: a container that ends stays ended, as after the policy's last try.
 */
export class DockerEngine {
  readonly parts: EngineParts;

  constructor(parts: EngineParts) {
    this.parts = parts;
  }

  get state(): HostState {
    return this.parts.state;
  }

  now(): number {
    return this.parts.clock.now().getTime();
  }

  spec(container: Container): ServiceSpec {
    const found = this.parts.services.find((spec) => spec.service === container.service);
    if (!found) throw new Error(`no service ${container.service} is simulated`);
    return found;
  }

  /** The container of a service, after whatever was due by now has happened to it. */
  of(key: ServiceKey): Container | undefined {
    this.settle();
    return this.state.containers.find((container) => this.spec(container).key === key);
  }

  /** By name or by the beginning of the id. */
  find(reference: string): Container | undefined {
    this.settle();
    const plain = reference.replace(/^\//, '');
    return (
      this.state.containers.find(({ name, id }) => name === plain || id === plain) ??
      (plain.length >= 4 ? this.state.containers.find(({ id }) => id.startsWith(plain)) : undefined)
    );
  }

  /** Lets the containers end that were to end by now. */
  settle(): void {
    for (const container of this.state.containers) {
      if (container.state !== 'running') continue;
      const crash = this.parts.crash(this.spec(container).key);
      const due = crash && Date.parse(container.startedAt) + crash.afterSeconds * 1_000;
      if (!crash || due === undefined || this.now() < due) continue;
      for (const text of crash.lines) this.say(container, { at: iso(new Date(due)), stream: 'stderr', text });
      this.end(container, crash.exitCode, due);
    }
  }

  /** `undefined` where the service declares no health check, or the container does not run. */
  health(container: Container): Health | undefined {
    const spec = this.spec(container);
    if (container.state !== 'running') return spec.healthcheck ? 'unhealthy' : undefined;
    if (!spec.healthcheck) return undefined;
    if (!this.booted(container)) return 'starting';
    const silent = this.parts.hangs(container) || (spec.key === 'db' && this.parts.database().answers !== 'accepting');
    return !silent && spec.needs.every((need) => this.serves(need)) ? 'healthy' : 'unhealthy';
  }

  /** Whether a service answers at this moment. */
  serves(key: ServiceKey): boolean {
    const container = this.of(key);
    if (container?.state !== 'running' || !this.booted(container) || this.parts.hangs(container)) return false;
    if (key === 'db' && !this.#admits()) return false;
    return this.spec(container).needs.every((need) => this.serves(need));
  }

  #admits(): boolean {
    const { answers, full } = this.parts.database();
    return answers === 'accepting' && !full;
  }

  booted(container: Container): boolean {
    return this.now() >= Date.parse(container.startedAt) + this.spec(container).bootSeconds * 1_000;
  }

  start(container: Container): void {
    if (container.state === 'running') return;
    const at = iso(this.parts.clock.now());
    Object.assign(container, { state: 'running', startedAt: at, exitCode: 0, oomKilled: false, restartCount: 0 });
    container.runs = [...container.runs, { from: at }].slice(-KEPT);
    const spec = this.spec(container);
    // One that is going to end soon says its first words only.
    const greeting = this.parts.crash(spec.key) ? spec.greeting.slice(0, 1) : spec.greeting;
    for (const line of greeting) this.say(container, { at, ...line });
    this.parts.changed();
  }

  /** Ends a container: by a stop (exit code 0), or by itself. `at`: milliseconds, now if not said. */
  end(container: Container, exitCode: number, at: number = this.now(), oomKilled = false): void {
    if (container.state !== 'running') return;
    const finishedAt = iso(new Date(at));
    Object.assign(container, { state: 'exited', finishedAt, exitCode, oomKilled });
    const run = container.runs.at(-1);
    if (run) run.until = finishedAt;
    this.parts.changed();
  }

  stop(container: Container): void {
    if (container.state !== 'running') return;
    this.say(container, { at: iso(this.parts.clock.now()), stream: 'stderr', text: 'received SIGTERM, shutting down' });
    this.end(container, 0);
  }

  say(container: Container, line: LogLine): void {
    container.said = [...container.said, line].slice(-KEPT);
  }

  /** The configuration hash that the compose file gives a service now. */
  configHash(spec: ServiceSpec, command?: readonly string[]): string {
    const written = `${spec.service}/${spec.image}/${this.state.revisions[spec.service] ?? 1}`;
    return sha256(command ? `${written}/${command.join(' ')}` : written);
  }

  /** What runs in a container. */
  command(container: Container): string[] {
    return container.command ?? this.spec(container).command;
  }

  newId(kind: string): string {
    this.state.serial += 1;
    return sha256(`${this.parts.hostname}/${kind}/${this.state.serial}`);
  }

  /** A new container of a service, created and not yet started. */
  create(spec: ServiceSpec, at: number = this.now(), command?: string[]): Container {
    const image = this.state.images.find(({ tags }) => tags.includes(spec.image));
    const container: Container = {
      id: this.newId('container'),
      service: spec.service,
      name: spec.container,
      image: spec.image,
      imageId: image?.id ?? `sha256:${sha256(spec.image)}`,
      configHash: this.configHash(spec, command),
      ...(command && { command }),
      state: 'created',
      createdAt: iso(new Date(at)),
      startedAt: '0001-01-01T00:00:00Z',
      exitCode: 0,
      oomKilled: false,
      restartCount: 0,
      volumes: spec.volumes,
      runs: [],
      said: [],
    };
    this.state.containers.push(container);
    return container;
  }

  remove(container: Container): void {
    this.state.containers = this.state.containers.filter((other) => other !== container);
    this.parts.changed();
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
