import { refusalOf } from '../aws/account/refusal.ts';
import type { Unseen } from './facts.ts';

/** Asks, and remembers what got no answer: a doctor that can't look says so, and never that all is well. */
export class Questions {
  readonly unseen: Unseen[] = [];

  /**
   * @param permission the IAM action that the question needs
   * @param question what is to be seen, as it is told when it can't be
   * @returns `undefined` when there was no answer
   */
  async ask<T>(permission: string, question: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      this.unseen.push({ permission, question, ...refusalOf(error) });
      return undefined;
    }
  }
}
