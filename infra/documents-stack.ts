import { createHash } from 'node:crypto';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type DocumentedCommand, documentContent } from '../runbooks/commands/document.ts';
import { commandsOf } from '../runbooks/language/commands-of.ts';
import type { Runbook } from '../runbooks/language/definition.ts';
import type { Deployment } from '../runbooks/language/deployment.ts';
import { names as namesOf } from '../runbooks/language/names.ts';
import { tagAll } from './tags.ts';

/** Which of the commands a stack holds: a command that comes to do more, or less, is another document, and moves without a trace. */
export type Kind = 'looks' | 'acts';

export interface DocumentsStackProps {
  kind: Kind;
  runbooks: readonly Runbook[];
  deployment: Deployment;
}

/**
 * The host commands, each as a document that is named by its content and never removed: a run that waits across an upgrade ends
 * with the scripts that it began with. Stacks of their own, one for what looks and one for what acts, because all of it together
 * would be more than CloudFormation takes in one; and written without indentation, of which each line of a script would have its own.
 */
export class DocumentsStack extends Stack {
  /** The document's name, by command: for the functions' settings. */
  readonly documents: Readonly<Record<string, string>>;
  constructor(scope: Construct, id: string, { kind, runbooks, deployment }: DocumentsStackProps) {
    super(scope, id, {
      description: `The host commands of Firebreak that ${kind === 'looks' ? 'look' : 'act'}, as documents of Systems Manager`,
      suppressTemplateIndentation: true,
    });
    tagAll(this, deployment);
    const names = namesOf(deployment.prefix);
    const mine = [...commandsOf({ runbooks }).values()].filter(({ safety }) => (safety === 'observe') === (kind === 'looks'));
    const made = mine.map((command) => {
      const { content, hash } = pinned(command);
      const name = names.pinnedDocument(command.name, hash);
      const document = new CfnDocument(this, `${command.name}-${hash}`, {
        name,
        content,
        documentType: 'Command',
        documentFormat: 'JSON',
        targetType: '/AWS::EC2::Instance',
      });
      document.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
      return [command.name, name] as const;
    });
    this.documents = Object.fromEntries(made);
  }
}

/** A command's document, and the first eight digits of the SHA-256 of its JSON. */
function pinned(command: DocumentedCommand) {
  const content = documentContent(command);
  return { content, hash: createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8) };
}
