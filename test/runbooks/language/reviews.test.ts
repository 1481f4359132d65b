import { describe, expect, it } from 'vitest';
import { table, text } from '../../../runbooks/language/markdown.ts';
import { defineSystem, reviewRuleOf } from '../../../runbooks/language/system.ts';
import { saveit } from '../../../runbooks/saveit/system.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { kiosk } from './kiosk.ts';

describe('the rule for reviews of a system', () => {
  it('is what its page says, or a week for whoever is paged first', () => {
    expect(reviewRuleOf(saveit)).toMatchObject({ owner: 'lead', dueWithin: '48h' });
    expect(reviewRuleOf(sira)).toMatchObject({ owner: 'lead', dueWithin: '5d' });
    expect(reviewRuleOf(kiosk)).toEqual({ owner: kiosk.firstResponder, dueWithin: '7d', remind: '1d' });
  });

  it('names a role that can have an incident, and reminds after its end', () => {
    const rule = { owner: kiosk.firstResponder, dueWithin: '48h', remind: '12h' } as const;
    expect(defineSystem({ ...kiosk, reviews: rule }).reviews).toEqual(rule);
    expect(() => defineSystem({ ...kiosk, reviews: { ...rule, owner: 'nobody' } })).toThrow(/reviews are owned by nobody/);
    expect(() => defineSystem({ ...kiosk, reviews: { ...rule, remind: '48h' } })).toThrow(/before the incident is over/);
  });
});

describe('text in Markdown', () => {
  it('is a number where it is one, and no list where it looks like one', () => {
    expect(['0.04/s', '1. first', '2)', '12.5'].map(text)).toEqual(['0.04/s', '1\\. first', '2\\)', '12.5']);
    expect(
      table(
        [''],
        [['1. x | y']].map((row) => row.map(text)),
      ),
    ).toContain('| 1\\. x \\| y |');
  });
});
