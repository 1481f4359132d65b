import * as z from 'zod';
import type { Cli, Key } from './cli.ts';

const Listed = z.object({ Functions: z.array(z.object({ FunctionName: z.string(), Role: z.string() })) });
const Made = z.object({ AccessKey: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() }) });

/** @returns the ARN of the role of each deployed function, by the function's name: in one call, which takes a second of a processor */
export async function rolesOf({ aws }: Pick<Cli, 'aws'>): Promise<ReadonlyMap<string, string>> {
  const { Functions } = Listed.parse(await aws('lambda', 'list-functions'));
  return new Map(Functions.map(({ FunctionName, Role }) => [FunctionName, Role]));
}

/** Makes a user who may do nothing. @returns the key of it */
export async function newUser({ aws }: Pick<Cli, 'aws'>, name: string): Promise<Key> {
  await aws('iam', 'create-user', '--user-name', name);
  const { AccessKey } = Made.parse(await aws('iam', 'create-access-key', '--user-name', name));
  return { id: AccessKey.AccessKeyId, secret: AccessKey.SecretAccessKey };
}
