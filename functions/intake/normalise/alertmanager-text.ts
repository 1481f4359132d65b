import { measured } from './labelled-alert.ts';
import { inOrder, receivedSignal } from './received-alert.ts';
import { type Block, Doubt, textBlocks } from './text-blocks.ts';
import { type Arrival, notUnderstood, type Surroundings, together, type Understood } from './understood.ts';

/**
 * The plain text that Alertmanager's SNS receiver sends when nobody set a template (`sns.default.message`).
 *
 * It escapes nothing, so whoever can put a line break into an annotation can write lines that look like an alert of
 * their own. What does not have exactly the template's form is therefore not believed, and a person gets the text.
 * One alert is believed even then, if it fires: the first, whose labels stand before any free text.
 */
export function alertmanagerText(text: string, arrival: Arrival, around: Surroundings): Understood {
  try {
    const blocks = textBlocks(text);
    assertCount(blocks, arrival.subject);
    return together(blocks.map((block) => signalOf(block, arrival, around)));
  } catch (error) {
    if (!(error instanceof Doubt)) throw error;
    const why = `Alertmanager's plain text is ambiguous: ${error.message}; use the JSON template of docs/alertmanager`;
    const first = error.believed?.status === 'firing' ? [signalOf(error.believed, arrival, around)] : [];
    return together([...first, notUnderstood(why, text, arrival)]);
  }
}

/** The default subject says how many alerts fire: `[FIRING:2] …`, or `[RESOLVED] …` when none does. */
function assertCount(blocks: readonly Block[], subject: string): void {
  const match = /^\[(?:FIRING:(\d+)|RESOLVED)\]/.exec(subject);
  if (!match) return;
  const said = Number(match[1] ?? 0);
  const found = blocks.filter((block) => block.status === 'firing').length;
  if (said !== found) throw new Doubt(`the subject counts ${said} firing alerts, the text holds ${found}`, blocks[0]);
}

function signalOf(block: Block, arrival: Arrival, around: Surroundings): Understood {
  const { status, labels, annotations, source } = block;
  const plain = annotations.every(([, value]) => !value.includes('\n')) && inOrder(annotations.map(([name]) => name));
  const read = Object.fromEntries(annotations);
  // A line break in another annotation could have written the line ` - value = …`.
  const value = measured(plain ? (read.value ?? labels.value) : labels.value);
  return receivedSignal({ status, labels, annotations: read, value, url: source }, arrival, around, block);
}
