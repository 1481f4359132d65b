import { LOCAL_ACCOUNT } from '../../runbooks/language/names.ts';

/** The names under which local mode's resources are known to AWS clients. */
export const arns = (region: string) => ({
  region,
  topic: (name: string) => `arn:aws:sns:${region}:${LOCAL_ACCOUNT}:${name}`,
  queue: (name: string) => `arn:aws:sqs:${region}:${LOCAL_ACCOUNT}:${name}`,
  alarm: (name: string) => `arn:aws:cloudwatch:${region}:${LOCAL_ACCOUNT}:alarm:${name}`,
  stateMachine: (name: string) => `arn:aws:states:${region}:${LOCAL_ACCOUNT}:stateMachine:${name}`,
  execution: (machine: string, name: string) => `arn:aws:states:${region}:${LOCAL_ACCOUNT}:execution:${machine}:${name}`,
  function: (name: string) => `arn:aws:lambda:${region}:${LOCAL_ACCOUNT}:function:${name}`,
  parameter: (name: string) => `arn:aws:ssm:${region}:${LOCAL_ACCOUNT}:parameter/${name.replace(/^\//, '')}`,
  role: (name: string) => `arn:aws:iam::${LOCAL_ACCOUNT}:role/${name}`,
});
export type Arns = ReturnType<typeof arns>;

/** The last part of an ARN, or the name itself where no ARN was given. */
export function nameOf(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf(':') + 1);
}

/** A function's name from its name or ARN, with or without a version: all versions are the one that runs here. */
export function functionName(arnOrName: string): string {
  const parts = arnOrName.split(':');
  return (parts[0] === 'arn' ? parts[6] : parts[0]) ?? arnOrName;
}
