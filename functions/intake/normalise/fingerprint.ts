const OFFSET = 14_695_981_039_346_656_037n;
const PRIME = 1_099_511_628_211n;
const BITS = 0xffff_ffff_ffff_ffffn;
const SEPARATOR = 255;

/**
 * Prometheus' own fingerprint of a set of labels: FNV-1a over the sorted names and values, each followed by a byte 255
 * (`LabelSet.Fingerprint` in prometheus/common). Computed here, it is the one that Alertmanager sends, so an alert
 * keeps its identity whether its message carries the fingerprint or comes from a version or a template without it.
 */
export function fingerprint(labels: Readonly<Record<string, string>>): string {
  const bytes = Object.keys(labels)
    .sort()
    .flatMap((name) => [...Buffer.from(name), SEPARATOR, ...Buffer.from(labels[name] ?? ''), SEPARATOR]);
  const hash = bytes.reduce((sum, byte) => ((sum ^ BigInt(byte)) * PRIME) & BITS, OFFSET);
  return hash.toString(16).padStart(16, '0');
}
