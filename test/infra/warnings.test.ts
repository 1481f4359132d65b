import { describe, expect, it } from 'vitest';
import { GIVEN, type Given, synthesised } from './synthesised.ts';

describe.each(Object.keys(GIVEN) as Given[])('the stack, given %s', (given) => {
  it('says what is missing, where something is', () => {
    const { warnings } = synthesised(given);
    if (given !== 'nothing') return expect(warnings).toEqual([]);
    expect(warnings).toHaveLength(3);
    expect(warnings.join()).toMatch(/operators: no address.*oncall, lead, dba, security, devops.*hosts and urls not given/);
  });
});
