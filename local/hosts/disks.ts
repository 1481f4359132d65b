import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SiraSettings } from '../../runbooks/sira/system.ts';
import { type AlarmConfiguration, siraAlarms } from '../simulation/alarms.ts';

/**
 * SIRA's alarms for a real machine: one for each disk that something of SIRA lies on, since what is full there need not be `/`.
 * The first is `/` and keeps the plain name; the others are named after their mount, `sira-DiskSpaceLow-var-lib-docker`.
 *
 * @param dockerRoot where the engine keeps its files, if that is known
 */
export function alarmsOfThisMachine(settings: SiraSettings, dockerRoot?: string): AlarmConfiguration[] {
  const folders = [settings.projectDir, ...settings.logFolders, settings.backups.folder, ...(dockerRoot ? [dockerRoot] : [])];
  const mounts = [...new Set(['/', ...folders.flatMap((folder) => mountOf(folder) ?? [])])];
  return siraAlarms(settings).flatMap((alarm) =>
    alarm.alert === 'DiskSpaceLow' ? mounts.map((mount) => onMount(alarm, mount)) : [alarm],
  );
}

function onMount(alarm: AlarmConfiguration, mount: string): AlarmConfiguration {
  const suffix = mount.slice(1).replaceAll(/[^A-Za-z0-9]+/g, '-');
  return {
    ...alarm,
    name: suffix ? `${alarm.name}-${suffix}` : alarm.name,
    dimensions: { ...alarm.dimensions, path: mount },
  };
}

/** Where the file system of a folder is mounted: the highest of its parents on the same device. Nothing for a folder that is not there. */
function mountOf(folder: string): string | undefined {
  try {
    const { dev } = statSync(folder);
    let mount = folder;
    while (mount !== '/' && statSync(dirname(mount)).dev === dev) mount = dirname(mount);
    return mount;
  } catch {
    return undefined;
  }
}
