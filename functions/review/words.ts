/** What is over sooner slowed nothing down, and nobody asks why it was not sooner still. */
export const QUICK_MS = 60_000;

/** How many questions of a review nobody has answered. */
export const stillOpen = (count: number): string => `${count === 1 ? 'One question is' : `${count} questions are`} still open`;

/** With a full stop at its end, whatever it quotes: `It failed: no such file.` */
export const sentence = (text: string): string => (/[.!?]$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`);

/** `9 minutes`, `1 minute`, `3 h 5 min (185 minutes)`: both pages ask for the total. */
export function minutes(count: number): string {
  const plain = count === 1 ? '1 minute' : `${count} minutes`;
  const [h, m] = [Math.floor(count / 60), count % 60];
  return h === 0 ? plain : `${h} h${m > 0 ? ` ${m} min` : ''} (${plain})`;
}
