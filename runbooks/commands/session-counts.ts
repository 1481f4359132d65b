import * as z from 'zod';

/** What a count of PostgreSQL's sessions tells, whether a host's container was asked or a Job of the cluster. */
export const SessionCounts = z.object({
  /** How many connections it takes, and how many of them it keeps back from ordinary roles. */
  most: z.number(),
  reserved: z.number(),
  /** Connected clients, of whatever role. */
  clients: z.number(),
  /** Those of the application's role. `idleLong`: idle for longer than was asked for. */
  application: z.object({
    all: z.number(),
    active: z.number(),
    inTransaction: z.number(),
    idle: z.number(),
    idleLong: z.number(),
  }),
  /** What the application's role is. A superuser's sessions may be an administrator's. */
  role: z.enum(['ordinary', 'superuser', 'missing']),
});
