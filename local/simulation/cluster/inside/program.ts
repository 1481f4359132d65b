/** How a program in a container ended, and after how long. */
export interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Not at once. */
  seconds?: number;
}

export const ok = (stdout: string): Ended => ({ exitCode: 0, stdout: `${stdout}\n`, stderr: '' });
export const failed = (stderr: string, exitCode = 1): Ended => ({ exitCode, stdout: '', stderr: `${stderr}\n` });

/** There is no such program in the image. */
export class NoSuchProgram extends Error {
  override readonly name = 'NoSuchProgram';
}
