import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Deployment } from '../runbooks/language/deployment.ts';

/** Says of everything that can be tagged whose it is, so that costs and leftovers can be found. */
export function tagAll(scope: IConstruct, { prefix, tags }: Deployment): void {
  for (const [key, value] of Object.entries({ 'firebreak:deployment': prefix, ...tags })) Tags.of(scope).add(key, value);
}
