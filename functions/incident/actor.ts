import * as z from 'zod';

/**
 * Who did it. Every transition carries one. `verified` is true only where the way in proved the name (an IAM
 * principal, a personal link); a name typed into a form is given, not proven.
 */
export const Actor = z.strictObject({
  name: z.string().min(1).max(200),
  kind: z.enum(['automation', 'person', 'monitoring']),
  verified: z.boolean(),
});
export type Actor = z.infer<typeof Actor>;

export const automation: Actor = { name: 'firebreak', kind: 'automation', verified: true };

/** A person by the name that they gave. */
export function person(name: string): Actor {
  return { name, kind: 'person', verified: false };
}

/** The monitoring that sent a signal. */
export function monitoring(source: string): Actor {
  return { name: source, kind: 'monitoring', verified: false };
}
