import * as z from 'zod';
import { redact, redactAll } from '../../run-step/redact.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * Whoever can raise an alarm can send megabytes: everything that is kept has a bound. In UTF-16 units.
 * Whoever wrote its rule may have put a connection string into it: secrets are hidden before the cut, which could leave half of one.
 */
const PAYLOAD = 4_000;
const SUMMARY = 1_000;
const LABEL_NAME = 128;
const LABEL_VALUE = 1_000;
const LABELS = 64;
/** Two names of this length and a system's id stay below the 2,048 bytes of a DynamoDB partition key. */
const NAME = 200;
const SOURCE_ID = 512;
const URL_LENGTH = 2_000;
const Labels = z.record(z.string(), z.string());

/** Cut to `most`, without half a character at the end. */
function cut(text: string, most: number): string {
  return (text.length > most ? `${text.slice(0, most - 1)}…` : text).toWellFormed();
}

/** A name that is part of a key. A long one keeps its start and gets a hash of the whole, so that two stay two. */
function keyed(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  return `${text.slice(0, most - 17)}~${fingerprint({ text })}`.toWellFormed();
}

export const boundedName = (text: string): string => keyed(redact(text), NAME);
export const boundedSourceId = (text: string): string => keyed(text, SOURCE_ID);
export const summary = (text: string): string => cut(redact(text).trim(), SUMMARY);

/** At most 64 labels. That some were left out is a label too, so that nobody looks for them in vain. */
export function boundedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const all = Object.entries(Labels.parse(redactAll(labels)));
  const kept = all.slice(0, LABELS).map(([name, value]) => [cut(name, LABEL_NAME), cut(value, LABEL_VALUE)] as const);
  const note: [string, string][] = all.length > LABELS ? [['labels left out', String(all.length - LABELS)]] : [];
  return Object.fromEntries([...kept, ...note]);
}

/** What a page shows of a message, with a note of how much was cut. */
export function payload(original: string): string {
  const text = redact(original);
  if (text.length <= PAYLOAD) return text.toWellFormed();
  const note = `\n… (${text.length - PAYLOAD + 60} of ${text.length} characters cut)`;
  return `${text.slice(0, PAYLOAD - 60)}${note}`.toWellFormed();
}

/** The address of a page, or nothing: anything but http and https could be a script. */
export function webAddress(text: string | undefined): string | undefined {
  if (!text || text.length > URL_LENGTH || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? redact(url.href) : undefined;
}
