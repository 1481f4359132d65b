import type { Hono } from 'hono';

export interface Route {
  method: string;
  /** As the router has it: `/incidents/:id`. */
  path: string;
}

/** Every route of the console, from the router itself: one that is added tomorrow is among them. What stands before all of them is not. */
export function routesOf(app: Hono): Route[] {
  const all = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }));
  return [...new Map(all.map((route) => [`${route.method} ${route.path}`, route])).values()];
}

export const getsOf = (app: Hono): string[] => routesOf(app).flatMap(({ method, path }) => (method === 'GET' ? [path] : []));

/** An address of that route. @param id of an incident, or of whatever else the route is about */
export function addressOf(path: string, id: string): string {
  const known: Record<string, string> = { system: 'sira', name: 'counted' };
  // Of a file (`:file{[^/]+\\.md}`), whose name is the id, the ending stays.
  return path.replaceAll(/:(\w+)(?:\{[^}]*\\(\.\w+)\})?/g, (_, name: string, ending = '') => {
    return `${known[name] ?? encodeURIComponent(id)}${ending}`;
  });
}
