import type { SaveitSettings } from './system.ts';

/** How the database is asked, and about whose sessions. */
export const asked = ({ database }: SaveitSettings, idleMinutes: number) => ({
  database: database.name,
  secret: database.secret,
  hostKey: database.keys.host,
  userKey: database.keys.user,
  passwordKey: database.keys.password,
  image: database.image,
  role: database.applicationRole,
  idleSeconds: idleMinutes * 60,
});
