import type { SaveitSettings } from '../../runbooks/saveit/system.ts';
import { SiraSettings } from '../../runbooks/sira/system.ts';
import { saveitServices } from './docker/saveit-services.ts';
import { DockerHost, type HostParts } from './docker-host.ts';
import { COMPOSE_FAULTS } from './faults/saveit-compose.ts';
import { furnishMachine } from './host/tree.ts';
import type { Answer } from './outside.ts';

/** Where the host's own settings are read from: the stack in SIRA's words, in which the simulated Docker is described. */
export type SaveitHostParts = Omit<HostParts, 'settings'> & { settings: SaveitSettings };

/** One simulated host of Save-It's Docker Compose variant. */
export class SaveitHost extends DockerHost {
  readonly #ready: string;

  private constructor({ settings, ...parts }: SaveitHostParts) {
    super(
      { ...parts, settings: inWordsOfSira(settings) },
      { system: 'saveit', services: saveitServices(settings.compose), faults: COMPOSE_FAULTS },
    );
    this.#ready = settings.compose.ready;
  }

  /** Takes up what the folder holds, or furnishes a healthy host in it. */
  static async open(parts: SaveitHostParts): Promise<SaveitHost> {
    const host = new SaveitHost(parts);
    await host.listen();
    return host;
  }

  protected override furnish(composeFile: string, now: number): void {
    furnishMachine(this.tree, this.parts.settings, composeFile, now);
  }

  /** What readiness answers; status 0 when the connection is refused, and late where the backend hangs. */
  readiness(): Answer {
    const backend = this.engine.of('backend');
    if (!this.reachable || backend?.state !== 'running' || !this.engine.booted(backend)) return { status: 0, body: '' };
    if (!this.engine.serves('db')) return { status: 503, body: '{"status":"not ready","database":"unreachable"}' };
    return { status: 200, body: '{"status":"ready"}', ...(!this.engine.serves('backend') && { seconds: HANGS_SECONDS }) };
  }

  protected override fromInside(url: string): Answer {
    return url === this.#ready ? this.readiness() : { status: 0, body: '' };
  }
}

/** Longer than anybody waits. */
export const HANGS_SECONDS = 120;

function inWordsOfSira({ hosts, hostTag, compose, database }: SaveitSettings): SiraSettings {
  const { projectDir, composeFile, composeProject, backend } = compose;
  return SiraSettings.parse({
    ...{ hosts, hostTag, projectDir, composeFile, composeProject, logFolders: [`${projectDir}/logs`] },
    services: { backend: backend.service, frontend: 'frontend', nginx: 'nginx', db: compose.dependencies[0] ?? 'db' },
    database: { user: 'postgres', name: database.name, applicationRole: database.applicationRole },
  });
}
