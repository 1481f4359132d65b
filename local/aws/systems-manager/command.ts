import * as z from 'zod';

const Time = z.iso.datetime();

export const InvocationStatus = z.enum(['Pending', 'InProgress', 'Cancelling', 'Success', 'Failed', 'TimedOut', 'Cancelled']);
export type InvocationStatus = z.infer<typeof InvocationStatus>;

/** A command on one host. */
export const Invocation = z.object({
  instanceId: z.string(),
  status: InvocationStatus,
  /** Says more than the status: `DeliveryTimedOut`, `ExecutionTimedOut`. */
  details: z.string(),
  /** The script's exit code, or -1 while and where there is none. */
  responseCode: z.number().int(),
  stdout: z.string(),
  stderr: z.string(),
  startedAt: Time.optional(),
  endedAt: Time.optional(),
});
export type Invocation = z.infer<typeof Invocation>;

export const Command = z.object({
  id: z.string(),
  document: z.string(),
  comment: z.string(),
  parameters: z.record(z.string(), z.array(z.string())),
  environment: z.record(z.string(), z.string()),
  targets: z.array(z.object({ Key: z.string(), Values: z.array(z.string()) })),
  instanceIds: z.array(z.string()),
  /** How long it may take until a host has it, in seconds of the clock. */
  timeoutSeconds: z.number(),
  requestedAt: Time,
  expiresAt: Time,
  invocations: z.array(Invocation),
});
export type Command = z.infer<typeof Command>;

const OVER: readonly InvocationStatus[] = ['Success', 'Failed', 'TimedOut', 'Cancelled'];

export function isOver(invocation: Invocation): boolean {
  return OVER.includes(invocation.status);
}

/** What becomes of a command as a whole. Without any target it is a success, as it is on AWS. */
export function commandStatus({ invocations }: Command): InvocationStatus {
  const has = (status: InvocationStatus) => invocations.some((invocation) => invocation.status === status);
  if (!invocations.every(isOver)) {
    if (has('Cancelling')) return 'Cancelling';
    return invocations.every((invocation) => invocation.status === 'Pending') ? 'Pending' : 'InProgress';
  }
  return (['Failed', 'TimedOut', 'Cancelled'] as const).find(has) ?? 'Success';
}
