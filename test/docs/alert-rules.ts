import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../docs/alerts');

/** A rule as its file writes it; promtool sees to it that the files are YAML (`npm run lint:alerts`). */
export interface Rule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export const alertFile = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

/** The systems that have a file of rules, registered or not. */
export function systemsWithRules(): string[] {
  return readdirSync(FOLDER).flatMap((file) => /^(\w+)\.rules\.yml$/.exec(file)?.[1] ?? []);
}

export function rulesOf(system: string): Rule[] {
  return alertFile(`${system}.rules.yml`)
    .split(/^ +- alert: /m)
    .slice(1)
    .map((text) => ({
      alert: /^\w+/.exec(text)?.[0] ?? '',
      expr: /expr: ([\s\S]*?)\n +for: \d+[smh]\n/.exec(text)?.[1] ?? '',
      labels: pairs(/labels: \{(.*)\}$/m.exec(text)?.[1]),
      annotations: pairs(/annotations: \{(.*)\}$/m.exec(text)?.[1]),
    }));
}

function pairs(text = ''): Record<string, string> {
  const found = text.matchAll(/(\w+): (?:'((?:[^']|'')*)'|([^,}]+?))\s*(?:,|$)/g);
  return Object.fromEntries([...found].map(([, name = '', quoted, plain = '']) => [name, quoted ?? plain]));
}
