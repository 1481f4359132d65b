import type { KubeObject } from '../objects.ts';
import { isRecord } from './patch.ts';
import { Problem } from './problem.ts';

type Test = (object: KubeObject) => boolean;

/** `a=b,c!=d,e in (f,g),h,!i`. @throws {Problem} BadRequest for what is no selector */
export function labelSelector(text: string): Test {
  const requirements = [...text.matchAll(/(?:[^,(]|\([^)]*\))+/g)].map(([one]) => requirement(one.trim()));
  return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}));
}

function requirement(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const [, key = '', among, values = ''] = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text) ?? [];
  if (among) {
    const given = values.split(',').map((value) => value.trim());
    return (labels) => given.includes(labels[key] ?? '\u0000') === (among === 'in');
  }
  const [, name = '', sign, value = ''] = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(text) ?? [];
  if (sign) return (labels) => (labels[name] === value) === (sign !== '!=');
  const [, not, label = ''] = /^(!?)([\w./-]+)$/.exec(text) ?? [];
  if (label === '') throw new Problem('BadRequest', `unable to parse requirement: "${text}"`);
  return (labels) => label in labels === (not === '');
}

/** `metadata.name=x,status.phase!=Running`: any path, though a real server knows a few of each kind only. */
export function fieldSelector(text: string): Test {
  const terms = text
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, path = '', sign, value = ''] = /^([\w.]+)(==|=|!=)(.*)$/.exec(term) ?? [];
      if (!sign) throw new Problem('BadRequest', `invalid field selector "${term}"`);
      return { path: path.split('.'), equal: sign !== '!=', value };
    });
  return (object) =>
    terms.every(({ path, equal, value }) => {
      const found = path.reduce<unknown>((inside, key) => (isRecord(inside) ? inside[key] : undefined), object);
      return (
        ((typeof found === 'boolean' || typeof found === 'number' || typeof found === 'string' ? String(found) : '') ===
          value) ===
        equal
      );
    });
}
