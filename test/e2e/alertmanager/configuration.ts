import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../../../docs/alertmanager/', import.meta.url));

/** How the receiver writes its message: as Alertmanager does if nobody says otherwise, or by the template that the docs recommend. */
export type Format = 'default text' | 'JSON template';

/**
 * The configuration of docs/alertmanager, pointed at local mode and made quicker. It is that very file, so that what the
 * docs recommend is what is proven.
 *
 * @param topic ARN of the topic
 * @param endpoint where SNS is
 * @returns the file that was written
 * @throws {Error} naming the line that the docs no longer have
 */
export function writeConfiguration(format: Format, folder: string, topic: string, endpoint: string): string {
  const region = topic.split(':')[3] ?? '';
  const common: [line: RegExp, instead: string][] = [
    [/^( *- )\/etc\/alertmanager\/firebreak\.tmpl$/m, `$1${join(DOCS, 'firebreak.tmpl')}`],
    [/^( *group_wait: ).*$/m, '$1500ms'],
    [/^( *group_interval: ).*$/m, '$11s'],
    [/^( *repeat_interval: ).*$/m, '$12s'],
    [/^( *)- topic_arn: .*$/m, `$1- topic_arn: ${topic}\n$1  api_url: ${endpoint}`],
    [/^( *region: ).*$/m, `$1${region}`],
  ];
  const withoutTemplate: [RegExp, string][] = [
    [/^ *subject: .*\n/m, ''],
    [/^ *message: .*\n/m, ''],
  ];
  const changes = format === 'default text' ? [...common, ...withoutTemplate] : common;
  const docs = readFileSync(join(DOCS, 'alertmanager.yml'), 'utf8');
  const written = changes.reduce((text, [line, instead]) => {
    if (!line.test(text)) throw new Error(`docs/alertmanager/alertmanager.yml has no line like ${line}`);
    return text.replace(line, instead);
  }, docs);
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, written);
  return file;
}
