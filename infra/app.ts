import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { registry } from '../runbooks/registry.ts';
import { bundle } from './bundle.ts';
import { readDeployment } from './config.ts';
import { DocumentsStack } from './documents-stack.ts';
import { ResponderStack } from './responder-stack.ts';
import { checkRules } from './rules.ts';

// What `cdk synth` and `cdk deploy` run. Without credentials, an account or a region: the template fits any.
const app = new App();
const named: unknown = app.node.tryGetContext('config');
const deployment = readDeployment(registry.systems, typeof named === 'string' ? named : undefined);
const code = mkdtempSync(join(tmpdir(), 'firebreak-code-'));
await bundle(code);
const { runbooks } = registry;
const documents = new DocumentsStack(app, `${deployment.prefix}-documents`, { runbooks, deployment });
const responder = new ResponderStack(app, deployment.prefix, { registry, deployment, documents: documents.documents, code });
responder.addStackDependency(documents);
checkRules(app);
app.synth();
