import * as z from 'zod';
import { operation, type Service } from '../protocol/service.ts';
import type { Bus } from './bus.ts';

const Entry = z.object({
  Source: z.string().default(''),
  DetailType: z.string().default(''),
  Detail: z.string().default(''),
  Resources: z.array(z.string()).default([]),
  /** Seconds since 1970. */
  Time: z.number().optional(),
  /** A name, or an ARN that ends in it. */
  EventBusName: z.string().default('default'),
});

/**
 * EventBridge, JSON 1.1: PutEvents. Not here: rules of one's own, archives, schemas.
 * @param buses by name
 */
export function eventBridge(buses: Readonly<Record<string, Bus>>): Service {
  return {
    operations: {
      PutEvents: operation(z.object({ Entries: z.array(Entry).min(1).max(10) }), ({ Entries }) => {
        const answers = Entries.map((entry) => put(buses, entry));
        return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
      }),
    },
  };
}

function put(
  buses: Readonly<Record<string, Bus>>,
  entry: z.output<typeof Entry>,
): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
  const name = entry.EventBusName.replace(/^.*\//, '');
  const bus = Object.hasOwn(buses, name) ? buses[name] : undefined;
  if (!bus) return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${name} does not exist.` };
  // Nobody but AWS speaks as AWS: a rule for its events can't be fooled.
  if (entry.Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: `Not authorized for the source ${entry.Source}.` };
  if (entry.Source === '' || entry.DetailType === '' || entry.Detail === '')
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter Source, DetailType or Detail is not valid. Reason: it is required.',
    };
  const detail = objectOf(entry.Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = entry.Time === undefined ? {} : { time: new Date(entry.Time * 1_000) };
  const event = bus.emit({ source: entry.Source, 'detail-type': entry.DetailType, resources: entry.Resources, detail, ...time });
  return { EventId: event.id };
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
