import { describe, expect, it } from 'vitest';
import { type Facts, MissingFact, watched } from '../../../runbooks/language/facts.ts';

describe('watched facts', () => {
  it('remember what was read, and only that', () => {
    const { facts, read } = watched({ disk: { free: 8 }, docker: {}, database: null });
    expect([...read]).toEqual([]);
    expect(facts.disk).toEqual({ free: 8 });
    expect(facts.database).toBeNull();
    expect([...read]).toEqual(['disk', 'database']);
  });

  it('name the one that is missing, and remember that it was asked for', () => {
    const { facts, read } = watched({ disk: 1 });
    expect(() => facts.docker).toThrow(MissingFact);
    expect(() => facts.docker).toThrow('the fact "docker" is missing');
    expect([...read]).toEqual(['docker']);
  });

  it('see through destructuring, and take nothing from the prototype for a fact', () => {
    const decide = ({ disk, docker }: Facts) => [disk, docker];
    const { facts, read } = watched({ disk: 1, docker: 2 });
    expect(decide(facts)).toEqual([1, 2]);
    expect([...read]).toEqual(['disk', 'docker']);
    for (const inherited of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(() => facts[inherited]).toThrow(MissingFact);
  });

  it('can be shown by an error or a test without being taken for read', () => {
    const { facts, read } = watched({ disk: 1 });
    expect(String(Object.prototype.toString.call(facts))).toBe('[object Object]');
    expect([...read]).toEqual([]);
  });
});
