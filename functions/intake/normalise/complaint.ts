import type * as z from 'zod';
import { redact } from '../../run-step/redact.ts';

/**
 * What is wrong with a message, in a sentence for a person: the field by its path, and what was expected there.
 * @param format what it was taken for, such as `a CloudWatch alarm's notification`
 */
export function complaint(format: string, error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return `it looks like ${format}, but cannot be read`;
  const field = onOneLine(issue.path.map(String).join('.')).slice(0, 200) || 'the message';
  return `it looks like ${format}, but "${field}" is wrong: ${issue.message.slice(0, 300)}`;
}

/** A value from outside, inside a sentence. On one line, so that it cannot forge another in a mail. */
export function quoted(text: string): string {
  const line = onOneLine(redact(text));
  return `"${line.length > 80 ? `${line.slice(0, 80)}…` : line}"`.toWellFormed();
}

function onOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ');
}
