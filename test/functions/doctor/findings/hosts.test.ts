import { provoked } from '../provoked.ts';
import { agent, HOST, system } from '../well.ts';

provoked([
  [
    'host-unknown',
    'error',
    'does not know this instance',
    'AmazonSSMManagedInstanceCore',
    { systems: system({}, { tagged: [], known: [], readiness: new Map() }) },
  ],
  [
    'host-untagged',
    'error',
    'does not carry the tag firebreak:system=sira',
    'Key=firebreak:system,Value=sira',
    { systems: system({}, { tagged: [], readiness: new Map() }) },
  ],
  [
    'host-offline',
    'error',
    'ConnectionLost',
    'amazon-ssm-agent',
    { systems: system({}, { tagged: [{ ...agent, online: false, ping: 'ConnectionLost' }] }) },
  ],
  [
    'agent-old',
    'error',
    '3.2.582.0',
    'AWS-UpdateSSMAgent',
    { systems: system({}, { tagged: [{ ...agent, version: '3.2.582.0' }] }) },
  ],
  [
    'host-unlisted',
    'warning',
    'none of the hosts of sira',
    'ec2 delete-tags',
    { systems: system({}, { tagged: [agent, { ...agent, instanceId: 'i-0aaaaaaaaaaaaaaaa' }] }) },
  ],
  [
    'host-mute',
    'error',
    'bash 4.2 is older than 4.4',
    '/var/log/amazon/ssm',
    { systems: system({}, { readiness: new Map([[HOST, { error: 'bash 4.2 is older than 4.4' }]]) }) },
  ],
]);
