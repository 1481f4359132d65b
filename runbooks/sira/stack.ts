import type { SiraSettings } from './system.ts';

/** Where SIRA's compose file lies: what every command that speaks of its services takes. */
export function stackOf(settings: SiraSettings) {
  return { composeFile: settings.composeFile, projectDir: settings.projectDir, composeProject: settings.composeProject };
}
