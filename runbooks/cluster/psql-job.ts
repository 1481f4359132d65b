import * as z from 'zod';
import { databaseWord } from '../commands/parameters.ts';
import type { ClusterRule } from '../language/cluster.ts';
import { dataKey, imageName, objectName } from './parameters.ts';

/** Which database is asked, and from which Secret the Job takes how. Only names of things: no value of the Secret is among them. */
export const Database = z.object({
  database: databaseWord,
  secret: objectName,
  hostKey: dataKey,
  userKey: dataKey,
  passwordKey: dataKey,
  image: imageName,
});
export type Database = z.output<typeof Database>;

/** SQL that is always the same, and what psql puts into it where it says `:'name'`: quoted, so it stays a value. */
export interface Question {
  statements: string;
  variables: Readonly<Record<string, string>>;
}

export const CONTAINER = 'psql';
/** The Job may run for so long, waiting for a node and its image included. Less than the step waits for it: nothing runs late. */
export const ACTIVE_SECONDS = 75;
/** One that nobody reads, because its reader crashed, is gone this long after its end. */
const KEPT_SECONDS = 300;
const CONNECT_SECONDS = 5;
/** Neither root nor anybody: psql needs no home. */
const NOBODY = 65_534;

/**
 * psql reads its statements, because in `-c` it puts in no variables. They come in through the environment, so the shell's words
 * are always the same. `-X`: no file of the image's; `-w`: it never waits for a password to be typed.
 */
const SCRIPT = `printf '%s\\n' "$STATEMENTS" | psql -X -q -w -A -t -v ON_ERROR_STOP=1`;

/** What a step needs that asks in this way. Kubernetes knows no names at a creation; the Job's is made of the step's key. */
export const psqlRights = (): readonly ClusterRule[] => [
  { group: 'batch', resource: 'jobs', verbs: ['get', 'create', 'delete'] },
  { group: '', resource: 'pods', verbs: ['list'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
];

/** Long enough for one try in the API, and the deletion after it. */
export const PSQL_TIMEOUT = '2m';

/** The label by which the Job's pod is found again. */
export const jobLabel = (name: string) => `firebreak.dev/job=${name}`;
/** Which step it is of: a name is only a hash. */
export const STEP = 'firebreak.dev/step';

/** The Job that asks, as it is given to the API. Its pod has no right in the cluster, and none on its node. */
export function psqlJob(name: string, step: string, database: Database, question: Question): Record<string, unknown> {
  const [label = '', value = ''] = jobLabel(name).split('=');
  const labels = { 'app.kubernetes.io/managed-by': 'firebreak', [label]: value };
  return {
    metadata: { name, labels, annotations: { [STEP]: step } },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: ACTIVE_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 5,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: NOBODY,
            runAsGroup: NOBODY,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container(database, question)],
        },
      },
    },
  };
}

function container(database: Database, { statements, variables }: Question) {
  const flags = Object.keys(variables).map((variable) => ` -v ${variable}="$${environmentName(variable)}"`);
  return {
    name: CONTAINER,
    image: database.image,
    command: ['sh', '-c', `${SCRIPT}${flags.join('')}`],
    env: [
      fromSecret('PGHOST', database.secret, database.hostKey),
      fromSecret('PGUSER', database.secret, database.userKey),
      fromSecret('PGPASSWORD', database.secret, database.passwordKey),
      { name: 'PGDATABASE', value: database.database },
      { name: 'PGAPPNAME', value: 'firebreak' },
      { name: 'PGCONNECT_TIMEOUT', value: String(CONNECT_SECONDS) },
      { name: 'STATEMENTS', value: statements },
      ...Object.entries(variables).map(([variable, value]) => ({ name: environmentName(variable), value })),
    ],
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

const fromSecret = (name: string, secret: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});

/** `idleSeconds` is `ASKED_IDLESECONDS` there: no name that a program may know already. */
const environmentName = (variable: string) => `ASKED_${variable.toUpperCase()}`;
