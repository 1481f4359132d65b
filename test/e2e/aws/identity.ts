import * as z from 'zod';
import type { Cli, Key } from './cli.ts';

const Configured = z.object({ Role: z.string() });
const Made = z.object({ AccessKey: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() }) });

/** @returns the ARN of the role that a deployed function has */
export async function roleOf({ aws }: Pick<Cli, 'aws'>, functionName: string): Promise<string> {
  return Configured.parse(await aws('lambda', 'get-function-configuration', '--function-name', functionName)).Role;
}

/** Makes a user who may do nothing. @returns the key of it */
export async function newUser({ aws }: Pick<Cli, 'aws'>, name: string): Promise<Key> {
  await aws('iam', 'create-user', '--user-name', name);
  const { AccessKey } = Made.parse(await aws('iam', 'create-access-key', '--user-name', name));
  return { id: AccessKey.AccessKeyId, secret: AccessKey.SecretAccessKey };
}
