import { expect, test } from 'vitest';
import { person } from '../../../../functions/incident/actor.ts';
import { found, provoked } from '../provoked.ts';

provoked([
  [
    'mode-observe',
    'note',
    'never acts',
    'firebreak-promote',
    { modes: [{ runbook: 'sira/disk-space-low', title: 'x', mode: 'observe', settings: [] }] },
  ],
  [
    'mode-ask',
    'note',
    'all was set so by Ada on 2026-10-04: a drill',
    'firebreak-promote',
    {
      modes: [
        {
          runbook: 'sira/disk-space-low',
          title: 'x',
          mode: 'ask',
          settings: [
            { scope: 'all', mode: 'ask', until: null, reason: 'a drill', by: person('Ada'), at: '2026-10-04T03:14:00.000Z' },
          ],
        },
      ],
    },
  ],

  [
    'unseen-denied',
    'error',
    'it is not allowed',
    'Allow sns:ListTopics',
    {
      topics: undefined,
      unseen: [
        { question: 'which topics there are', permission: 'sns:ListTopics', kind: 'denied', why: 'User is not authorized' },
      ],
    },
  ],
]);

test('what could not be seen for one reason is one finding, with everything that it needs', () => {
  const denied = (permission: string, question: string) => ({
    permission,
    question,
    kind: 'denied' as const,
    why: 'User is not authorized',
  });
  const [finding, ...more] = found({
    topics: undefined,
    alarms: undefined,
    unseen: [denied('sns:ListTopics', 'which topics there are'), denied('cloudwatch:DescribeAlarms', 'which alarms there are')],
  });
  expect(more).toEqual([]);
  expect(finding?.what).toContain('Not seen: which topics there are and which alarms there are.');
  expect(finding?.fix).toContain('Allow sns:ListTopics and cloudwatch:DescribeAlarms');
});
