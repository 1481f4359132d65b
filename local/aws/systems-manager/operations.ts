import * as z from 'zod';
import type { InstanceInformation } from '../../simulation/fleet.ts';
import type { Arns } from '../arns.ts';
import { page } from '../protocol/pagination.ts';
import { operation, type Service, ServiceError } from '../protocol/service.ts';
import type { Folder } from '../store.ts';
import { type CommandDependencies, runCommand } from './commands.ts';
import { contentOf } from './documents.ts';
import { type OpsItem, opsItems } from './ops-items.ts';

const Paged = z.object({ MaxResults: z.number().int().min(1).max(50).default(50), NextToken: z.string().optional() });
const Filter = z
  .object({
    Key: z.string().optional(),
    key: z.string().optional(),
    Values: z.array(z.string()).optional(),
    valueSet: z.array(z.string()).optional(),
  })
  .transform(({ Key, key, Values, valueSet }) => ({ key: Key ?? key ?? '', values: Values ?? valueSet ?? [] }));
const Named = z.object({ Name: z.string() });
const Decrypted = { WithDecryption: z.boolean().default(false) };

/** What Parameter Store holds, by name. */
export interface ParameterStore {
  parameters: Readonly<Record<string, string>>;
  /** Of the type SecureString: told only to who asks with decryption. */
  secrets: Readonly<Record<string, string>>;
}

/** Systems Manager, JSON 1.1: Run Command, hosts, documents, tickets, and parameters to read. Not here: Automation, sessions, patches. */
export function systemsManager(deps: CommandDependencies & { arns: Arns; items: Folder<OpsItem> } & ParameterStore): Service {
  const { documents, parameters, secrets, arns, clock } = deps;
  const documentNamed = (name: string) => {
    const document = documents.get(name);
    if (!document) throw new ServiceError('InvalidDocument', `Document with name ${name} does not exist.`);
    return document;
  };
  const parameterNamed = (name: string, decrypt: boolean) => {
    const [Type, value] = Object.hasOwn(secrets, name) ? ['SecureString', secrets[name]] : ['String', own(parameters, name)];
    if (value === undefined) return undefined;
    const Value = Type === 'SecureString' && !decrypt ? ENCRYPTED : value;
    return { Name: name, Type, Value, Version: 1, ARN: arns.parameter(name) };
  };
  const identity = (name: string) => ({
    Name: name,
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
    DocumentVersion: '1',
    SchemaVersion: '2.2',
    PlatformTypes: ['Linux'],
    Owner: 'Self',
  });

  return {
    operations: {
      ...runCommand(deps),
      ...opsItems(deps),
      DescribeInstanceInformation: operation(
        Paged.extend({ Filters: z.array(Filter).default([]), InstanceInformationFilterList: z.array(Filter).default([]) }),
        ({ Filters, InstanceInformationFilterList, MaxResults, NextToken }) => {
          const filters = [...Filters, ...InstanceInformationFilterList];
          const found = deps.fleet
            .instances()
            .filter((host) => filters.every(({ key, values }) => values.includes(attributeOf(host, key))));
          const { items, next } = page(found, MaxResults, NextToken);
          return { InstanceInformationList: items.map((host) => described(host, clock.now())), NextToken: next };
        },
      ),
      ListDocuments: operation(Paged, ({ MaxResults, NextToken }) => {
        const { items, next } = page([...documents.keys()].sort(), MaxResults, NextToken);
        return { DocumentIdentifiers: items.map(identity), NextToken: next };
      }),
      DescribeDocument: operation(Named, ({ Name }) => {
        const { description, parameters: declared } = contentOf(documentNamed(Name));
        const list = Object.entries(declared).map(([name, { type, description: said }]) => ({
          Name: name,
          Type: type,
          Description: said,
        }));
        return { Document: { ...identity(Name), Status: 'Active', Description: description, Parameters: list } };
      }),
      GetDocument: operation(Named, ({ Name }) => {
        const { content } = documentNamed(Name);
        return { ...identity(Name), Status: 'Active', Content: JSON.stringify(content, null, 2) };
      }),
      GetParameter: operation(Named.extend(Decrypted), ({ Name, WithDecryption }) => {
        const parameter = parameterNamed(Name, WithDecryption);
        if (!parameter) throw new ServiceError('ParameterNotFound', `Parameter ${Name} not found.`);
        return { Parameter: parameter };
      }),
      GetParameters: operation(z.object({ Names: z.array(z.string()), ...Decrypted }), ({ Names, WithDecryption }) => ({
        Parameters: Names.map((name) => parameterNamed(name, WithDecryption)).filter((parameter) => parameter !== undefined),
        InvalidParameters: Names.filter((name) => !parameterNamed(name, false)),
      })),
    },
  };
}

/** In place of what only KMS could read. */
const ENCRYPTED = 'AQICAHjEncryptedInLocalModeToo';

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function attributeOf(host: InstanceInformation, key: string): string {
  if (key === 'InstanceIds') return host.instanceId;
  if (key === 'PingStatus') return host.pingStatus;
  if (key === 'AgentVersion') return host.agentVersion;
  if (key.startsWith('tag:')) return host.tags[key.slice('tag:'.length)] ?? '';
  throw new ServiceError('InvalidFilterKey', `local mode has no filter by ${key}`);
}

function described(host: InstanceInformation, now: Date) {
  return {
    InstanceId: host.instanceId,
    PingStatus: host.pingStatus,
    LastPingDateTime: host.pingStatus === 'Online' ? now : undefined,
    AgentVersion: host.agentVersion,
    IsLatestVersion: true,
    PlatformType: 'Linux',
    ResourceType: host.instanceId.startsWith('mi-') ? 'ManagedInstance' : 'EC2Instance',
    IPAddress: host.ipAddress,
    ComputerName: host.computerName,
  };
}
