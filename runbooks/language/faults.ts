import type * as z from 'zod';

/** What is wrong with something that was given: which field, and what was expected there. */
export interface Fault {
  path: PropertyKey[];
  message: string;
}

/** The issues of a schema, said for whoever wrote what it read. */
export function faultsIn(issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue) => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((name) => ({ path: [...path, name], message: 'there is no such field' }));
    if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    return [{ path, message: said(issue) }];
  });
}

function said(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return `expected ${issue.expected === 'record' ? 'an object' : issue.expected}${issue.message.includes('undefined') ? ', got nothing' : ''}`;
  if (issue.code === 'invalid_format' && !issue.message.startsWith('expected'))
    return `expected ${issue.format === 'regex' ? `text that fits ${issue.pattern}` : issue.format}`;
  return issue.message.replace(/^Invalid input: /, '').replace(/^E/, 'e');
}
