import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { assemble } from '../../infra/assemble.ts';
import type { Registry } from '../../infra/registry.ts';
import { checkRules } from '../../infra/rules.ts';
import { type Deployment, deployment } from '../../runbooks/language/deployment.ts';
import { registered } from '../../runbooks/language/system.ts';
import { registry } from '../../runbooks/registry.ts';
import { tally } from '../e2e/tally.ts';
import { stall, stallDown } from '../runbooks/language/stall.ts';
import { GIVEN } from './synthesised.ts';

// A program of its own, because it takes its time: the templates, given nothing, given everything and given a cluster, against cdk-nag's
// rules, against CloudFormation's schemas, and through cfn-lint, which reads the state machines too. Where cfn-lint lies:
// FIREBREAK_VENV, or .venv.

/** CDK writes a dependency on a role beside the reference to it, which is one too. */
const IGNORED = ['W3005'];
const LINT = resolve(process.env.FIREBREAK_VENV ?? '.venv', 'bin', 'cfn-lint');
const CONTEXT = {
  ...z.object({ context: z.record(z.string(), z.unknown()) }).parse(JSON.parse(readFileSync('cdk.json', 'utf8'))).context,
};

const Violation = z.object({
  ruleName: z.string(),
  violatingConstructs: z.array(z.object({ constructPath: z.string().default('') })),
});
const Reports = z.object({ pluginReports: z.array(z.object({ pluginName: z.string(), violations: z.array(Violation) })) });
const Suppressed = z.object({
  pluginReports: z.array(z.object({ suppressedViolations: z.array(z.object({ ruleName: z.string() })).default([]) })),
});

const Template = z.object({ Resources: z.record(z.string(), z.unknown()) });
const Machine = z.object({
  Type: z.literal('AWS::StepFunctions::StateMachine'),
  Properties: z.object({
    DefinitionS3Location: z.object({ Key: z.string() }),
    DefinitionSubstitutions: z.record(z.string(), z.unknown()).default({}),
  }),
});
const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:step:1';

interface Case {
  given: string;
  registry: Registry;
  deployment: Deployment;
}
/** Beside one with hosts: a stack of documents must not be empty. */
const inCluster = {
  systems: [...registry.systems, registered(stall)],
  runbooks: [...registry.runbooks.filter(({ id }) => id === 'sira/disk-space-low'), stallDown()],
};
const CASES: readonly Case[] = [
  ...(['nothing', 'everything'] as const).map((given) => ({
    given,
    registry,
    deployment: deployment(GIVEN[given], registry.systems),
  })),
  {
    given: 'a cluster',
    registry: inCluster,
    deployment: deployment({ systems: { stall: { cluster: { name: 'market', namespace: 'halls' } } } }, inCluster.systems),
  },
];

const { equal, holds, failed, end } = tally();
const folder = mkdtempSync(join(tmpdir(), 'firebreak-lint-'));
try {
  for (const one of CASES) check(one, join(folder, one.given.replace(' ', '-')));
} catch (error) {
  failed('the templates are checked', error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = end();

function check({ given, registry, deployment }: Case, outdir: string): void {
  const code = mkdtempSync(join(folder, 'code-'));
  writeFileSync(join(code, 'intake.mjs'), 'export const handler = () => undefined;\n');
  const app = new App({ outdir, context: CONTEXT });
  assemble(app, registry, deployment, code);
  checkRules(app);
  app.synth();
  const report: unknown = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  for (const { pluginName, violations } of Reports.parse(report).pluginReports) {
    if (pluginName === 'Construct Annotations') continue;
    const found = violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    equal(`given ${given}: ${pluginName} finds nothing that is not acknowledged`, found, []);
  }
  const acknowledged = Suppressed.parse(report).pluginReports.flatMap(({ suppressedViolations }) => suppressedViolations);
  holds(`given ${given}: the rules were read (${acknowledged.length} findings are acknowledged)`, acknowledged.length > 10);
  const templates = readdirSync(outdir)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => join(outdir, file));
  equal(`given ${given}: three templates`, templates.length, 3);
  // As they are written: CloudFormation takes a megabyte.
  for (const file of templates) {
    const { size } = statSync(file);
    holds(`given ${given}: ${basename(file)} is small enough (${size} bytes)`, size <= 1_000_000);
  }
  const machines = join(outdir, 'machines.json');
  writeFileSync(machines, JSON.stringify({ Resources: Object.assign({}, ...templates.map((file) => machinesIn(file, outdir))) }));
  lint(given, [...templates, machines]);
}

/** The state machines with their definitions in the template, which is where cfn-lint reads them. */
function machinesIn(template: string, outdir: string): object {
  const { Resources } = Template.parse(JSON.parse(readFileSync(template, 'utf8')));
  const machines = Object.entries(Resources).flatMap(([id, resource]) => {
    const { success, data } = Machine.safeParse(resource);
    if (!success) return [];
    const { DefinitionS3Location, DefinitionSubstitutions } = data.Properties;
    const Properties = {
      RoleArn: `arn:aws:iam::123456789012:role/${id}`,
      DefinitionString: readFileSync(join(outdir, `asset.${DefinitionS3Location.Key}`), 'utf8'),
      DefinitionSubstitutions: Object.fromEntries(Object.keys(DefinitionSubstitutions).map((name) => [name, LAMBDA])),
    };
    return [[id, { Type: data.Type, Properties }]];
  });
  return Object.fromEntries(machines);
}

function lint(given: string, templates: readonly string[]): void {
  if (!existsSync(LINT)) {
    failed('cfn-lint is there', new Error(`expected it at ${LINT}; FIREBREAK_VENV says where its environment lies`));
    return;
  }
  // The documents are made for any region: one is enough to check them by.
  const { status, stdout, stderr } = spawnSync(
    LINT,
    ['--ignore-checks', ...IGNORED, '--regions', 'us-east-1', '--', ...templates],
    { encoding: 'utf8' },
  );
  equal(`given ${given}: cfn-lint finds nothing`, { status, said: `${stdout}${stderr}`.trim() }, { status: 0, said: '' });
}
