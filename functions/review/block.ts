/** A piece of a review, whatever it is shown in. All of it is plain text: whoever shows it sees to it that it stays so. */
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] }
  /** What nobody has answered, as a question. */
  | { kind: 'open'; question: string };
