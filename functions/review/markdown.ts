import { list, page, table, text } from '../../runbooks/language/markdown.ts';
import type { Block } from './block.ts';
import type { ReviewDocument } from './document.ts';
import { stillOpen } from './words.ts';

/** What it is served as. */
export const MARKDOWN = 'text/markdown; charset=utf-8';

/**
 * A review as a file in GitHub's Markdown. Whatever an alarm, a host or a person has written stays text: nothing in it becomes markup
 * or HTML. An address that is written out is shown as what it is.
 */
export function reviewMarkdown({ title, head, sections, open }: ReviewDocument): string {
  return page([
    `# Review: ${text(title)}`,
    table(
      ['', ''],
      head.map(([name, value]) => [`**${text(name)}**`, text(value)]),
    ),
    open > 0 ? `> ${stillOpen(open)}, marked **Open question** below.` : '',
    ...sections.flatMap((section) => [`## ${text(section.title)}`, ...section.blocks.map(blockMarkdown)]),
  ]);
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return text(block.text);
    case 'heading':
      return `### ${text(block.text)}`;
    case 'list':
      return list(block.items.map(text));
    case 'table':
      return table(
        block.head.map(text),
        block.rows.map((row) => row.map(text)),
      );
    case 'open':
      return `> **Open question:** ${text(block.question)}`;
  }
}
