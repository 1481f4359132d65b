/** Quantities as Kubernetes writes them: `250m` of a processor, `512Mi` of memory. */

const UNITS: Readonly<Record<string, number>> = { '': 1, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, k: 1e3, M: 1e6, G: 1e9 };

/** Thousandths of a processor. */
export function millicores(quantity: string | number): number {
  const text = String(quantity);
  return text.endsWith('m') ? Number.parseInt(text, 10) : Number(text) * 1_000;
}

export function bytes(quantity: string | number): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}
