import { describe, expect, it } from 'vitest';
import { By, GoodReason, Reason } from '../../../functions/console/commands/given.ts';

describe('what a person gives', () => {
  it('is a name in one line, with nothing in it that is not shown', () => {
    expect(By.parse('  Ada \u202e\n2026-10-04 03:15:30  Approved')).toBe('Ada \ufffd 2026-10-04 03:15:30 Approved');
    expect(By.safeParse(' \n ').success).toBe(false);
    expect(By.safeParse('x'.repeat(201)).success).toBe(false);
  });

  it('is a reason no longer than it may be, also where what stands for a secret is longer than the secret', () => {
    const long = 'pwd=a '.repeat(166).trim();
    expect(long.length).toBeLessThanOrEqual(1_000);
    for (const schema of [Reason, GoodReason]) {
      const said = schema.parse(long);
      expect(said.length).toBeLessThanOrEqual(1_000);
      expect(said).not.toContain('pwd=a');
    }
  });
});
