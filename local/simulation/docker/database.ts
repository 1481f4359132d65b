import { iso } from '../../../functions/incident/clock.ts';
import type { Database, DatabaseSession } from '../host/host-state.ts';
import type { DockerEngine } from './engine.ts';

/** PostgreSQL's own numbers, as in a fresh installation. The last few connections are the superuser's. */
export const MAX_CONNECTIONS = 100;
export const RESERVED_CONNECTIONS = 3;
/** Checkpointer, writers, launchers: what `pg_stat_activity` lists beside clients. */
export const BACKGROUND_PROCESSES = 6;

const SIRA_BYTES = 4_831_838_208;
/** What SIRA keeps. Backups have a little less: see `backedUp` in dump-text.ts. */
const TABLES = { users: 41, recommendations: 64, api_keys: 7 };

/** The databases of the simulated PostgreSQL; a healthy pair of them where nobody has asked yet. */
export function databases(engine: DockerEngine): Database[] {
  const { database } = engine.state;
  if (database.databases.length === 0) {
    const { user, name } = engine.parts.settings.database;
    database.databases = [
      { name: 'postgres', owner: user, bytes: 7_684_771, tables: {}, open: true, comment: '' },
      { name, owner: engine.parts.settings.database.applicationRole, bytes: SIRA_BYTES, tables: TABLES, open: true, comment: '' },
    ];
  }
  return database.databases;
}

export function databaseCalled(engine: DockerEngine, name: string): Database | undefined {
  return databases(engine).find((database) => database.name === name);
}

/** Every client that is connected: those of faults, as long as PostgreSQL has not been started anew, and a well system's own. */
export function sessions(engine: DockerEngine): DatabaseSession[] {
  const { database, containers } = engine.state;
  const { services } = engine.parts.settings;
  const db = containers.find(({ service }) => service === services.db);
  if (db?.state !== 'running') return [];
  database.sessions = database.sessions.filter(({ since }) => since >= db.startedAt);
  const backend = containers.find(({ service }) => service === services.backend);
  return [...(backend?.state === 'running' ? ordinary(engine) : []), ...database.sessions];
}

/** The backend's pool, most of it idle for a moment, and the one that watches. */
function ordinary(engine: DockerEngine): DatabaseSession[] {
  const { applicationRole, name } = engine.parts.settings.database;
  const one = (at: number, role: string, application: string, state: DatabaseSession['state']): DatabaseSession => {
    const moment = iso(new Date(engine.now() - (at + 1) * 900));
    return {
      ...{ pid: 60 + at, role, database: name, application, state },
      ...{ since: moment, stateChange: moment, queryStart: moment, query: 'SELECT 1' },
    };
  };
  const pool = Array.from({ length: 7 }, (_, at) => one(at, applicationRole, 'sira-backend', at === 0 ? 'active' : 'idle'));
  return [...pool, one(7, 'postgres_exporter', 'postgres_exporter', 'idle')];
}

/** How many connections are left for whoever is not a superuser. */
export function slotsLeft(engine: DockerEngine): number {
  return MAX_CONNECTIONS - RESERVED_CONNECTIONS - sessions(engine).length;
}

/** Whether the application's own database is not there, or lets nobody in. */
export function shut(engine: DockerEngine): boolean {
  return !databaseCalled(engine, engine.parts.settings.database.name)?.open;
}
