import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { iso } from '../../functions/incident/clock.ts';
import type { HostSettings } from '../../runbooks/language/system.ts';
import type { SiraSettings } from '../../runbooks/sira/system.ts';
import { docker } from './docker/cli.ts';
import { shut, slotsLeft } from './docker/database.ts';
import { DockerEngine } from './docker/engine.ts';
import { slowest } from './docker/load.ts';
import { errorRate } from './docker/logs.ts';
import { composeYaml, siraServices } from './docker/services.ts';
import type { Erring } from './error-pattern.ts';
import { databaseAnswers, type FaultKind, type Ground } from './fault-kind.ts';
import { outside, patterns } from './faults/errors.ts';
import { FAULT_KINDS } from './faults.ts';
import type { Fault, ScriptResult } from './fleet.ts';
import { healthyDocker, startAll } from './healthy.ts';
import { hoursSinceBackup, lateBackup, runBackupScript } from './host/backup-job.ts';
import type { BackupTrouble } from './host/backup-trouble.ts';
import { makeBinFolder } from './host/bin-folder.ts';
import { daysServed, renewByItself } from './host/certbot.ts';
import { furnishCertificate, takeUpAtStart } from './host/certificates.ts';
import { df, diskUse, type ExtraDisk } from './host/disk.ts';
import { releaseHeld, syncDockerFiles } from './host/docker-files.ts';
import { HostState, StateFile } from './host/host-state.ts';
import { MACHINE_TOOLS } from './host/machine.ts';
import { memoryAlarm } from './host/memory.ts';
import { type ShimAnswer, type ShimCall, type ShimServer, serveShims } from './host/rpc.ts';
import { runScript } from './host/run-script.ts';
import { type SimulatedClock, sleep } from './host/sleep.ts';
import { furnish, HostTree, MiB, nightlyBackup } from './host/tree.ts';
import { type Answer, outsideAnswer } from './outside.ts';

export interface SiraHostParts {
  /** The folder in which the host is kept; made if it is not there. */
  dataDir: string;
  clock: SimulatedClock;
  settings: SiraSettings;
  host: HostSettings;
  /** Told of each command line that the simulation does not know. */
  unknown(line: string): void;
}

/** One simulated host of SIRA: its files, its Docker, its tools, and what is wrong with it. */
export class SiraHost {
  readonly host: HostSettings;
  readonly #parts: SiraHostParts;
  readonly #tree: HostTree;
  readonly #engine: DockerEngine;
  readonly #ground: Ground;
  readonly #file: StateFile<HostState>;
  readonly #waiting = new Set<() => void>();
  #shims: ShimServer | undefined;
  #bashEnv = '';

  private constructor(parts: SiraHostParts) {
    this.#parts = parts;
    this.host = parts.host;
    mkdirSync(parts.dataDir, { recursive: true });
    this.#tree = new HostTree(parts.dataDir);
    this.#file = new StateFile(join(parts.dataDir, 'host.json'), HostState);
    const services = siraServices(parts.settings);
    const now = parts.clock.now().getTime();
    const kept = this.#file.load(now);
    this.#engine = new DockerEngine({
      hostname: parts.host.name,
      settings: parts.settings,
      services,
      clock: parts.clock,
      tree: this.#tree,
      state: kept ?? healthyDocker(services, now),
      backups: () => this.#backups(),
      backupScript: () => runBackupScript(this.#tree, this.#engine, this.#backups()),
      database: () => ({
        answers: databaseAnswers(this.#engine, this.#kinds()),
        full: slotsLeft(this.#engine) <= 0 || shut(this.#engine),
      }),
      crash: (service) => this.#kinds().find(({ crash }) => crash?.service === service)?.crash,
      changed: () => this.#changed(),
    });
    furnishOnce(this.#tree, () => furnish(this.#tree, parts.settings, composeYaml(services, parts.settings.composeProject), now));
    this.#ground = { engine: this.#engine, tree: this.#tree };
    furnishCertificate(this.#ground, 'once');
    if (!kept) startAll(this.#engine);
    this.#changed();
  }

  /** Takes up what the folder holds, or furnishes a healthy host in it. */
  static async open(parts: SiraHostParts): Promise<SiraHost> {
    const host = new SiraHost(parts);
    const token = randomBytes(24).toString('hex');
    host.#shims = await serveShims(token, (call) => host.#tool(call));
    host.#bashEnv = makeBinFolder({ home: parts.dataDir, port: host.#shims.port, token });
    return host;
  }

  get reachable(): boolean {
    return !this.#kinds().some(({ unreachable }) => unreachable);
  }

  /**
   * Runs a script on the host, as often at once as it is called.
   * @throws {Error} when the host can't be reached until `signal` ends the wait
   */
  async run(script: string, environment: Record<string, string>, signal: AbortSignal): Promise<ScriptResult> {
    while (!this.reachable) await this.#reachableAgain(signal);
    this.#cron();
    renewByItself(this.#ground);
    const place = { home: this.#parts.dataDir, bashEnv: this.#bashEnv, stateDir: this.#tree.real('/var/lib/firebreak') };
    const result = await runScript(place, script, environment, signal);
    this.#changed();
    return result;
  }

  /** What the world gets when it asks for SIRA; status 0 when the connection is refused. */
  answer(which: 'api' | 'site'): { status: number; body: string } {
    if (!this.reachable || !this.#engine.serves('nginx')) return { status: 0, body: '' };
    if (this.#hung()) return GATEWAY_TIMEOUT;
    if (which === 'site') return this.#engine.serves('frontend') ? { status: 200, body: '<h1>SIRA</h1>' } : BAD_GATEWAY;
    const backend = this.#engine.of('backend');
    if (backend?.state !== 'running' || !this.#engine.booted(backend)) return BAD_GATEWAY;
    if (!this.#engine.serves('db')) return { status: 503, body: '{"status":"unhealthy","database":"unreachable"}' };
    return { status: 200, body: '{"status":"healthy"}' };
  }

  /** Whether the stack hangs: the database is restarted only with all of it. */
  #hung(): boolean {
    const on = this.#engine.state.faults;
    const since = FAULT_KINDS.filter(({ hung }) => hung).flatMap(({ id }) => on[id]?.since ?? [])[0];
    return since !== undefined && (this.#engine.of('db')?.startedAt ?? '') < since;
  }

  /** Whether the application gets no connection to its database. */
  databaseDown(): boolean {
    return !this.#engine.serves('db');
  }

  /** How full its disk is, in percent. */
  diskPercent(): number {
    return diskUse(this.#tree).usedPercent;
  }

  /** Hours since the last backup that is whole. */
  backupHours(): number {
    this.#cron();
    return hoursSinceBackup(this.#tree, this.#engine);
  }

  #backups(): BackupTrouble {
    return Object.assign({}, ...this.#kinds().map(({ backup }) => backup));
  }

  #cron(): void {
    const { cron } = this.#backups();
    if (cron === 'silent' || lateBackup(this.#engine) !== undefined) return;
    nightlyBackup(this.#tree, this.#parts.settings, this.#parts.clock.now().getTime());
  }

  #disks(): ExtraDisk[] {
    const { freeBytes: free } = this.#backups();
    return free === undefined ? [] : [{ mount: this.#parts.settings.backups.folder, size: 40 * MiB, free }];
  }

  /** Errors among the backend's own answers of the last two minutes, in percent. */
  errorPercent(): number {
    return errorRate(this.#engine, this.#erring(), 120_000);
  }

  /** How much of the memory is used, of the host or of the container that is nearest to its limit; what was killed counts as full. */
  memoryPercent(): { value: number; reason: string } {
    return memoryAlarm(this.#engine, this.answer('api').status !== 200);
  }

  /** Seconds that a recommendation takes. */
  recommendationSeconds(): number {
    return outside(this.#engine.state.faults).recommendation.all;
  }

  /** How many days the certificate that is served has left; `undefined` when nothing is served. */
  certificateDays(): number | undefined {
    return daysServed(this.#ground);
  }

  /** Within how many seconds 95 % of the backend's answers come. */
  responseSeconds(): number {
    return slowest(this.#engine).seconds;
  }

  faults(): Fault[] {
    const on = this.#engine.state.faults;
    return FAULT_KINDS.map(({ id, title }) => {
      const since = on[id]?.since;
      return { id, title, system: 'sira', on: since !== undefined, ...(since === undefined ? {} : { since }) };
    });
  }

  /** @returns whether it was off before. @throws {RangeError} for a fault that there is not */
  switchOn(id: string): boolean {
    const kind = kindOf(id);
    if (this.#engine.state.faults[id]) return false;
    kind.on(this.#ground);
    this.#engine.state.faults[id] = { since: iso(this.#parts.clock.now()) };
    this.#changed();
    return true;
  }

  /** @returns whether it was on before. @throws {RangeError} for a fault that there is not */
  switchOff(id: string): boolean {
    const kind = kindOf(id);
    if (!this.#engine.state.faults[id]) return false;
    delete this.#engine.state.faults[id];
    kind.off(this.#ground);
    this.#changed();
    for (const wake of this.#waiting) wake();
    return true;
  }

  async close(): Promise<void> {
    await this.#shims?.close();
  }

  #kinds(): FaultKind[] {
    return FAULT_KINDS.filter(({ id }) => id in this.#engine.state.faults);
  }

  /** While a fault makes the backend err, from its beginning to the backend's next start. */
  #erring(): Erring[] {
    const restartable = this.#kinds().flatMap(({ id, erring }) => {
      const since = Date.parse(this.#engine.state.faults[id]?.since ?? '') - 4 * 60_000;
      const next = this.#engine
        .of('backend')
        ?.runs.map(({ from }) => Date.parse(from))
        .find((from) => from >= since + 4 * 60_000);
      return erring === undefined ? [] : [{ from: since, until: next ?? Number.POSITIVE_INFINITY, every: erring }];
    });
    return [...restartable, ...patterns(this.#engine.state.faults)];
  }

  #changed(): void {
    takeUpAtStart(this.#ground);
    syncDockerFiles(this.#tree, this.#engine);
    releaseHeld(this.#tree);
    this.#file.save(this.#engine.state);
  }

  async #tool(call: ShimCall): Promise<ShimAnswer> {
    const { tool, args, cwd, input } = call;
    const { clock, settings, unknown, host } = this.#parts;
    if (tool === 'now') return { exitCode: 0, stdout: String(Math.floor(clock.now().getTime() / 1_000)), stderr: '' };
    if (tool === 'sleep') return await sleep(clock, args);
    if (tool === 'df') return df(this.#tree, args, this.#disks());
    if (tool === 'docker' || tool === 'docker-compose')
      return docker(this.#engine, {
        tool,
        args,
        cwd,
        input,
        unknown,
        exists: (path) => this.#tree.exists(onHost(path, this.#tree)),
        read: (path) => this.#tree.read(onHost(path, this.#tree)),
        erring: () => this.#erring(),
      });
    const answer = (url: string, headers: string[] = []) => this.#fromInside(url, headers);
    const machine = {
      hostname: host.name,
      settings,
      engine: this.#engine,
      tree: this.#tree,
      answer,
      now: () => clock.now().getTime(),
    };
    const known = MACHINE_TOOLS[tool];
    if (known) return known(machine, call);
    unknown([tool, ...args].join(' '));
    return { exitCode: 127, stdout: '', stderr: `${tool}: command not found\n` };
  }

  /** What the host itself gets from a URL: SIRA's own, and the services that the backend needs. */
  #fromInside(url: string, headers: string[]): Answer {
    const { settings } = this.#parts;
    const slow = slowest(this.#engine);
    if (url === settings.urls.site || url === `${settings.urls.site}/`) return this.answer('site');
    if (url === settings.urls.api || url === settings.urls.system || /^https?:\/\/(localhost|127\.0\.0\.1)/.test(url))
      return { ...this.answer('api'), seconds: slow.seconds };
    const answer = outsideAnswer(outside(this.#engine.state.faults), settings, url, headers) ?? { status: 0, body: '' };
    return url === settings.externalServices.mistral && slow.outside ? { ...answer, seconds: slow.outside } : answer;
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

const GATEWAY_TIMEOUT = { status: 504, body: '<html><h1>504 Gateway Time-out</h1></html>' };
const BAD_GATEWAY = { status: 502, body: '<h1>502 Bad Gateway</h1>' };

function kindOf(id: string): FaultKind {
  const kind = FAULT_KINDS.find((one) => one.id === id);
  if (!kind) throw new RangeError(`there is no fault "${id}": expected one of ${FAULT_KINDS.map((one) => one.id).join(', ')}`);
  return kind;
}

function furnishOnce(tree: HostTree, furnishing: () => void): void {
  mkdirSync(tree.held, { recursive: true });
  mkdirSync(tree.root, { recursive: true });
  if (!tree.exists('/srv')) furnishing();
}
