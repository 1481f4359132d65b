import { describe, expect, it } from 'vitest';
import { GIVEN, type Given, synthesised } from './synthesised.ts';

describe.each(Object.keys(GIVEN) as Given[])('the stack, given %s', (given) => {
  it('says what is missing, where something is', () => {
    const { warnings } = synthesised(given);
    // Not of the template's size either: the CDK warns from 800 kB on, and whoever deploys it can do nothing about that.
    if (given !== 'nothing') return expect(warnings).toEqual([]);
    // Of the operators; of each system its contacts and addresses; and the cluster of the one that has one.
    expect(warnings).toHaveLength(6);
    expect(warnings.join()).toMatch(
      /operators: no address.*oncall, lead, cto, dba, security, ciso, devops.*hosts and urls not given/,
    );
    expect(warnings.join()).toMatch(
      /systems\.saveit\.contacts.*systems\.saveit: urls not given.*systems\.saveit\.cluster: not given/,
    );
  });
});
