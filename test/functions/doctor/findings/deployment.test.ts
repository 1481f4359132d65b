import { deployment } from '../../../../runbooks/language/deployment.ts';
import { names } from '../../../../runbooks/language/names.ts';
import { provoked } from '../provoked.ts';
import { GIVEN, registry, well } from '../well.ts';

const documents = well().documents ?? [];

provoked([
  [
    'not-deployed',
    'error',
    'no Firebreak with the prefix firebreak',
    'run deploy',
    { configured: null, machines: [], topics: [], documents: [] },
  ],
  ['function-missing', 'error', 'no alarm is heard', 'run deploy', { configured: null }],
  [
    'not-as-given',
    'warning',
    'https://old.example.com',
    'run deploy',
    { configured: { account: '1', region: 'r', defaultMode: 'auto', consoleUrl: 'https://old.example.com' } },
  ],
  [
    'placeholder',
    'error',
    'hosts, urls and certificate are still placeholders',
    'systems.sira',
    { given: deployment({ systems: { sira: { contacts: GIVEN.systems.sira.contacts } } }, registry.systems), topics: undefined },
  ],
  [
    'state-machine-missing',
    'error',
    'firebreak-sira-disk-space-low',
    'run deploy',
    { machines: registry.runbooks.map(({ id }) => names().stateMachine(id)).filter((name) => !name.includes('disk-space-low')) },
  ],
  [
    'document-missing',
    'error',
    'disk-usage has no document',
    'run deploy',
    { documents: documents.filter((name) => !name.includes('-disk-usage')) },
  ],
  [
    'document-differs',
    'warning',
    'the scripts of disk-usage',
    'run deploy',
    { documents: documents.map((name) => name.replace(/(-disk-usage-)[0-9a-f]{8}/, '$100000000')) },
  ],
  ['table-missing', 'error', 'no incident can be opened', 'run deploy', { table: null }],
  [
    'table-unprotected',
    'warning',
    'deleted by mistake',
    '--deletion-protection-enabled',
    { table: { deletionProtection: false, pointInTimeRecovery: true } },
  ],
  [
    'table-without-recovery',
    'warning',
    'point-in-time recovery',
    'update-continuous-backups',
    { table: { deletionProtection: true, pointInTimeRecovery: false } },
  ],
]);
