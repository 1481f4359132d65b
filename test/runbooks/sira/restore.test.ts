import { describe, expect, it } from 'vitest';
import {
  flaw,
  overdue,
  type Restore,
  restored,
  roomFor,
  spoken,
  whatIsLost,
  whyRestore,
} from '../../../runbooks/sira/restore.ts';

type Change = { [K in 'database' | 'contents' | 'disk']?: Partial<Restore[K]> | undefined } & { chosen?: Partial<Chosen> | null };
type Chosen = NonNullable<Restore['backups']['chosen']>;

const good: Chosen = {
  ...{ name: 'sira_1.sql.gz', bytes: 2_000, ageSeconds: 7_200, intact: true, complete: true, foreign: '', unpackedMb: 100 },
  ...{ rows: 100, tables: [{ name: 'public.users', rows: 40 }] },
};

/** A whole backup and a database that is well; a test says what is not. */
function found({ database, contents, disk, chosen }: Change = {}): Restore {
  return {
    database: {
      ...{ state: 'running', startedSecondsAgo: 3_600, accepting: 'accepting', connections: 14, maxConnections: 100 },
      ...{ tooManyClients: false, diskFull: false, panic: false, damaged: false, ...database },
    },
    contents: {
      ...{ there: true, open: true, mb: 500, rows: 112, tables: [{ name: 'public.users', rows: 41 }], lastUsedSecondsAgo: 3 },
      ...{ dumps: 0, restored: null, leftover: false, kept: [], error: '', ...contents },
    },
    backups: { backups: [], chosen: chosen === null ? null : { ...good, ...chosen } },
    disk: { freeMb: 20_000, freePercent: 50, places: [], ...disk },
  };
}

describe('a restore', () => {
  it('is for a whole backup, and says how old it is', () => {
    expect(whyRestore(found())).toEqual({ needed: true, why: 'a person asked for it; sira_1.sql.gz is 2 hours old and whole' });
  });

  it.each<[string, Change, string]>([
    ['there is no such backup', { chosen: null }, 'no such backup'],
    ['it cannot be unpacked', { chosen: { intact: false } }, 'unpacked'],
    ['it is not whole', { chosen: { complete: false } }, 'whole dump'],
    ['it would leave the database', { chosen: { foreign: '\\connect sira' } }, '\\connect sira'],
    ['PostgreSQL does not run', { database: { accepting: 'unknown' } }, 'does not accept'],
    ['PostgreSQL could not be asked', { contents: { there: null, error: 'timeout' } }, 'timeout'],
    ['a dump is being made', { contents: { dumps: 1 } }, 'a dump'],
    ['there is no room', { disk: { freeMb: 600 } }, 'a second copy needs 664 MB'],
    ['it was done just now', { contents: { restored: { from: 'sira_1.sql.gz', secondsAgo: 200 } } }, '3 minutes ago'],
  ])('is not, where %s', (_, change, why) => {
    expect(whyRestore(found(change))).toMatchObject({ needed: false, why: expect.stringContaining(why) });
  });

  it('is for a database that is gone, that was left shut, or that was restored from another backup', () => {
    expect(whyRestore(found({ contents: { there: false, open: false, mb: 0, rows: null } })).needed).toBe(true);
    const shut = { open: false, restored: { from: 'sira_1.sql.gz', secondsAgo: 200 } };
    expect(whyRestore(found({ contents: shut })).needed).toBe(true);
    expect(whyRestore(found({ contents: { restored: { from: 'sira_0.sql.gz', secondsAgo: 200 } } })).needed).toBe(true);
    expect(whyRestore(found({ contents: { restored: { from: 'sira_1.sql.gz', secondsAgo: 90_000 } } })).needed).toBe(true);
  });

  it('needs room for whichever is larger, the database or what the dump becomes', () => {
    expect(roomFor(found())).toBe(664);
    expect(roomFor(found({ chosen: { unpackedMb: 1_000 } }))).toBe(2_064);
    expect(flaw(good)).toBeUndefined();
  });
});

describe('who is asked', () => {
  it('sees how old the backup is, and what would be lost', () => {
    const lines = whatIsLost(found());
    expect(lines[0]).toContain('2 hours');
    expect(lines).toContain('the application used it 3 seconds ago');
    expect(lines).toContain('public.users: about 41 rows now, 40 in the backup');
  });
  it('is told when it cannot be said, and when there is nothing to lose', () => {
    expect(whatIsLost(found({ contents: { rows: null, error: 'invalid page' } })).join()).toContain(
      'cannot be counted: invalid page',
    );
    expect(whatIsLost(found({ contents: { there: false } })).join()).toContain('nothing is replaced');
  });
  it('hears of a table that the backup does not have, unless the backup counts none', () => {
    const tables = [{ name: 'public.new', rows: 5 }];
    expect(whatIsLost(found({ contents: { tables } })).join()).toContain('public.new: about 5 rows now, not in the backup');
    expect(whatIsLost(found({ contents: { tables }, chosen: { rows: 0, tables: [] } })).join()).not.toContain('public.new');
  });
});

describe('afterwards', () => {
  const now = { restored: { from: 'sira_1.sql.gz', secondsAgo: 20 } };
  it('is well what holds the backup and answers', () => expect(restored(found({ contents: now }), 'latest')).toBe(true));
  it('is not well what was restored from another backup, or by an earlier run', () => {
    expect(restored(found({ contents: now }), 'sira_2.sql.gz')).toEqual(expect.any(String));
    const earlier = { restored: { from: 'sira_1.sql.gz', secondsAgo: 700 } };
    expect(restored(found({ contents: earlier }), 'latest')).toEqual(expect.any(String));
    expect(restored(found({ contents: earlier }), 'sira_1.sql.gz')).toBe(true);
  });
  it.each<[string, Change]>([
    ['was not restored', {}],
    ['lets nobody in', { contents: { ...now, open: false } }],
    ['is not there', { contents: { ...now, there: false } }],
    ['answers no query', { contents: { ...now, rows: null } }],
    ['does not run', { contents: now, database: { accepting: 'no-response' } }],
  ])('is not well what %s', (_, change) => expect(restored(found(change), 'latest')).toEqual(expect.any(String)));

  it('is what was replaced named once it is a week old', () => {
    const kept = [6, 7].map((ageDays) => ({ name: `sira_before_${ageDays}`, mb: 500, ageDays }));
    expect(overdue(found({ contents: { kept } }).contents)).toEqual([
      'sira_before_7 (500 MB) was replaced 7 days ago: drop it when nobody needs it',
    ]);
  });
});

it.each([
  [1, '1 second'],
  [119, '119 seconds'],
  [7_199, '119 minutes'],
  [7_200, '2 hours'],
  [172_800, '2 days'],
])('%d seconds are %s', (seconds, words) => expect(spoken(seconds)).toBe(words));
