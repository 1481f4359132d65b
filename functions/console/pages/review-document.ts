import { html } from 'hono/html';
import type { Block } from '../../review/block.ts';
import type { ReviewDocument } from '../../review/document.ts';
import type { Html } from './layout.ts';
import { cut, MOST_OF_A_PAGE, Room, weightOf } from './room.ts';

/** What the page around it weighs, with the frame of each part and what is said of one that is not whole. */
const FRAME = 15_000;
/** A text of the records that is longer would fill the page by itself. */
const TEXT = 1_500;
const SHORT = 100;
const VALUE = 300;
/** So many rows stand at the beginning of a table, whatever is left out after them. */
const FIRST = 6;

/**
 * A review as it is read. Answers are shown whole: what may be written is bounded. What the records say shares the rest of the page, each
 * part as much as it needs; what is left then is shared by the long ones, and the file has all of it.
 */
export function documentHtml({ head, sections }: ReviewDocument, file: string): Html {
  const facts = html`<dl class="facts card">${head.map(([name, value]) => html`<div><dt>${name}</dt><dd>${cut(value, VALUE)}</dd></div>`)}</dl>`;
  const blocks = sections.flatMap((section) => section.blocks);
  const shown = new Map(blocks.filter(isShort).map((block) => [block, blockHtml(block, new Room(MOST_OF_A_PAGE), file)]));
  let left = MOST_OF_A_PAGE - FRAME - weightOf(facts, ...shown.values());
  const grown = blocks
    .filter((block) => !isShort(block))
    .map((block) => ({ block, weight: weightOf(blockHtml(block, new Room(Number.POSITIVE_INFINITY), file)) }))
    .toSorted((a, b) => a.weight - b.weight);
  for (const [at, { block }] of grown.entries()) {
    const piece = blockHtml(block, new Room(left / (grown.length - at)), file);
    shown.set(block, piece);
    left -= weightOf(piece);
  }
  return html`${facts}
    ${sections.map((section) => html`<section><h2>${section.title}</h2>${section.blocks.map((block) => shown.get(block) ?? '')}</section>`)}`;
}

const isShort = (block: Block) => block.kind === 'heading' || block.kind === 'open' || block.written === true;

function blockHtml(block: Block, room: Room, file: string): Html {
  switch (block.kind) {
    case 'text': {
      const paragraph = (most: number) => html`<p>${cut(block.text, most)}</p>`;
      if (block.written) return paragraph(block.text.length);
      return room.first(() => paragraph(TEXT)) ?? paragraph(SHORT);
    }
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'list': {
      const { shown, left } = room.fit(block.items, (item) => html`<li>${block.written ? item : cut(item, TEXT)}</li>`);
      return html`<ul>${shown}</ul>${leftOut(left, file)}`;
    }
    case 'table':
      return tableHtml(block, room, file);
    case 'open':
      return html`<p class="notice asks"><strong>Open question:</strong> ${block.question}</p>`;
  }
}

/** Of a long one the middle is left out: a story is read from its beginning, and for how it ended. */
function tableHtml({ head, rows, written }: Extract<Block, { kind: 'table' }>, room: Room, file: string): Html {
  const columns = html`<thead><tr>${head.map((cell) => (cell === '' ? html`<td></td>` : html`<th scope="col">${cell}</th>`))}</tr></thead>`;
  const row = (cells: readonly string[]) =>
    html`<tr>${cells.map((cell) => html`<td>${written ? cell : cut(cell, TEXT)}</td>`)}</tr>`;
  const begins = room.fit(rows.slice(0, FIRST), row).shown;
  const ends = room.fit(rows.slice(begins.length).toReversed(), row);
  const gap = ends.left > 0 ? html`<tr><td colspan="${head.length}">${leftOut(ends.left, file)}</td></tr>` : '';
  return html`<div class="scrolls" tabindex="0" role="region" aria-label="${head.filter(Boolean).join(', ')}"><table>${columns}
        <tbody>${begins}${gap}${ends.shown.toReversed()}</tbody></table></div>`;
}

const leftOut = (lines: number, file: string): Html | '' =>
  lines > 0
    ? html`<p class="more">${lines} lines are left out here: <a href="${file}" download>all of it as Markdown</a></p>`
    : '';
