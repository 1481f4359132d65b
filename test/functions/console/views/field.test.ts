import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fieldsOf, parametersOf } from '../../../../functions/console/views/field.ts';

const parameters = z.toJSONSchema(
  z.strictObject({
    freeAtLeast: z.number().min(20).max(90).default(25).describe('Free space to reach, in percent'),
    keepDays: z.int().min(1).default(7),
    force: z.boolean().default(false),
    service: z.enum(['backend', 'nginx']).default('backend'),
    folders: z.array(z.string()).default(['/a', '/b']),
    mount: z.string(),
  }),
  { io: 'input' },
);

describe('the fields of a form', () => {
  it('are what the JSON Schema of the parameters says', () => {
    expect(fieldsOf({ parameters })).toMatchObject([
      {
        name: 'freeAtLeast',
        label: 'Free at least',
        kind: 'number',
        standard: '25',
        min: 20,
        max: 90,
        description: 'Free space to reach, in percent',
      },
      { name: 'keepDays', kind: 'number', min: 1, max: null },
      { name: 'force', kind: 'choice', choices: ['true', 'false'], standard: 'false' },
      { name: 'service', kind: 'choice', choices: ['backend', 'nginx'] },
      { name: 'folders', kind: 'list', standard: '/a, /b' },
      { name: 'mount', kind: 'text', required: true, standard: '' },
    ]);
  });

  it('give parameters of their types, and leave out what was left empty', () => {
    const typed: Record<string, string> = {
      freeAtLeast: '30.5',
      keepDays: 'x',
      force: 'true',
      folders: '/c, /d\n/e',
      mount: ' ',
    };
    expect(parametersOf({ parameters }, (name) => typed[name] ?? '')).toEqual({
      freeAtLeast: 30.5,
      keepDays: 'x',
      force: true,
      folders: ['/c', '/d', '/e'],
    });
  });
});
