/** How many facts a line holds before it is no line any more. */
const MOST = 6;

/** Facts in a line for the timeline, where the runbook does not say it better: `free percent 8.7, old logs mb 18400`. */
export function sayFacts(facts: unknown): string {
  if (facts === null || typeof facts !== 'object') return String(facts);
  const said = Object.entries(facts).map(([name, value]) => `${spaced(name)} ${brief(value)}`);
  return said.slice(0, MOST).join(', ') + (said.length > MOST ? ', …' : '');
}

function brief(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0
      ? 'none'
      : value.every((item) => typeof item !== 'object')
        ? value.slice(0, 5).join(' ')
        : String(value.length);
  if (value !== null && typeof value === 'object') return `{${Object.keys(value).length}}`;
  return typeof value === 'string' ? value.slice(0, 80) : String(value);
}

const spaced = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
