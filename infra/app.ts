import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { registry } from '../runbooks/registry.ts';
import { assemble } from './assemble.ts';
import { bundle } from './bundle.ts';
import { clusterManifests, writeManifests } from './cluster-manifests.ts';
import { readDeployment } from './config.ts';
import { checkRules } from './rules.ts';

// What `cdk synth` and `cdk deploy` run. Without credentials, an account or a region: the template fits any.
const app = new App();
const named: unknown = app.node.tryGetContext('config');
const deployment = readDeployment(registry.systems, typeof named === 'string' ? named : undefined);
const code = mkdtempSync(join(tmpdir(), 'firebreak-code-'));
await bundle(code);
assemble(app, registry, deployment, code);
checkRules(app);
const { directory } = app.synth();
writeManifests(directory, clusterManifests(registry, deployment));
