import type { Statement } from '../../runbooks/language/rights/statement.ts';

/** One thing that a call asks IAM for: every one of them must be allowed. */
export interface Demand {
  action: string;
  resource: string;
  /** Keys of the request's context, such as `dynamodb:LeadingKeys`. */
  context: Readonly<Record<string, readonly string[]>>;
}

/** As IAM matches: `*` is anything, `?` one character. */
export function fits(pattern: string, text: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

/**
 * Whether some statement allows what is demanded, as IAM decides it for statements that only allow. Knows the conditions that the
 * derived statements use, and takes any other for one that does not hold.
 */
export function allows(statements: readonly Statement[], { action, resource, context }: Demand): boolean {
  return statements.some(
    (statement) =>
      statement.actions.some((one) => fits(one, action)) &&
      statement.resources.some((one) => fits(one, resource)) &&
      Object.entries(statement.conditions ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), context[key])),
      ),
  );
}

function holds(operator: string, wanted: readonly string[], given: readonly string[] | undefined): boolean {
  const some = (match: (pattern: string, text: string) => boolean) => (text: string) => wanted.some((one) => match(one, text));
  switch (operator) {
    case 'StringEquals':
      return given !== undefined && given.length === 1 && given.every(some((one, text) => one === text));
    // Of a key that is not there, "all of them" is true: the actions themselves must always bring it.
    case 'ForAllValues:StringLike':
      return (given ?? []).every(some(fits));
    case 'ForAllValues:StringEquals':
      return (given ?? []).every(some((one, text) => one === text));
    default:
      return false;
  }
}
