import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { DefinitionBody } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/**
 * A state machine's definition as a file of its own, which CloudFormation takes from where assets lie: in the template, which may
 * have a megabyte, all of them would take half of it. As it is, not parsed and written again: the deployed machine is the local one
 * byte for byte.
 */
export function definitionOf(scope: Construct, machineName: string, definition: string): DefinitionBody {
  const file = join(Stage.of(scope)?.outdir ?? '.', 'state-machines', `${machineName}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, definition);
  return DefinitionBody.fromFile(file);
}
