/** What a suffix of a quantity of Kubernetes multiplies by. The empty one is one. */
const SUFFIXES: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};
const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/;

/**
 * A quantity as Kubernetes writes it: `250m`, `512Mi`, `1.5`, `1e3`. In its base unit: processors, bytes.
 * @throws {Error} for what is none: to guess a unit is to be wrong by a thousand
 */
export function quantity(text: string): number {
  const [, number, exponent, suffix = ''] = QUANTITY.exec(text) ?? [];
  const factor = SUFFIXES[suffix];
  if (number === undefined || factor === undefined) throw new Error(`"${text.slice(0, 40)}" is no quantity of Kubernetes`);
  return Number(`${number}${exponent ?? ''}`) * factor;
}

/** Thousandths of a processor. */
export const millicores = (text: string) => Math.round(quantity(text) * 1_000);
/** Mebibytes, as `kubectl top` shows them. */
export const mebibytes = (text: string) => Math.round(quantity(text) / 2 ** 20);
