import { describe, expect, it } from 'vitest';
import { person } from '../../../functions/incident/actor.ts';
import type { Incident } from '../../../functions/incident/incident.ts';
import { broughtUp, noticeDue, openQuestions, type Review } from '../../../functions/incident/review.ts';
import { documentOf, QUESTIONS } from '../../../functions/review/document.ts';
import { factsOf } from '../../../functions/review/facts.ts';
import { reviewMarkdown } from '../../../functions/review/markdown.ts';
import { paragraphs } from '../../../functions/review/paragraphs.ts';
import { reviewRuleOf } from '../../../runbooks/language/system.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { at } from '../aws/table/records.ts';
import { answered, draft, outage, recorded } from './recorded.ts';

const rule = reviewRuleOf(sira);
const documented = (review: Review, incident: Incident = outage) =>
  documentOf({
    incident,
    system: sira,
    owner: 'Engineering lead',
    review,
    facts: factsOf({ ...recorded, incident }, sira, review.answers),
  });

describe('a review', () => {
  it('has a place for all that both pages ask for', () => {
    expect(documented(draft).sections.map(({ title }) => title)).toEqual([
      'Summary',
      'Timeline',
      'Impact',
      'Root cause',
      'Resolution',
      'Action items',
      'Learnings to share',
    ]);
  });

  it('marks what nobody has answered, and nothing of what somebody has', () => {
    const markdown = reviewMarkdown(documented(draft));
    expect(markdown).toContain('> 9 questions are still open');
    expect(markdown.match(/> \*\*Open question:\*\*/g)).toHaveLength(9);
    expect(markdown).toContain(`> **Open question:** ${QUESTIONS.rootCause}`);
    // What mended it is in the records.
    expect(markdown).not.toContain(QUESTIONS.resolution);
    expect(reviewMarkdown(documented(answered))).not.toMatch(/still open|Open question/);
  });

  it('asks a person what they did, where it was a person who ended it', () => {
    const incident = { ...outage, resolvedBy: person('Grace') };
    expect(documented(draft, incident).open).toBe(10);
    expect(openQuestions(answered.answers, incident)).toEqual(['resolution']);
  });

  it('lists action items by kind and date, with owner and day', () => {
    const markdown = reviewMarkdown(documented(answered));
    expect(markdown.indexOf('| Prevention | Check the settings | Ada | 2026-10-12 |')).toBeGreaterThan(0);
    expect(markdown.indexOf('| Process | Tell the team | Grace | 2026-10-20 |')).toBeGreaterThan(
      markdown.indexOf('| Prevention |'),
    );
  });

  it('is told the same from the same records, and also while the incident runs', () => {
    expect(reviewMarkdown(documented(draft))).toBe(reviewMarkdown(documented(draft)));
    const { resolvedBy: _, resolution: _how, ...rest } = outage;
    const running = reviewMarkdown(documented(draft, { ...rest, status: 'open', resolvedAt: null }));
    expect(running).toContain('| Total downtime | not over yet |');
    expect(running).toContain('It is not over yet.');
  });

  it('keeps hostile text as text', () => {
    const hostile = '<img src=x onerror=alert(1)> [a](javascript:alert(1)) `code` | cell | **bold** # head\n\n# Head\n\n> quote';
    const review: Review = {
      ...answered,
      answers: {
        ...answered.answers,
        rootCause: hostile,
        actions: [{ what: hostile, kind: 'process', owner: hostile, due: '2026-10-12' }],
      },
    };
    const markdown = reviewMarkdown(documented(review, { ...outage, title: hostile, resolution: hostile }));
    expect(markdown).not.toMatch(/<img|[^\\]\[a\\?\]\(|(?<!\\)`code|^# Head|^> quote/m);
    const rows = markdown.split('\n').filter((line) => line.startsWith('| Process'));
    expect(rows.map((row) => row.match(/(?<!\\)\|/g)?.length)).toEqual([5]);
  });
});

it('reads what was typed as paragraphs and lists, and as nothing else', () => {
  expect(paragraphs('One\nline.\n\nIt was:\n- a\n- b\nThen *this*.\n')).toEqual([
    { kind: 'text', text: 'One line.', written: true },
    { kind: 'text', text: 'It was:', written: true },
    { kind: 'list', items: ['a', 'b'], written: true },
    { kind: 'text', text: 'Then *this*.', written: true },
  ]);
});

describe('the day of a review', () => {
  it('is counted from the end of the incident, and again from a later one', () => {
    expect(draft.due).toBe('2026-10-09T03:33:10.000Z');
    const reopened = broughtUp(draft, { ...outage, resolvedAt: null }, rule);
    expect(reopened).toMatchObject({ due: null, countedFrom: null, version: draft.version });
    expect(reopened && broughtUp(reopened, { ...outage, resolvedAt: at(7_200) }, rule)?.due).toBe('2026-10-09T05:14:00.000Z');
    expect(broughtUp(draft, outage, rule)).toBeUndefined();
  });

  it('stays where a person has set it', () => {
    const moved = { ...draft, due: at(86_400), dueBy: person('Ada') };
    expect(broughtUp(moved, { ...outage, resolvedAt: at(7_200) }, rule)?.due).toBe(at(86_400));
  });

  it('is reminded of before, and is over on its very moment; of a finished one nobody is told', () => {
    const due = '2026-10-09T03:33:10.000Z';
    const told = (now: string, state: Review['state'] = 'draft') => noticeDue({ state, due }, rule, now);
    expect(told('2026-10-08T03:33:09.999Z')).toBeNull();
    expect(told('2026-10-08T03:33:10.000Z')).toBe('reminder');
    expect(told('2026-10-09T03:33:09.999Z')).toBe('reminder');
    expect(told(due)).toBe('overdue');
    expect(told(due, 'finished')).toBeNull();
    expect(noticeDue({ state: 'draft', due: null }, rule, due)).toBeNull();
  });
});
