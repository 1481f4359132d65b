import { provoked } from '../provoked.ts';
import { ready, system } from '../well.ts';

const pathIs = (more: object) =>
  system({ paths: ready.paths.map((one) => (one.path === '/backups' ? { ...one, ...more } : one)) });

provoked([
  ['tool-missing', 'warning', 'iostat is not there', 'sysstat', { systems: system({ missingTools: ['iostat'] }) }],
  [
    'tool-missing',
    'error',
    'find and xargs are not there',
    'findutils',
    { systems: system({ missingTools: ['xargs', 'find'] }) },
  ],
  ['tool-not-gnu', 'error', "find is not GNU's", 'coreutils', { systems: system({ notGnu: ['find'] }) }],
  [
    'docker-missing',
    'error',
    'docker is not there',
    'Install Docker',
    { systems: system({ docker: '', compose: 'docker-compose 1.29.2' }) },
  ],
  [
    'docker-silent',
    'error',
    'Cannot connect',
    'systemctl enable --now docker',
    { systems: system({ docker: '', dockerError: 'Cannot connect' }) },
  ],
  [
    'compose-missing',
    'error',
    'neither docker compose nor docker-compose',
    'cli-plugins',
    { systems: system({ compose: '', services: [] }) },
  ],
  [
    'path-missing',
    'error',
    '/backups, the folder of backups, is not there',
    'correct backups',
    { systems: pathIs({ kind: 'missing' }) },
  ],
  ['path-odd', 'error', 'is no folder', 'correct backups', { systems: pathIs({ kind: 'file' }) }],
  [
    'path-closed',
    'error',
    'can not be written to: it belongs to root, mode 755',
    'read-only',
    { systems: pathIs({ writable: false }) },
  ],
  [
    'compose-unreadable',
    'error',
    'variable TAG is not set',
    'cd /srv/sira && sudo docker compose -p sira',
    { systems: system({ composeError: 'variable TAG is not set', services: [] }) },
  ],
  [
    'service-missing',
    'error',
    'no service nginx; it has backend, frontend and db',
    'services',
    { systems: system({ services: ready.services.filter(({ service }) => service !== 'nginx') }) },
  ],
  [
    'container-name',
    'error',
    'not called sira_db_prod: Compose names it (sira-db-1)',
    'container_name',
    { systems: system({ services: ready.services.map((one) => (one.service === 'db' ? { ...one, container: '' } : one)) }) },
  ],
  ['clock-off', 'error', '59 s ahead', 'chronyc', { systems: system({ now: 1_060 }) }],
  ['clock-off', 'error', '99 s behind', 'chronyc', { systems: system({ now: 900 }) }],
  ['markers', 'warning', '/var/lib/firebreak', 'root', { systems: system({ markersWritable: false }) }],
]);
