import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import type { HostFleet, InstanceInformation } from '../../simulation/fleet.ts';
import { page } from '../protocol/pagination.ts';
import { operation, type Service, ServiceError } from '../protocol/service.ts';
import type { Folder } from '../store.ts';
import type { Agents } from './agents.ts';
import { type Command, commandStatus, type Invocation } from './command.ts';
import { contentOf, environment, type SsmDocument } from './documents.ts';

export interface CommandDependencies {
  clock: Clock;
  fleet: HostFleet;
  documents: ReadonlyMap<string, SsmDocument>;
  commands: Folder<Command>;
  agents: Agents;
  ids: () => string;
}

const Target = z.object({ Key: z.string(), Values: z.array(z.string()).min(1) });
const SendCommand = z.object({
  DocumentName: z.string(),
  InstanceIds: z.array(z.string()).max(50).default([]),
  Targets: z.array(Target).max(5).default([]),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
  TimeoutSeconds: z.number().int().min(30).max(2_592_000).default(3_600),
  Comment: z.string().max(100).default(''),
});
const Listing = z.object({
  CommandId: z.string().optional(),
  InstanceId: z.string().optional(),
  Filters: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
  MaxResults: z.number().int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});
/** What ListCommandInvocations returns at most of a plug-in's output, in characters. */
const MOST_LISTED_OUTPUT = 2_500;

/** Run Command. Every host of a command begins at once: MaxConcurrency and MaxErrors are not looked at. */
export function runCommand(deps: CommandDependencies): Service['operations'] {
  const { clock, commands, agents, documents } = deps;
  const documentNamed = (name: string) => {
    const document = documents.get(name);
    if (!document) throw new ServiceError('InvalidDocument', `Document with name ${name} does not exist.`);
    return document;
  };
  const commandNamed = (id: string) => {
    const command = commands.get(id);
    if (!command) throw new ServiceError('InvalidCommandId', `The command ${id} does not exist.`);
    return command;
  };
  const newest = (input: z.output<typeof Listing>) => {
    if (input.CommandId !== undefined) commandNamed(input.CommandId);
    const found = commands.all().filter((command) => wanted(command, input));
    return found.sort((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  };

  return {
    SendCommand: operation(SendCommand, (input) => {
      const variables = environment(documentNamed(input.DocumentName), input.Parameters);
      const hosts = targets(deps.fleet.instances(), input);
      const requested = clock.now();
      const command: Command = {
        id: deps.ids(),
        document: input.DocumentName,
        comment: input.Comment,
        parameters: input.Parameters,
        environment: variables,
        targets: input.Targets,
        instanceIds: input.InstanceIds,
        timeoutSeconds: input.TimeoutSeconds,
        requestedAt: requested.toISOString(),
        expiresAt: new Date(requested.getTime() + input.TimeoutSeconds * 1_000).toISOString(),
        invocations: hosts.map(pending),
      };
      commands.put(command.id, command);
      agents.deliver(command);
      return { Command: described(command) };
    }),
    CancelCommand: operation(
      z.object({ CommandId: z.string(), InstanceIds: z.array(z.string()).default([]) }),
      ({ CommandId, InstanceIds }) => agents.cancel(commandNamed(CommandId), InstanceIds),
    ),
    GetCommandInvocation: operation(z.object({ CommandId: z.string(), InstanceId: z.string() }), ({ CommandId, InstanceId }) => {
      const command = commands.get(CommandId);
      const invocation = command?.invocations.find(({ instanceId }) => instanceId === InstanceId);
      if (!command || !invocation)
        throw new ServiceError('InvocationDoesNotExist', `No invocation ${CommandId} on ${InstanceId}.`);
      return { ...summary(command, invocation), ...output(invocation), PluginName: pluginOf(documents, command) };
    }),
    ListCommands: operation(Listing, (input) => {
      const { items, next } = page(newest(input), input.MaxResults, input.NextToken);
      return { Commands: items.map(described), NextToken: next };
    }),
    ListCommandInvocations: operation(Listing.extend({ Details: z.boolean().default(false) }), (input) => {
      const all = newest(input).flatMap((command) =>
        command.invocations
          .filter(({ instanceId }) => input.InstanceId === undefined || instanceId === input.InstanceId)
          .map((invocation) => ({
            ...summary(command, invocation),
            RequestedDateTime: new Date(command.requestedAt),
            CommandPlugins: input.Details ? [plugin(pluginOf(documents, command), invocation)] : [],
          })),
      );
      const { items, next } = page(all, input.MaxResults, input.NextToken);
      return { CommandInvocations: items, NextToken: next };
    }),
  };
}

/** Explicit hosts must exist; by tag, no match is no error: the command then ends as Success. */
function targets(hosts: InstanceInformation[], { InstanceIds, Targets }: z.output<typeof SendCommand>): string[] {
  if (InstanceIds.length === 0 && Targets.length === 0)
    throw new ServiceError('InvalidParameters', 'either InstanceIds or Targets must be given');
  const listed = [...InstanceIds, ...Targets.filter(({ Key }) => Key === 'InstanceIds').flatMap(({ Values }) => Values)];
  const strangers = listed.filter((id) => !hosts.some(({ instanceId }) => instanceId === id));
  if (strangers.length > 0)
    throw new ServiceError('InvalidInstanceId', `Instances [[${strangers.join(', ')}]] not in a valid state for account`);
  const tags = Targets.filter(({ Key }) => Key !== 'InstanceIds');
  const unsupported = tags.find(({ Key }) => !Key.startsWith('tag:'));
  if (unsupported) throw new ServiceError('InvalidTarget', `local mode has no targets by ${unsupported.Key}`);
  if (tags.length === 0) return [...new Set(listed)];
  const tagged = hosts.filter((host) =>
    tags.every(({ Key, Values }) => Values.includes(host.tags[Key.slice('tag:'.length)] ?? '')),
  );
  return [...new Set([...listed, ...tagged.map(({ instanceId }) => instanceId)])];
}

function pending(instanceId: string): Invocation {
  return { instanceId, status: 'Pending', details: 'Pending', responseCode: -1, stdout: '', stderr: '' };
}

function wanted(command: Command, { CommandId, InstanceId, Filters }: z.output<typeof Listing>): boolean {
  if (CommandId !== undefined && command.id !== CommandId) return false;
  if (InstanceId !== undefined && !command.invocations.some(({ instanceId }) => instanceId === InstanceId)) return false;
  return Filters.every(({ key, value }) => {
    if (key === 'DocumentName') return command.document === value;
    if (key === 'Status') return commandStatus(command) === value;
    if (key === 'InvokedAfter') return Date.parse(command.requestedAt) > Date.parse(value);
    if (key === 'InvokedBefore') return Date.parse(command.requestedAt) < Date.parse(value);
    throw new ServiceError('InvalidFilterKey', `local mode has no filter by ${key}`);
  });
}

function pluginOf(documents: ReadonlyMap<string, SsmDocument>, command: Command): string {
  const document = documents.get(command.document);
  return (document && contentOf(document).mainSteps[0]?.name) ?? '';
}

function described(command: Command) {
  const status = commandStatus(command);
  const ended = command.invocations.filter(({ status: one }) => !['Pending', 'InProgress', 'Cancelling'].includes(one));
  return {
    CommandId: command.id,
    DocumentName: command.document,
    Comment: command.comment,
    ExpiresAfter: new Date(command.expiresAt),
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: new Date(command.requestedAt),
    Status: status,
    StatusDetails: status,
    TimeoutSeconds: command.timeoutSeconds,
    TargetCount: command.invocations.length,
    CompletedCount: ended.length,
    ErrorCount: ended.filter(({ status: one }) => one === 'Failed').length,
    DeliveryTimedOutCount: ended.filter(({ details }) => details === 'DeliveryTimedOut').length,
  };
}

function summary(command: Command, invocation: Invocation) {
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.document,
    DocumentVersion: '1',
    Status: invocation.status,
    StatusDetails: invocation.details,
  };
}

/** Its times are text, unlike all others of Systems Manager. */
function output({ responseCode, startedAt = '', endedAt = '', stdout, stderr }: Invocation) {
  return {
    ResponseCode: responseCode,
    ExecutionStartDateTime: startedAt,
    ExecutionEndDateTime: endedAt,
    StandardOutputContent: stdout,
    StandardErrorContent: stderr,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
  };
}

function plugin(Name: string, invocation: Invocation) {
  return {
    Name,
    Status: invocation.status,
    StatusDetails: invocation.details,
    ResponseCode: invocation.responseCode,
    Output: invocation.stdout.slice(0, MOST_LISTED_OUTPUT),
  };
}
