/** Where the account's resources are. */
export interface Place {
  account: string;
  region: string;
}

/** The ARN of an execution, which follows from its name: known before it is started. */
export function executionArn({ account, region }: Place, machine: string, name: string): string {
  return `arn:aws:states:${region}:${account}:execution:${machine}:${name}`;
}
