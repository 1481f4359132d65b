import type { Answers, Question } from '../incident/review.ts';
import { printableMarks } from '../printable.ts';

/**
 * The most that the answers of a review may weigh together, in bytes of HTML: some 4,500 words. Its form has to show them twice within
 * the 100 KB of a page, where two people write at once; its document shows all of them beside what the records say.
 */
export const MOST_ANSWERED = 30_000;

const MARKUP = /[&<>"']/g;
/** What an entity takes more than its character, at most. */
const ENTITY_BYTES = 5;
/** A new line may end a list and begin a paragraph. */
const LINE_BYTES = 20;

/** What all answers weigh on a page, and the one of them that weighs the most. */
export function weightOfAnswers(answers: Answers): { total: number; heaviest: Question } {
  const { feltFrom: _from, feltUntil: _until, actions, ...texts } = answers;
  const weights: [Question, number][] = [
    ['summary', weight(texts.summary)],
    ['impact', weight(texts.impact)],
    ['rootCause', weight(texts.rootCause)],
    ['whyNotSooner', weight(texts.whyNotSooner)],
    ['whatSlowed', weight(texts.whatSlowed)],
    ['resolution', weight(texts.resolution)],
    ['actions', weight(actions.map(({ what, owner }) => `${what}${owner}`).join(''))],
    ['learnings', weight(texts.learnings)],
    ['briefing', weight(texts.briefing)],
    ['runbookLines', weight(texts.runbookLines)],
  ];
  const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0);
  const [heaviest] = weights.toSorted(([, a], [, b]) => b - a)[0] ?? ['summary'];
  return { total, heaviest };
}

function weight(text: string): number {
  const count = (what: RegExp) => text.match(what)?.length ?? 0;
  return Buffer.byteLength(printableMarks(text)) + count(MARKUP) * ENTITY_BYTES + count(/\n/g) * LINE_BYTES;
}
