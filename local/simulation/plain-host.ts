import type { HostedSettings, HostNeeds } from '../../runbooks/language/system.ts';
import { SiraSettings } from '../../runbooks/sira/system.ts';
import type { ServiceKey, ServiceSpec } from './docker/services.ts';
import { DockerHost, type HostNature, type HostParts } from './docker-host.ts';
import { diskUse } from './host/disk.ts';
import { furnishMachine } from './host/tree.ts';
import type { Answer } from './outside.ts';

export interface PlainParts extends Omit<HostParts, 'settings'> {
  settings: HostedSettings;
  needs: HostNeeds;
  nature: HostNature;
}

/** A simulated host of a system that says no more of its hosts than which services and folders are on them. */
export class PlainHost extends DockerHost {
  readonly #folders: readonly string[];

  private constructor({ settings, needs, nature, ...parts }: PlainParts) {
    super({ ...parts, settings: inWordsOfSira(settings, needs, nature.services) }, nature);
    this.#folders = needs.folders.map(({ path }) => path);
    for (const folder of this.#folders) this.tree.folder(folder);
  }

  /** Takes up what the folder holds, or furnishes a healthy host in it. */
  static async open(parts: PlainParts): Promise<PlainHost> {
    const host = new PlainHost(parts);
    await host.listen();
    return host;
  }

  protected override furnish(composeFile: string, now: number): void {
    furnishMachine(this.tree, this.parts.settings, composeFile, now);
  }

  /** The services that do not run. */
  ended(): string[] {
    this.engine.settle();
    return this.engine.state.containers.filter(({ state }) => state !== 'running').map(({ service }) => service);
  }

  /** How full its disk is, in percent. */
  diskPercent(): number {
    return diskUse(this.tree).usedPercent;
  }

  /** Nothing of the world outside is simulated for it. */
  protected override fromInside(): Answer {
    return { status: 0, body: '' };
  }
}

function inWordsOfSira(settings: HostedSettings, { stack }: HostNeeds, services: readonly ServiceSpec[]): SiraSettings {
  const named = (key: ServiceKey) => services.find((spec) => spec.key === key)?.service ?? key;
  return SiraSettings.parse({
    ...{ hosts: settings.hosts, hostTag: settings.hostTag, ...stack, logFolders: [`${stack.projectDir}/logs`] },
    services: { backend: named('backend'), frontend: named('frontend'), nginx: named('nginx'), db: named('db') },
  });
}
