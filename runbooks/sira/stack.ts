import type { SiraSettings } from './system.ts';

/** Where SIRA's compose file lies: what every command that speaks of its services takes. */
export function stackOf(settings: SiraSettings) {
  return { composeFile: settings.composeFile, projectDir: settings.projectDir, composeProject: settings.composeProject };
}

/** Where its backups lie: what every command that reads or deletes them takes. */
export function backupFiles({ backups: { folder, prefix } }: SiraSettings) {
  return { folder, prefix };
}
