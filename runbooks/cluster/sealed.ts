/**
 * Values that must not be seen on their way: printed, logged or written as JSON, there is nothing in it. Whoever opens it must
 * mean to, and hands it on to the cluster that it came from.
 */
export class Sealed<T> {
  readonly #values: T;
  constructor(values: T) {
    this.#values = values;
  }
  open(): T {
    return this.#values;
  }
  toString(): string {
    return '[sealed]';
  }
  toJSON(): string {
    return '[sealed]';
  }
}
