import type { HostNeeds } from '../language/system.ts';

/** What `host-readiness` finds, as far as the review of SIRA's page needs it. */
export interface Found {
  missingTools: string[];
  paths: { path: string; kind: string; readable: boolean; writable: boolean }[];
  docker: string;
  dockerError: string;
  compose: string;
  composeError: string;
  services: { service: string; container: string }[];
}

/** The programs that the page's own commands call on the host. */
export const PAGE_TOOLS = ['docker', 'curl', 'df', 'du', 'find', 'free', 'gzip', 'iostat', 'openssl', 'certbot', 'ps'];

/** The paths that the page names. */
export function pagePaths({ stack, folders }: HostNeeds): string[] {
  return [stack.projectDir, `${stack.projectDir}/${stack.composeFile}`, ...folders.map(({ path }) => path)];
}

/** Where a host is otherwise than the page says, each in a sentence; none when it is as the page says. */
export function differences(found: Found, needs: HostNeeds): string[] {
  const missing = found.paths.filter(({ kind }) => kind === 'missing').map(({ path }) => `${path} is not there`);
  const closed = found.paths
    .filter(
      ({ path, kind, writable }) =>
        kind !== 'missing' && !writable && needs.folders.some((one) => one.path === path && one.access === 'write'),
    )
    .map(({ path }) => `${path} can not be written`);
  return [
    ...found.missingTools.map((tool) => `${tool} is not installed`),
    ...missing,
    ...closed,
    ...(found.docker === '' ? [`Docker does not answer: ${found.dockerError || 'it is not installed'}`] : []),
    ...(found.composeError === ''
      ? servicesOtherwise(found, needs)
      : [`the compose file can not be read: ${found.composeError}`]),
  ];
}

function servicesOtherwise({ services }: Found, needs: HostNeeds): string[] {
  return needs.services.flatMap(({ service, container }) => {
    const found = services.find((one) => one.service === service);
    if (!found) return [`the compose file has no service ${service}`];
    if (found.container === container || found.container === '') return [];
    return [`the container of ${service} is called ${found.container}, and ${container} on the page`];
  });
}

/** In a line for the timeline. */
export function saidOf(found: Found, needs: HostNeeds): string {
  return differences(found, needs).join('; ') || 'tools, paths, services and containers are as the page says';
}
