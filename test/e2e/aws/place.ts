import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LOCAL_ACCOUNT, type Names, names as namesOf } from '../../../runbooks/language/names.ts';
import { registry } from '../../../runbooks/registry.ts';
import { type Assembly, fitToEmulator } from './assembly.ts';
import { type Cdk, cdkAgainst } from './cdk.ts';
import { type Cli, cliAt } from './cli.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type Console, consoleAt } from './console.ts';
import { type Hosts, startHosts } from './hosts.ts';
import { rolesOf } from './identity.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { type Ministack, startMinistack, type Where } from './ministack.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** All that `cdk synth` reads of a checkout. */
const SOURCES = ['runbooks', 'functions', 'infra', 'cdk.json', 'package.json', 'tsconfig.json'];
/** The script that the next version changes: its document then has another name. */
const CHANGED_SCRIPT = 'runbooks/commands/restart-services.sh';
/** What the next version says in its pages, and the first does not. */
export const NEXT_GRAFANA = 'https://grafana.next.example.com/';
/** A rotation in whose every turn nobody is on call. */
const NOBODY = { timeZone: 'Europe/Berlin', handover: { every: 'day', at: '09:00' }, since: '2026-01-05', members: [null] };
export const WHERE: Where = { account: LOCAL_ACCOUNT, region: 'us-east-1' };

const Deployed = z.object({
  StackResources: z.array(z.object({ LogicalResourceId: z.string(), PhysicalResourceId: z.string() })),
});

/** A fresh deployment, and all that is around it. */
export interface Place {
  emulator: Ministack;
  hosts: Hosts;
  cluster: Cluster;
  cdk: Cdk;
  /** The root user's. */
  cli: Cli;
  console: Console;
  inbox: Inbox;
  names: Names;
  assembly: Assembly;
  /** Where `cdk deploy` takes it from. */
  out: string;
  /** How long each part of the way took, in milliseconds. */
  took: Record<string, number>;
  /** Synthesises the next version: another script, other settings, and so other functions. */
  nextVersion(): Promise<{ out: string; assembly: Assembly }>;
  close(): Promise<void>;
}

/** The systems that the deployed Firebreak looks after. */
type Behind = Pick<Place, 'hosts' | 'cluster'>;

/** @param folder is made; everything is kept under it */
export async function deployed(folder: string): Promise<Place> {
  mkdirSync(folder, { recursive: true });
  const took: Record<string, number> = {};
  const emulator = await timed(took, 'start', () => startMinistack(join(folder, 'ministack')));
  let hosts: Hosts | undefined;
  let cluster: Cluster | undefined;
  try {
    hosts = await startHosts(join(folder, 'hosts'));
    cluster = await startCluster(join(folder, 'cluster'), emulator, WHERE);
    return await fill(folder, took, emulator, { hosts, cluster });
  } catch (error) {
    await cluster?.close();
    await hosts?.close();
    await emulator.stop();
    throw error;
  }
}

async function fill(folder: string, took: Place['took'], emulator: Ministack, behind: Behind): Promise<Place> {
  const { hosts, cluster } = behind;
  const names = namesOf();
  const cli = cliAt(emulator, WHERE, { id: WHERE.account, secret: 'emulated' });
  const cdk = cdkAgainst(emulator, WHERE, join(folder, 'cdk.log'));
  const out = join(folder, 'cdk.out');
  const given = configurationOf(folder, 'firebreak.json', behind, {});
  await Promise.all([
    timed(took, 'cdk bootstrap', () => cdk.bootstrap()),
    timed(took, 'cdk synth', () => cdk.synth(ROOT, given, out)),
  ]);
  await letPublish(cli);
  const assembly = fitToEmulator(out);
  hosts.register(assembly.documents);
  await timed(took, 'cdk deploy', () => cdk.deploy(out, assembly.stacks));
  await letBeatAndAnswer(cli, names);
  await letIntoCluster(cli, names, cluster, assembly);
  return {
    ...{ emulator, hosts, cluster, cdk, cli, names, assembly, out, took },
    console: consoleAt(emulator, WHERE, names.consoleFunction),
    inbox: await openInbox(cli, emulator, WHERE, names.signalsTopic),
    nextVersion: () => timed(took, 'cdk synth of the next version', () => synthNext(folder, cdk, behind)),
    close: async () => {
      await cluster.close();
      await hosts.close();
      await emulator.stop();
    },
  };
}

async function synthNext(folder: string, cdk: Cdk, behind: Behind): Promise<{ out: string; assembly: Assembly }> {
  const copy = join(folder, 'next');
  for (const source of SOURCES) cpSync(join(ROOT, source), join(copy, source), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const script = join(copy, CHANGED_SCRIPT);
  writeFileSync(script, `${readFileSync(script, 'utf8')}\n# The next version.\n`);
  const out = join(folder, 'cdk.out.next');
  await cdk.synth(copy, configurationOf(folder, 'firebreak.next.json', behind, { grafana: NEXT_GRAFANA }), out);
  return { out, assembly: fitToEmulator(out) };
}

/** What a deployment is given: addresses, and a Systems Manager and an EKS behind which something is. */
function configurationOf(folder: string, name: string, { hosts, cluster }: Behind, more: object): string {
  const contacts = (system: string) => {
    const roles = registry.systems.find(({ id }) => id === system)?.roles ?? [];
    return Object.fromEntries(roles.map(({ name }) => [name, { name, email: `${name}@${system}.example.com` }]));
  };
  const path = join(folder, name);
  const { settings } = cluster;
  const given = {
    // The name that the emulator gives an HTTP API ends in its IP address, and no URL may: a domain of one's own stands for it.
    linksUrl: 'https://pages.example.com',
    operators: ['operators@example.com'],
    systems: {
      sira: {
        hosts: hosts.settings.hosts,
        urls: hosts.settings.urls,
        contacts: { ...contacts('sira'), lead: NOBODY },
        ...more,
      },
      saveit: {
        cluster: settings.cluster,
        urls: settings.urls,
        prometheus: settings.prometheus,
        contacts: contacts('saveit'),
      },
    },
    environment: { AWS_ENDPOINT_URL_SSM: hosts.url, AWS_ENDPOINT_URL_EKS: cluster.url },
  };
  writeFileSync(path, JSON.stringify(given));
  return path;
}

/** The emulator knows no `aws:ResourceAccount`, on which the CDK's own role for its bucket depends. */
async function letPublish({ aws }: Cli): Promise<void> {
  const role = `cdk-hnb659fds-file-publishing-role-${WHERE.account}-${WHERE.region}`;
  const bucket = `arn:aws:s3:::cdk-hnb659fds-assets-${WHERE.account}-${WHERE.region}`;
  await aws('iam', 'put-role-policy', '--role-name', role, ...allowing(['s3:*'], bucket, `${bucket}/*`));
}

/**
 * Nor does it know `cloudwatch:namespace`, on which the right to send the heartbeat depends, or which machine a task token is of,
 * on which the right to answer depends.
 */
async function letBeatAndAnswer(cli: Cli, names: Names): Promise<void> {
  const answers = [
    names.approveFunction,
    names.consoleFunction,
    names.linksFunction,
    names.widgetsFunction,
    ...registry.runbooks.map(({ id }) => names.stepFunction(id)),
  ];
  const missing = [
    ...answers.map((name) => ({ name, actions: ['states:SendTaskSuccess'] })),
    { name: names.watchFunction, actions: ['states:SendTaskSuccess', 'cloudwatch:PutMetricData'] },
  ];
  const roles = await rolesOf(cli);
  for (const { name, actions } of missing) {
    const arn = roles.get(name) ?? '';
    const role = arn.slice(arn.lastIndexOf('/') + 1);
    await cli.aws('iam', 'put-role-policy', '--role-name', role, ...allowing(actions, '*'));
  }
}

/** The access entries of the template: its CloudFormation does not know them, its EKS does. */
async function letIntoCluster({ aws }: Cli, names: Names, cluster: Cluster, { accessEntries }: Assembly): Promise<void> {
  const { StackResources } = Deployed.parse(
    await aws('cloudformation', 'describe-stack-resources', '--stack-name', names.prefix),
  );
  const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: 'eks.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
  await aws('iam', 'create-role', '--role-name', 'cluster', '--assume-role-policy-document', JSON.stringify(trust));
  await cluster.letIn(`arn:aws:iam::${WHERE.account}:role/cluster`, accessEntries, (logicalId) => {
    const role = StackResources.find(({ LogicalResourceId }) => LogicalResourceId === logicalId);
    if (!role) throw new Error(`the stack has no ${logicalId}`);
    return `arn:aws:iam::${WHERE.account}:role/${role.PhysicalResourceId}`;
  });
}

/** The words of a policy for `aws iam put-…-policy`. */
export function allowing(actions: string[], ...resources: string[]): string[] {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }] };
  return ['--policy-name', 'in-the-emulator', '--policy-document', JSON.stringify(document)];
}

async function timed<T>(took: Record<string, number>, what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    took[what] = Math.round(performance.now() - began);
  }
}
