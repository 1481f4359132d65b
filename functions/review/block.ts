/** A piece of a review, whatever it is shown in. All of it is plain text: whoever shows it sees to it that it stays so. */
export type Block =
  | ({ kind: 'text'; text: string } & Written)
  | { kind: 'heading'; text: string }
  | ({ kind: 'list'; items: readonly string[] } & Written)
  | ({ kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] } & Written)
  /** What nobody has answered, as a question. */
  | { kind: 'open'; question: string };

interface Written {
  /** A person wrote it as an answer. How much they may write is bounded, so that it is shown whole wherever it is shown. */
  written?: true;
}
