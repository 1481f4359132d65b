/** Who proves that a line of a page does what the page says. Each says of which lines, by words that they have. */
export type Executor =
  /** `npm run e2e:guide` takes it from the page, and types it as it stands against local mode. */
  | { has: string; typed: true }
  /** A suite carries it out in its own words: `says` is what stands there for it. */
  | { has: string; suites: readonly { path: string; says: string }[] }
  /** kubectl's lines: each stands in what `npm run e2e:kubectl` types. */
  | { has: string; kubectl: true }
  /** It needs what no test can have: the reason, for whoever reads it. */
  | { has: string; because: string };

const by = (path: string, says: string) => ({ path, says });
const GATE = '.ci/run';
const CDK = by('test/e2e/aws/cdk.ts', "'bootstrap'");
const DEPLOY = by('test/e2e/aws/cdk.ts', "'deploy'");
const GUIDE = by('test/e2e/guide.ts', 'piecesOf(guide())');
const CONFIRM = [
  by('test/functions/contacts/link.test.ts', 'confirmation.html?'),
  by('test/functions/contacts/confirm.test.ts', 'readLink'),
];
const PARAMETER = 'it writes a secret into the Parameter Store of an account; neither emulator encrypts one, and it is all AWS';

/** By page, in its order. */
export const EXECUTORS: Readonly<Record<string, readonly Executor[]>> = {
  'README.md': [
    { has: 'npm ci && npm start', suites: [by(GATE, 'npm ci'), by('test/e2e/cli/local-mode.ts', "'local/main.ts'")] },
    { has: 'export AWS_ACCESS_KEY_ID=local', typed: true },
    { has: 'cloudwatch set-alarm-state', typed: true },
    { has: 'stepfunctions start-execution', typed: true },
    { has: 'npm start -- --speed 60', suites: [by('docs/adding-a-system.md', 'npm start -- --speed 30'), GUIDE] },
    { has: 'cp firebreak.example.json firebreak.json', typed: true },
    { has: 'npx cdk bootstrap && npm run deploy', suites: [CDK, DEPLOY] },
    { has: 'npm run doctor', typed: true },
    { has: 'npm ci && npm test', suites: [by(GATE, 'npm ci'), by(GATE, 'npm test')] },
  ],
  'docs/adding-a-runbook.md': [
    // The runbook of that page is tested as it stands there, and registered nowhere.
    {
      has: 'npx vitest run test/runbooks/examples.test.ts',
      suites: [by('docs/adding-a-system.md', 'examples.test.ts -t shop/disk-full'), GUIDE],
    },
    { has: 'npm run docs', suites: [by('docs/adding-a-system.md', 'npm run docs'), GUIDE] },
    { has: 'npm run check && npm test', suites: [by(GATE, 'npm run --silent check'), by(GATE, 'npm test')] },
    { has: 'npm run rbac saveit', typed: true },
    { has: 'npm run deploy && kubectl apply', suites: [DEPLOY, by('test/e2e/cluster/manifest.ts', 'clusterManifest')] },
  ],
  'docs/adding-a-system.md': [{ has: '', suites: [GUIDE] }],
  'docs/alerts/README.md': [{ has: 'aws ssm put-parameter', because: PARAMETER }],
  'docs/cluster.md': [
    { has: "alias ks='kubectl", suites: [by('test/e2e/kubectl.ts', '/kubernetes/saveit')] },
    {
      has: 'ks patch hpa',
      suites: [by('test/local/simulation/cluster/page-lines.ts', 'patch hpa saveit-backend-hpa --type=json')],
    },
    {
      has: "-- python -c 'from app.core.database import engine",
      suites: [by('test/local/simulation/cluster/kubectl.test.ts', 'app.core.database')],
    },
    {
      has: 'ks rollout restart',
      suites: [by('test/local/simulation/cluster/page-lines.ts', 'rollout restart deployment/saveit-backend')],
    },
    { has: 'ks ', kubectl: true },
    { has: 'curl -X', typed: true },
  ],
  'docs/deploy.md': [
    {
      has: 'amazon-cloudwatch-agent-ctl',
      because: 'it needs the agent on a host of AWS: what it is given is checked by test/infra/warnings.test.ts',
    },
    { has: 'cp firebreak.example.json', typed: true },
    { has: 'aws ssm put-parameter', because: PARAMETER },
    { has: 'export AWS_PROFILE=', because: "it names the reader's own profile" },
    { has: 'npx cdk bootstrap', suites: [CDK] },
    { has: 'npm run deploy', suites: [DEPLOY] },
    { has: 'aws eks describe-cluster', typed: true },
    { has: 'aws eks update-cluster-config', because: 'no emulator has it, and it changes who may enter a real cluster' },
    { has: 'kubectl diff', because: 'it compares with a cluster of the reader; the manifest itself is applied by e2e:cluster' },
    { has: 'kubectl apply', suites: [by('test/e2e/cluster/manifest.ts', 'clusterManifest')] },
    { has: "npm run confirm -- 'https", suites: CONFIRM },
    { has: 'npm run confirm -- --test', typed: true },
    { has: 'npm run doctor', typed: true },
    { has: 'aws cloudwatch set-alarm-state', typed: true },
    {
      has: 'firebreak-approve',
      suites: [by('test/e2e/aws/cluster-runs.ts', "'approve'"), by('test/e2e/aws/application.ts', "'deny'")],
    },
    { has: 'aws lambda invoke', typed: true },
    {
      has: 'used=$(for kind in looks acts',
      because: 'it lists documents by tag and stacks of a real account: no emulator here has both',
    },
    { has: 'npx cdk destroy', because: 'it takes a deployment away; the emulator is thrown away whole' },
    { has: 'aws dynamodb', because: 'no emulator here has deletion protection, and they end a real table' },
    { has: 'aws ssm list-documents', because: 'it deletes documents by the tag of a real account' },
  ],
  'docs/doctor.md': [
    { has: 'npm run doctor', typed: true },
    { has: "npm run confirm -- 'https", suites: CONFIRM },
    { has: '--topic', suites: CONFIRM },
    { has: 'npm run confirm -- --test', typed: true },
  ],
  'docs/hosts.md': [{ has: 'npm start -- --hosts docker', suites: [by('test/e2e/hosts/trial.ts', 'dockerScene(')] }],
  'docs/integrations/pagerduty.md': [{ has: 'aws ssm put-parameter', because: PARAMETER }],
  'docs/integrations/slack.md': [
    {
      has: 'aws cloudformation deploy',
      because: "it needs a webhook of Slack's: the template is read, and its function run, by test/docs/slack.test.ts",
    },
  ],
  'docs/numbers.md': [{ has: '/api/numbers', typed: true }],
  'docs/on-call.md': [
    {
      has: 'firebreak-approve',
      suites: [by('test/e2e/aws/cluster-runs.ts', "'approve'"), by('test/e2e/aws/application.ts', "'deny'")],
    },
    { has: '/run-again', suites: [by('test/e2e/cli/console.ts', '/run-again')] },
    { has: 'aws stepfunctions start-execution', typed: true },
    { has: 'aws lambda invoke', typed: true },
  ],
  'docs/signals.md': [
    { has: 'put-metric-alarm', because: "it makes an alarm of an account: local mode's alarms are those of its simulation" },
    { has: 'sns publish', typed: true },
  ],
};
