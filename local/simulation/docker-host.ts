import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { iso } from '../../functions/incident/clock.ts';
import type { HostSettings } from '../../runbooks/language/system.ts';
import type { SiraSettings } from '../../runbooks/sira/system.ts';
import { docker } from './docker/cli.ts';
import { shut, slotsLeft } from './docker/database.ts';
import { DockerEngine } from './docker/engine.ts';
import { composeYaml, type ServiceSpec } from './docker/services.ts';
import type { Erring } from './error-pattern.ts';
import { databaseAnswers, type FaultKind, type Ground, hangs } from './fault-kind.ts';
import type { Fault, ScriptResult } from './fleet.ts';
import { healthyDocker, startAll } from './healthy.ts';
import { runBackupScript } from './host/backup-job.ts';
import type { BackupTrouble } from './host/backup-trouble.ts';
import { makeBinFolder } from './host/bin-folder.ts';
import { df, type ExtraDisk } from './host/disk.ts';
import { releaseHeld, syncDockerFiles } from './host/docker-files.ts';
import { HostState, StateFile } from './host/host-state.ts';
import { MACHINE_TOOLS } from './host/machine.ts';
import { type ShimAnswer, type ShimCall, type ShimServer, serveShims } from './host/rpc.ts';
import { runScript } from './host/run-script.ts';
import { type SimulatedClock, sleep } from './host/sleep.ts';
import { HostTree } from './host/tree.ts';
import type { Answer } from './outside.ts';

export interface HostParts {
  /** The folder in which the host is kept; made if it is not there. */
  dataDir: string;
  clock: SimulatedClock;
  /** Of SIRA, in whose words every simulated host is described: where its stack lies, and what its parts are called. */
  settings: SiraSettings;
  host: HostSettings;
  /** Told of each command line that the simulation does not know. */
  unknown(line: string): void;
}

/** What makes a simulated host the one of its system. */
export interface HostNature {
  system: string;
  services: ServiceSpec[];
  faults: readonly FaultKind[];
}

/** One simulated Docker host: its files, its Docker, its tools, and what is wrong with it. */
export abstract class DockerHost {
  readonly host: HostSettings;
  protected readonly parts: HostParts;
  protected readonly tree: HostTree;
  protected readonly engine: DockerEngine;
  protected readonly ground: Ground;
  readonly #nature: HostNature;
  readonly #file: StateFile<HostState>;
  readonly #waiting = new Set<() => void>();
  #shims: ShimServer | undefined;
  #bashEnv = '';

  /** Takes up what the folder holds, or furnishes a healthy host in it. Nothing runs there before {@link listen}. */
  protected constructor(parts: HostParts, nature: HostNature) {
    const { dataDir, clock, settings, host } = parts;
    this.parts = parts;
    this.host = host;
    this.#nature = nature;
    mkdirSync(dataDir, { recursive: true });
    this.tree = new HostTree(dataDir);
    this.#file = new StateFile(join(dataDir, 'host.json'), HostState);
    const { services } = nature;
    const now = clock.now().getTime();
    const kept = this.#file.load(now);
    this.engine = new DockerEngine({
      hostname: host.name,
      settings,
      services,
      clock,
      tree: this.tree,
      state: kept ?? healthyDocker(services, now),
      backups: () => this.backups(),
      backupScript: () => runBackupScript(this.tree, this.engine, this.backups()),
      database: () => ({
        answers: databaseAnswers(this.engine, this.kinds()),
        full: slotsLeft(this.engine) <= 0 || shut(this.engine),
      }),
      crash: (service) => this.kinds().find(({ crash }) => crash?.service === service)?.crash,
      hangs: (container) => hangs(this.engine, this.kinds(), container),
      changed: () => this.changed(),
    });
    this.ground = { engine: this.engine, tree: this.tree };
    mkdirSync(this.tree.held, { recursive: true });
    mkdirSync(this.tree.root, { recursive: true });
    if (!this.tree.exists('/srv')) this.furnish(composeYaml(services, settings.composeProject), now);
    this.takeUp();
    if (!kept) startAll(this.engine);
    this.changed();
  }

  /** Puts the tools on the scripts' PATH. */
  protected async listen(): Promise<void> {
    const token = randomBytes(24).toString('hex');
    this.#shims = await serveShims(token, (call) => this.#tool(call));
    this.#bashEnv = makeBinFolder({ home: this.parts.dataDir, port: this.#shims.port, token });
  }

  /** Makes the files of a healthy host. */
  protected abstract furnish(composeFile: string, now: number): void;
  /** What the host itself gets from a URL, with these headers. */
  protected abstract fromInside(url: string, headers: string[]): Answer;
  /** What must be there however old the folder is. */
  protected takeUp(): void {}
  /** What happens by itself as time passes. */
  protected pass(): void {}
  protected disks(): ExtraDisk[] {
    return [];
  }
  protected backups(): BackupTrouble {
    return {};
  }
  /** Which requests fail, and when. */
  protected erring(): Erring[] {
    return [];
  }

  get reachable(): boolean {
    return !this.kinds().some(({ unreachable }) => unreachable);
  }

  /**
   * Runs a script on the host, as often at once as it is called.
   * @throws {Error} when the host can't be reached until `signal` ends the wait
   */
  async run(script: string, environment: Record<string, string>, signal: AbortSignal): Promise<ScriptResult> {
    while (!this.reachable) await this.#reachableAgain(signal);
    this.pass();
    const place = { home: this.parts.dataDir, bashEnv: this.#bashEnv, stateDir: this.tree.real('/var/lib/firebreak') };
    const result = await runScript(place, script, environment, signal);
    this.changed();
    return result;
  }

  faults(): Fault[] {
    const on = this.engine.state.faults;
    return this.#nature.faults.map(({ id, title }) => {
      const since = on[id]?.since;
      return { id, title, system: this.#nature.system, on: since !== undefined, ...(since === undefined ? {} : { since }) };
    });
  }

  /** @returns whether it was off before. @throws {RangeError} for a fault that there is not */
  switchOn(id: string): boolean {
    const kind = this.#kindOf(id);
    if (this.engine.state.faults[id]) return false;
    kind.on(this.ground);
    this.engine.state.faults[id] = { since: iso(this.parts.clock.now()) };
    this.changed();
    return true;
  }

  /** @returns whether it was on before. @throws {RangeError} for a fault that there is not */
  switchOff(id: string): boolean {
    const kind = this.#kindOf(id);
    if (!this.engine.state.faults[id]) return false;
    delete this.engine.state.faults[id];
    kind.off(this.ground);
    this.changed();
    for (const wake of this.#waiting) wake();
    return true;
  }

  async close(): Promise<void> {
    await this.#shims?.close();
  }

  /** The faults that are on. */
  protected kinds(): FaultKind[] {
    return this.#nature.faults.filter(({ id }) => id in this.engine.state.faults);
  }

  /** Makes the files agree with what Docker has, and writes the state down. */
  protected changed(): void {
    syncDockerFiles(this.tree, this.engine);
    releaseHeld(this.tree);
    this.#file.save(this.engine.state);
  }

  async #tool(call: ShimCall): Promise<ShimAnswer> {
    const { tool, args, cwd, input } = call;
    const { clock, settings, unknown, host } = this.parts;
    if (tool === 'now') return { exitCode: 0, stdout: String(Math.floor(clock.now().getTime() / 1_000)), stderr: '' };
    if (tool === 'sleep') return await sleep(clock, args);
    if (tool === 'df') return df(this.tree, args, this.disks());
    if (tool === 'docker' || tool === 'docker-compose')
      return docker(this.engine, {
        tool,
        args,
        cwd,
        input,
        unknown,
        exists: (path) => this.tree.exists(onHost(path, this.tree)),
        read: (path) => this.tree.read(onHost(path, this.tree)),
        erring: () => this.erring(),
      });
    const machine = {
      hostname: host.name,
      settings,
      engine: this.engine,
      tree: this.tree,
      answer: (url: string, headers: string[] = []) => this.fromInside(url, headers),
      now: () => clock.now().getTime(),
    };
    const known = MACHINE_TOOLS[tool];
    if (known) return known(machine, call);
    unknown([tool, ...args].join(' '));
    return { exitCode: 127, stdout: '', stderr: `${tool}: command not found\n` };
  }

  #kindOf(id: string): FaultKind {
    const { faults } = this.#nature;
    const kind = faults.find((one) => one.id === id);
    if (!kind) throw new RangeError(`there is no fault "${id}": expected one of ${faults.map((one) => one.id).join(', ')}`);
    return kind;
  }

  #reachableAgain(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', refuse);
        settle();
      };
      const wake = done(resolve);
      const refuse = done(() => reject(new Error(`${this.host.name} can't be reached`)));
      if (signal.aborted) return refuse();
      this.#waiting.add(wake);
      signal.addEventListener('abort', refuse);
    });
  }
}

/** A path of the host, also where a script has it as it lies on this machine: its own state. */
const onHost = (path: string, { root }: HostTree) => (path.startsWith(`${root}/`) ? path.slice(root.length) : path);
