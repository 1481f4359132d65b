import { slowest } from './docker/load.ts';
import { errorRate } from './docker/logs.ts';
import { siraServices } from './docker/services.ts';
import { DockerHost, type HostParts } from './docker-host.ts';
import type { Erring } from './error-pattern.ts';
import { outside, patterns } from './faults/errors.ts';
import { FAULT_KINDS } from './faults.ts';
import { hoursSinceBackup, lateBackup } from './host/backup-job.ts';
import type { BackupTrouble } from './host/backup-trouble.ts';
import { daysServed, renewByItself } from './host/certbot.ts';
import { furnishCertificate, takeUpAtStart } from './host/certificates.ts';
import { diskUse, type ExtraDisk } from './host/disk.ts';
import { memoryAlarm } from './host/memory.ts';
import { furnish, MiB, nightlyBackup } from './host/tree.ts';
import { type Answer, outsideAnswer } from './outside.ts';

/** One simulated host of SIRA. */
export class SiraHost extends DockerHost {
  private constructor(parts: HostParts) {
    super(parts, { system: 'sira', services: siraServices(parts.settings), faults: FAULT_KINDS });
  }

  /** Takes up what the folder holds, or furnishes a healthy host in it. */
  static async open(parts: HostParts): Promise<SiraHost> {
    const host = new SiraHost(parts);
    await host.listen();
    return host;
  }

  protected override furnish(composeFile: string, now: number): void {
    furnish(this.tree, this.parts.settings, composeFile, now);
  }

  protected override takeUp(): void {
    furnishCertificate(this.ground, 'once');
  }

  protected override pass(): void {
    this.#cron();
    renewByItself(this.ground);
  }

  /** What the world gets when it asks for SIRA; status 0 when the connection is refused. */
  answer(which: 'api' | 'site'): { status: number; body: string } {
    if (!this.reachable || !this.engine.serves('nginx')) return { status: 0, body: '' };
    if (this.#hung()) return GATEWAY_TIMEOUT;
    if (which === 'site') return this.engine.serves('frontend') ? { status: 200, body: '<h1>SIRA</h1>' } : BAD_GATEWAY;
    const backend = this.engine.of('backend');
    if (backend?.state !== 'running' || !this.engine.booted(backend)) return BAD_GATEWAY;
    if (!this.engine.serves('db')) return { status: 503, body: '{"status":"unhealthy","database":"unreachable"}' };
    return { status: 200, body: '{"status":"healthy"}' };
  }

  /** Whether the stack hangs: the database is restarted only with all of it. */
  #hung(): boolean {
    const on = this.engine.state.faults;
    const since = this.kinds().flatMap(({ id, hung }) => (hung ? (on[id]?.since ?? []) : []))[0];
    return since !== undefined && (this.engine.of('db')?.startedAt ?? '') < since;
  }

  /** Whether the application gets no connection to its database. */
  databaseDown(): boolean {
    return !this.engine.serves('db');
  }

  /** How full its disk is, in percent. */
  diskPercent(): number {
    return diskUse(this.tree).usedPercent;
  }

  /** Hours since the last backup that is whole. */
  backupHours(): number {
    this.#cron();
    return hoursSinceBackup(this.tree, this.engine);
  }

  protected override backups(): BackupTrouble {
    return Object.assign({}, ...this.kinds().map(({ backup }) => backup));
  }

  #cron(): void {
    const { cron } = this.backups();
    if (cron === 'silent' || lateBackup(this.engine) !== undefined) return;
    nightlyBackup(this.tree, this.parts.settings, this.parts.clock.now().getTime());
  }

  protected override disks(): ExtraDisk[] {
    const { freeBytes: free } = this.backups();
    return free === undefined ? [] : [{ mount: this.parts.settings.backups.folder, size: 40 * MiB, free }];
  }

  /** Errors among the backend's own answers of the last two minutes, in percent. */
  errorPercent(): number {
    return errorRate(this.engine, this.erring(), 120_000);
  }

  /** How much of the memory is used, of the host or of the container that is nearest to its limit; what was killed counts as full. */
  memoryPercent(): { value: number; reason: string } {
    return memoryAlarm(this.engine, this.answer('api').status !== 200);
  }

  /** Seconds that a recommendation takes. */
  recommendationSeconds(): number {
    return outside(this.engine.state.faults).recommendation.all;
  }

  /** How many days the certificate that is served has left; `undefined` when nothing is served. */
  certificateDays(): number | undefined {
    return daysServed(this.ground);
  }

  /** Within how many seconds 95 % of the backend's answers come. */
  responseSeconds(): number {
    return slowest(this.engine).seconds;
  }

  /** While a fault makes the backend err, from its beginning to the backend's next start. */
  protected override erring(): Erring[] {
    const restartable = this.kinds().flatMap(({ id, erring }) => {
      const since = Date.parse(this.engine.state.faults[id]?.since ?? '') - 4 * 60_000;
      const next = this.engine
        .of('backend')
        ?.runs.map(({ from }) => Date.parse(from))
        .find((from) => from >= since + 4 * 60_000);
      return erring === undefined ? [] : [{ from: since, until: next ?? Number.POSITIVE_INFINITY, every: erring }];
    });
    return [...restartable, ...patterns(this.engine.state.faults)];
  }

  protected override changed(): void {
    takeUpAtStart(this.ground);
    super.changed();
  }

  /** SIRA's own answers, and those of the services that the backend needs. */
  protected override fromInside(url: string, headers: string[]): Answer {
    const { settings } = this.parts;
    const slow = slowest(this.engine);
    if (url === settings.urls.site || url === `${settings.urls.site}/`) return this.answer('site');
    if (url === settings.urls.api || url === settings.urls.system || /^https?:\/\/(localhost|127\.0\.0\.1)/.test(url))
      return { ...this.answer('api'), seconds: slow.seconds };
    const answer = outsideAnswer(outside(this.engine.state.faults), settings, url, headers) ?? { status: 0, body: '' };
    return url === settings.externalServices.mistral && slow.outside ? { ...answer, seconds: slow.outside } : answer;
  }
}

const GATEWAY_TIMEOUT = { status: 504, body: '<html><h1>504 Gateway Time-out</h1></html>' };
const BAD_GATEWAY = { status: 502, body: '<h1>502 Bad Gateway</h1>' };
