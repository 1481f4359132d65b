import type { HonoRequest } from 'hono';
import { invalid } from './rejected.ts';

/** What was sent, as JSON or as a form; nothing sent is an empty object. It is checked by whoever uses it. */
export async function bodyOf(request: HonoRequest): Promise<unknown> {
  if (request.header('content-type')?.includes('form')) return formOf(request);
  const text = await request.text();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('body', 'JSON', 'the body is not JSON');
  }
}

/** The fields of a form as text. A field that stands twice is its last. */
export async function formOf(request: HonoRequest): Promise<Record<string, string>> {
  const form = await request.parseBody();
  return Object.fromEntries(Object.entries(form).filter((field): field is [string, string] => typeof field[1] === 'string'));
}
