import { describe, expect, it } from 'vitest';
import { GIVEN, type Given, synthesised } from './synthesised.ts';

describe.each(Object.keys(GIVEN) as Given[])('the stack, given %s', (given) => {
  it('follows every rule of AwsSolutions and Serverless, or says why not', () => {
    const { findings } = synthesised(given);
    const ours = findings.filter(({ rule }) => !rule.startsWith('firebreak:'));
    expect(ours).toEqual([]);
  });

  it('says what is missing, where something is', () => {
    const warnings = synthesised(given)
      .findings.map(({ rule }) => rule)
      .sort();
    expect(warnings).toEqual(
      given === 'nothing' ? ['firebreak:contacts-sira', 'firebreak:operators', 'firebreak:settings-sira'] : [],
    );
  });
});
