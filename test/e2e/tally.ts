import { isDeepStrictEqual } from 'node:util';

/** Counts what an end-to-end run has proven. The last line that it prints says how much. */
export interface Tally {
  equal(what: string, found: unknown, expected: unknown): void;
  holds(what: string, holds: boolean): void;
  /** Something that should have come true and did not, or broke on the way. */
  failed(what: string, error: unknown): void;
  /** Counts what another program has proven. */
  add(others: { passed: number; failed: number }): void;
  /** Prints `N passed, M failed`. @returns the exit code */
  end(): 0 | 1;
}

export function tally(print: (line: string) => void = console.log): Tally {
  let passed = 0;
  let failed = 0;
  const count = (what: string, ok: boolean, why = '') => {
    if (ok) passed += 1;
    else failed += 1;
    print(`${ok ? 'ok  ' : 'FAIL'}  ${what}${ok || why === '' ? '' : `: ${why}`}`);
  };
  return {
    equal: (what, found, expected) =>
      count(what, isDeepStrictEqual(found, expected), `expected ${JSON.stringify(expected)}, got ${JSON.stringify(found)}`),
    holds: (what, holds) => count(what, holds),
    failed: (what, error) => count(what, false, error instanceof Error ? error.message : String(error)),
    add: (others) => {
      passed += others.passed;
      failed += others.failed;
    },
    end: () => {
      print(`${passed} passed, ${failed} failed`);
      return failed === 0 && passed > 0 ? 0 : 1;
    },
  };
}
