/** One statement of a role's policy, with the reason for it. Always an allowance: what no statement allows is denied. */
export interface Statement {
  /** Letters and digits; no two statements of a role share it. */
  sid: string;
  actions: readonly string[];
  resources: readonly string[];
  conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** What it is for, and of what is wider than one thing why it can't be narrower. */
  why: string;
}

/** A function or a state machine, and what it may do. */
export interface Rights {
  /** The name of what has them. */
  of: string;
  /** What it is, in a sentence. */
  about: string;
  statements: readonly Statement[];
}

/** Where the stack is: CloudFormation's placeholders when it is synthesised. */
export interface Place {
  partition: string;
  region: string;
  account: string;
}

/** @returns an ARN, such as `arn:aws:sns:eu-west-1:123456789012:firebreak-signals` */
export type ArnOf = (service: string, resource: string) => string;

export function arnsIn({ partition, region, account }: Place): ArnOf {
  return (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
