import { expect, test } from 'vitest';
import { examine } from '../../../functions/doctor/examine.ts';
import type { Facts } from '../../../functions/doctor/facts.ts';
import type { Finding } from '../../../functions/doctor/finding.ts';
import { registry, well } from './well.ts';

/** One kind of finding: its check and severity, what its line says, what its fix says, and what provokes it. */
export type Row = [check: string, severity: Finding['severity'], says: string, fix: string, change: Partial<Facts>];

/** Everything that is found when something is otherwise than in a well account. */
export function found(change: Partial<Facts>): Finding[] {
  return examine({ ...well(), ...change }, registry);
}

/** Each row's change provokes its finding, and no other. */
export function provoked(rows: readonly Row[]): void {
  test.each(rows)('%s (%s): %s', (check, severity, says, fix, change) => {
    const [finding, ...more] = found(change);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ check, severity });
    expect(`${finding?.where}: ${finding?.what}`).toContain(says);
    expect([finding?.fix, ...(finding?.commands ?? [])].join('\n')).toContain(fix);
  });
}
