import { expect, it } from 'vitest';
import { approvalsSection } from '../../../functions/console/pages/approvals.ts';
import { Room } from '../../../functions/console/pages/room.ts';

const asked = (id: string) => ({
  id,
  incidentId: 'ONE',
  run: 1,
  pass: 1,
  step: 'remove',
  title: 'Remove it',
  question: 'Remove it? because',
  items: [],
  until: '2026-10-04T03:44:00.000Z',
  askedAt: '2026-10-04T03:14:00.000Z',
  decision: null,
  decidedBy: null,
  decidedAt: null,
  reason: '',
  notBy: null,
});

it('names a question by itself, so that no live update makes the button of one answer the next', () => {
  const form = (id: string) => String(approvalsSection('ONE', [asked(id)], 'Ada', new Room(10_000)));
  expect(form('ONE.a')).toContain('<form class="card ask form" id="ask-ONE.a" method="post" action="/approvals/ONE.a">');
  expect(form('ONE.b')).not.toContain('ask-ONE.a');
});
