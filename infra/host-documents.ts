import { createHash } from 'node:crypto';
import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { documentContent } from '../runbooks/commands/document.ts';
import { commandsOf } from '../runbooks/language/commands-of.ts';
import type { Runbook } from '../runbooks/language/definition.ts';
import type { Names } from '../runbooks/language/names.ts';

/**
 * The host commands, each as a document that is named by its content and never removed: a run that waits across an upgrade ends
 * with the scripts that it began with.
 */
export class HostDocuments extends Construct {
  /** The document's name, by command: for the functions' settings. */
  readonly names: Readonly<Record<string, string>>;
  constructor(scope: Construct, id: string, names: Names, runbooks: readonly Runbook[]) {
    super(scope, id);
    const made = [...commandsOf({ runbooks }).values()].map((command) => {
      const content = documentContent(command);
      const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
      const name = names.pinnedDocument(command.name, hash);
      const document = new CfnDocument(this, `${command.name}-${hash}`, {
        name,
        content,
        documentType: 'Command',
        documentFormat: 'JSON',
        targetType: '/AWS::EC2::Instance',
      });
      document.applyRemovalPolicy(RemovalPolicy.RETAIN);
      return [command.name, name] as const;
    });
    this.names = Object.fromEntries(made);
  }
}
