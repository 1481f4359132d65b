import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelCommandCommand,
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetDocumentCommand,
  GetParameterCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  ListDocumentsCommand,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HostFleet } from '../../../local/simulation/fleet.ts';
import { eventually, fakeFleet, finished, localAws } from './local-aws.ts';

const ONLINE = 'i-0a1b2c3d4e5f60718';
const AWAY = 'i-0a1b2c3d4e5f60719';
const content = {
  schemaVersion: '2.2',
  description: 'Deletes logs past their retention',
  parameters: {
    olderThanDays: { type: 'String', allowedPattern: '^[0-9]{1,3}$', interpolationType: 'ENV_VAR', description: 'in days' },
    mode: { type: 'String', allowedValues: ['show', 'delete'], default: 'show', interpolationType: 'ENV_VAR' },
  },
  mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { timeoutSeconds: '120', runCommand: ['true'] } }],
};
const documents = new Map([['firebreak-delete-old-logs', { content, script: 'the script' }]]);
const DocumentName = 'firebreak-delete-old-logs';
const Parameters = { olderThanDays: ['7'] };

const send = async (ssm: SSMClient, more: object = {}) =>
  (await ssm.send(new SendCommandCommand({ DocumentName, InstanceIds: [ONLINE], Parameters, ...more }))).Command?.CommandId ?? '';
const invocation = (ssm: SSMClient, CommandId: string, InstanceId = ONLINE) =>
  ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
const over = (ssm: SSMClient, CommandId: string, InstanceId = ONLINE) =>
  eventually(
    () => invocation(ssm, CommandId, InstanceId),
    ({ Status = '' }) => !['Pending', 'InProgress', 'Cancelling'].includes(Status),
  );
/** A script that runs until it is ended. */
const endless: HostFleet['run'] = (_id, _script, _environment, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve({ exitCode: 143, stdout: 'half', stderr: '' })));

describe('a command', () => {
  test('runs the script of its document on the host, with its parameters in the environment', async () => {
    const calls: unknown[] = [];
    const run: HostFleet['run'] = async (id, script, environment) => {
      calls.push([id, script, environment]);
      return { exitCode: 3, stdout: 'x'.repeat(30_000), stderr: 'e'.repeat(9_000) };
    };
    const { ssm } = await localAws({ documents, fleet: fakeFleet(run) });
    const ended = await over(ssm, await send(ssm, { Comment: 'c'.repeat(100) }));
    expect(calls).toEqual([[ONLINE, 'the script', { SSM_olderThanDays: '7', SSM_mode: 'show' }]]);
    expect(ended).toMatchObject({ Status: 'Failed', StatusDetails: 'Failed', ResponseCode: 3, PluginName: 'run', DocumentName });
    expect(ended.StandardOutputContent).toHaveLength(24_000);
    expect(ended.StandardErrorContent).toHaveLength(8_000);
    expect(ended.ExecutionEndDateTime).toBe('2026-10-04T03:14:00.000Z');
  });

  test('is refused by name: parameters, document, host, comment', async () => {
    const { ssm } = await localAws({ documents });
    const refused = async (more: object, name: string, message = '') =>
      expect(send(ssm, more)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    await refused({ Parameters: { olderThanDays: ['7; rm -rf /'] } }, 'InvalidParameters', '"olderThanDays"');
    await refused({ Parameters: { olderThanDays: ['7'], mode: ['burn'] } }, 'InvalidParameters', '"mode"');
    await refused({ Parameters: {} }, 'InvalidParameters', 'required');
    await refused({ Parameters: { ...Parameters, other: ['x'] } }, 'InvalidParameters', '"other"');
    await refused({ DocumentName: 'nothing' }, 'InvalidDocument');
    await refused({ InstanceIds: ['i-00000000000000000'] }, 'InvalidInstanceId', 'i-00000000000000000');
    await refused({ Comment: 'c'.repeat(101) }, 'ValidationException', 'Comment');
    await expect(invocation(ssm, '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      name: 'InvocationDoesNotExist',
    });
  });

  test('by a tag that no host has ends as Success, as on AWS; by a tag that fits it reaches the hosts', async () => {
    const { ssm } = await localAws({ documents });
    const byTag = (value: string) => send(ssm, { InstanceIds: [], Targets: [{ Key: 'tag:firebreak:system', Values: [value] }] });
    const nobody = await byTag('nobody');
    const { Commands } = await ssm.send(new ListCommandsCommand({ CommandId: nobody }));
    expect(Commands?.[0]).toMatchObject({ Status: 'Success', TargetCount: 0 });
    const listed = await ssm.send(new ListCommandInvocationsCommand({ CommandId: await byTag('sira') }));
    expect(listed.CommandInvocations?.map(({ InstanceId }) => InstanceId)).toEqual([ONLINE, AWAY]);
  });

  test('to a host that is away stays pending until its time is over, or until the host is back', async () => {
    const fleet = fakeFleet(async () => finished('hello'));
    const { ssm, clock } = await localAws({ documents, fleet });
    const lost = await send(ssm, { InstanceIds: [AWAY], TimeoutSeconds: 30 });
    clock.leap(29_000);
    expect(await invocation(ssm, lost, AWAY)).toMatchObject({ Status: 'Pending', ResponseCode: -1 });
    clock.leap(1_000);
    expect(await over(ssm, lost, AWAY)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' });

    const patient = await send(ssm, { InstanceIds: [AWAY], TimeoutSeconds: 30 });
    for (const host of fleet.hosts) host.pingStatus = 'Online';
    expect(await over(ssm, patient, AWAY)).toMatchObject({ Status: 'Success', StandardOutputContent: 'hello' });
  });

  test('that is cancelled ends its script', async () => {
    const { ssm } = await localAws({ documents, fleet: fakeFleet(endless) });
    const CommandId = await send(ssm);
    await eventually(
      () => invocation(ssm, CommandId),
      ({ Status }) => Status === 'InProgress',
    );
    await ssm.send(new CancelCommandCommand({ CommandId }));
    expect(await over(ssm, CommandId)).toMatchObject({ Status: 'Cancelled', StandardOutputContent: 'half' });
    const strange = ssm.send(new CancelCommandCommand({ CommandId: '00000000-0000-4000-8000-000000000000' }));
    await expect(strange).rejects.toMatchObject({ name: 'InvalidCommandId' });
  });

  test('that runs longer than its document allows, by the clock, is ended', async () => {
    const { ssm, clock } = await localAws({ documents, fleet: fakeFleet(endless) });
    const CommandId = await send(ssm);
    await eventually(
      () => invocation(ssm, CommandId),
      ({ Status }) => Status === 'InProgress',
    );
    clock.leap(120_000);
    expect(await over(ssm, CommandId)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'ExecutionTimedOut',
      ResponseCode: 137,
    });
  });

  test('is known after a restart; of one that ran then nobody knows the result, and its script was ended', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-aws-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    let ended = 0;
    const fleet = fakeFleet(async (...call) => {
      const result = await endless(...call);
      ended += 1;
      return result;
    });
    const first = await localAws({ dataDir, documents, fleet });
    const running = await send(first.ssm, { Comment: 'ran' });
    await eventually(
      () => invocation(first.ssm, running),
      ({ Status }) => Status === 'InProgress',
    );
    const waiting = await send(first.ssm, { InstanceIds: [AWAY], Comment: 'waited' });
    await first.stop();
    expect(ended).toBe(1);

    const back = fakeFleet(async () => finished('delivered'));
    for (const host of back.hosts) host.pingStatus = 'Online';
    const { ssm } = await localAws({ dataDir, documents, fleet: back });
    expect(await invocation(ssm, running)).toMatchObject({ Status: 'Failed', ResponseCode: -1 });
    expect((await invocation(ssm, running)).StandardErrorContent).toContain('not known');
    expect(await over(ssm, waiting, AWAY)).toMatchObject({ Status: 'Success', StandardOutputContent: 'delivered' });
    const { Commands } = await ssm.send(new ListCommandsCommand({ Filters: [{ key: 'DocumentName', value: DocumentName }] }));
    expect(Commands?.map(({ Comment }) => Comment).sort()).toEqual(['ran', 'waited']);
  });
});

test('hosts are found by tag, id and ping status, page by page', async () => {
  const { ssm } = await localAws();
  const find = async (...Filters: { Key: string; Values: string[] }[]) =>
    (await ssm.send(new DescribeInstanceInformationCommand({ Filters }))).InstanceInformationList?.map(
      ({ InstanceId }) => InstanceId,
    );
  const tag = { Key: 'tag:firebreak:system', Values: ['sira'] };
  expect(await find(tag)).toEqual([ONLINE, AWAY]);
  expect(await find(tag, { Key: 'PingStatus', Values: ['Online'] })).toEqual([ONLINE]);
  expect(await find({ Key: 'InstanceIds', Values: [AWAY] })).toEqual([AWAY]);
  expect(await find({ Key: 'tag:firebreak:system', Values: ['nobody'] })).toEqual([]);
  await expect(find({ Key: 'Colour', Values: ['red'] })).rejects.toMatchObject({ name: 'InvalidFilterKey' });
  const page = await ssm.send(new DescribeInstanceInformationCommand({ MaxResults: 5 }));
  expect(page.NextToken).toBeUndefined();
  expect(page.InstanceInformationList?.[0]).toMatchObject({
    ComputerName: 'sira-prod-1',
    AgentVersion: '3.3.2746.0',
    PlatformType: 'Linux',
  });
});

test('documents and parameters can be read', async () => {
  const { ssm } = await localAws({
    documents,
    parameters: { '/firebreak/url': 'http://x' },
    secrets: { '/sira/mistral-api-key': 'open sesame' },
  });
  const { DocumentIdentifiers } = await ssm.send(new ListDocumentsCommand({}));
  expect(DocumentIdentifiers?.map(({ Name }) => Name)).toEqual([DocumentName]);
  const described = await ssm.send(new DescribeDocumentCommand({ Name: DocumentName }));
  expect(described.Document?.Parameters?.map(({ Name }) => Name)).toEqual(['olderThanDays', 'mode']);
  const document = await ssm.send(new GetDocumentCommand({ Name: DocumentName }));
  expect(JSON.parse(document.Content ?? '')).toEqual(content);
  await expect(ssm.send(new GetDocumentCommand({ Name: 'nothing' }))).rejects.toMatchObject({ name: 'InvalidDocument' });
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/firebreak/url' }));
  expect(Parameter?.Value).toBe('http://x');
  const key = { Name: '/sira/mistral-api-key' };
  expect((await ssm.send(new GetParameterCommand({ ...key, WithDecryption: true }))).Parameter).toMatchObject({
    Type: 'SecureString',
    Value: 'open sesame',
  });
  expect((await ssm.send(new GetParameterCommand(key))).Parameter?.Value).not.toContain('sesame');
  await expect(ssm.send(new GetParameterCommand({ Name: 'none' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
});
