import * as z from 'zod';

/**
 * Who did it. Every transition carries one. `verified` is true only where the way in proved the name (an IAM
 * principal, a personal link); a name typed into a form is given, not proven.
 */
export const Actor = z.strictObject({
  name: z.string().min(1).max(200),
  kind: z.enum(['automation', 'person', 'monitoring']),
  verified: z.boolean(),
  /** Set for a name that was typed into the CloudWatch dashboard: IAM let them in, and nobody tells a widget whom. */
  via: z.literal('dashboard').optional(),
});
export type Actor = z.infer<typeof Actor>;

export const automation: Actor = { name: 'firebreak', kind: 'automation', verified: true };

/** A schedule of a runbook: it asks like a person, at a time that was written down beforehand, and reads nothing. */
export function schedule(name: string): Actor {
  return { name: `schedule ${name}`, kind: 'automation', verified: true };
}

/** Stands for a person who started a run and did not say who they are. */
export const NAMELESS = 'someone (gave no name)';

/** Whether two names are one person's, as far as names can tell: case and blanks make no difference. */
export function sameName(a: string, b: string): boolean {
  const plain = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(a) === plain(b);
}

/** A person by the name that they gave. */
export function person(name: string): Actor {
  return { name, kind: 'person', verified: false };
}

/** A person by the name that they typed into the dashboard: given, and never proven. */
export function onDashboard(name: string): Actor {
  return { ...person(name), via: 'dashboard' };
}

/** The monitoring that sent a signal. */
export function monitoring(source: string): Actor {
  return { name: source, kind: 'monitoring', verified: false };
}
