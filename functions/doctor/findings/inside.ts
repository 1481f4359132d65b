import type { HostNeeds } from '../../../runbooks/language/system.ts';
import type { Readiness } from '../facts.ts';
import { type Finding, spoken } from '../finding.ts';
import { TOOLS } from '../tools.ts';

type Facts = Extract<Readiness, { facts: unknown }>;
type Part = Omit<Finding, 'area' | 'where'>;

/** A command that is refused by a host as too late is refused 45 s after it was decided on: so far a clock may be wrong. */
const MOST_SKEW_SECONDS = 20;

/**
 * What one host lacks of what it needs.
 * @param ownTime whether the host lives by another clock than the doctor's, as a simulated one does
 */
export function inside(readiness: Facts, needs: HostNeeds | undefined, ownTime: boolean): Part[] {
  const { facts } = readiness;
  return [
    ...tools(facts),
    ...docker(facts),
    ...(needs ? [...paths(facts, needs), ...(facts.compose ? services(facts, needs) : [])] : []),
    ...(ownTime ? [] : clock(readiness)),
    ...(facts.markersWritable ? [] : [markers()]),
  ];
}

function tools({ missingTools, notGnu }: Facts['facts']): Part[] {
  const missing = TOOLS.filter(({ name }) => missingTools.includes(name));
  const byPackage = Map.groupBy(missing, (tool) => `${tool.package} ${tool.severity} ${tool.for}`);
  const found = [...byPackage.values()].flatMap((alike): Part[] => {
    const [first] = alike;
    if (!first) return [];
    const names = spoken(alike.map(({ name }) => name));
    const what = `${names} ${alike.length === 1 ? 'is' : 'are'} not there, needed for ${first.for}.`;
    return [{ severity: first.severity, check: 'tool-missing', what, fix: `Install the package ${first.package}.` }];
  });
  if (notGnu.length === 0) return found;
  const what = `${spoken(notGnu)} ${notGnu.length === 1 ? 'is' : 'are'} not GNU's (BusyBox, perhaps), and the scripts ask for what only GNU's can do.`;
  return [...found, { severity: 'error', check: 'tool-not-gnu', what, fix: 'Install the packages coreutils and findutils.' }];
}

function docker({ docker, dockerError, compose }: Facts['facts']): Part[] {
  if (docker === '' && dockerError === '')
    return [
      {
        severity: 'error',
        check: 'docker-missing',
        what: 'docker is not there.',
        fix: 'Install Docker, or see that its program is on the PATH of the SSM agent (/usr/bin, /usr/local/bin).',
      },
    ];
  const silent: Part = {
    severity: 'error',
    check: 'docker-silent',
    what: `Docker does not answer: ${dockerError}.`,
    fix: 'Start it, and see that the agent runs as root or may use its socket.',
    commands: ['sudo systemctl enable --now docker'],
  };
  const none: Part = {
    severity: 'error',
    check: 'compose-missing',
    what: 'there is neither docker compose nor docker-compose.',
    fix: 'Install the Compose plugin where the SSM agent finds it: /usr/libexec/docker/cli-plugins or /usr/local/lib/docker/cli-plugins. One in the home of a user is not seen.',
  };
  return [...(docker === '' ? [silent] : []), ...(compose === '' ? [none] : [])];
}

function paths({ paths }: Facts['facts'], { stack, folders }: HostNeeds): Part[] {
  const wanted = [
    { path: stack.projectDir, what: 'the folder of the stack', kind: 'folder', field: 'projectDir', access: 'read' },
    {
      path: `${stack.projectDir}/${stack.composeFile}`,
      what: 'the compose file',
      kind: 'file',
      field: 'composeFile',
      access: 'read',
    },
    ...folders.map((folder) => ({ ...folder, what: `the folder of ${folder.what}`, kind: 'folder', field: folder.what })),
  ];
  return wanted.flatMap(({ path, what, kind, field, access }): Part[] => {
    const found = paths.find((one) => one.path === path);
    if (!found) return [];
    const where = `${path}, ${what},`;
    const correct = `or correct ${field} in firebreak.json.`;
    if (found.kind === 'missing')
      return [{ severity: 'error', check: 'path-missing', what: `${where} is not there.`, fix: `Make it, ${correct}` }];
    if (found.kind !== kind)
      return [{ severity: 'error', check: 'path-odd', what: `${where} is no ${kind}.`, fix: `Look at it, ${correct}` }];
    const lacking = !found.readable ? 'read' : access === 'write' && !found.writable ? 'written to' : undefined;
    if (lacking === undefined) return [];
    const owner = `it belongs to ${found.owner}, mode ${found.mode}`;
    const fix =
      'Let the agent run as root, which is its default, or give its user the right; see also that the disk is not mounted read-only.';
    return [{ severity: 'error', check: 'path-closed', what: `${where} can not be ${lacking}: ${owner}.`, fix }];
  });
}

function services({ composeError, services, compose }: Facts['facts'], needs: HostNeeds): Part[] {
  const file = `${needs.stack.projectDir}/${needs.stack.composeFile}`;
  if (composeError !== '') {
    const fix = 'Run it on the host as root: what it needs of the environment (.env, variables) must be there for root, too.';
    const command = `cd ${needs.stack.projectDir} && sudo ${compose.replace(/ [^ ]*$/, '')} -p ${needs.stack.composeProject} -f ${needs.stack.composeFile} config --quiet`;
    return [
      {
        severity: 'error',
        check: 'compose-unreadable',
        what: `Compose can not read ${file}: ${composeError}.`,
        fix,
        commands: [command],
      },
    ];
  }
  return needs.services.flatMap(({ service, container }): Part[] => {
    const found = services.find((one) => one.service === service);
    if (!found) {
      const has = spoken(services.map((one) => one.service)) || 'none at all';
      const fix =
        'Correct services in firebreak.json, or the compose file; a service of a profile that is not on does not count.';
      return [
        { severity: 'error', check: 'service-missing', what: `the compose file has no service ${service}; it has ${has}.`, fix },
      ];
    }
    const own = ['-', '_'].map((joint) => [needs.stack.composeProject, service, '1'].join(joint));
    if (found.container === container || (found.container === '' && own.includes(container))) return [];
    const named = found.container === '' ? `Compose names it (${own[0]})` : `it is called ${found.container}`;
    const fix = 'Correct containers in firebreak.json, or container_name in the compose file.';
    return [
      {
        severity: 'error',
        check: 'container-name',
        what: `the container of ${service} is not called ${container}: ${named}, so its log and its database are not found.`,
        fix,
      },
    ];
  });
}

function clock({ facts, asked, answered }: Facts): Part[] {
  const off = facts.now < asked ? facts.now - asked : facts.now > answered ? facts.now - answered : 0;
  if (Math.abs(off) <= MOST_SKEW_SECONDS) return [];
  const [side, harm] =
    off > 0 ? ['ahead', 'it refuses commands as too late'] : ['behind', 'it carries out commands that are too late'];
  const what = `its clock is ${Math.abs(off)} s ${side} of this machine's: ${harm}, and ages are told wrongly.`;
  const fix = 'Let it follow a time server; if this machine is the one that is wrong, mend that one.';
  return [{ severity: 'error', check: 'clock-off', what, fix, commands: ['chronyc tracking'] }];
}

function markers(): Part {
  return {
    severity: 'warning',
    check: 'markers',
    what: '/var/lib/firebreak can not be written: what was begun is remembered in memory only, and a restart of the host forgets it.',
    fix: 'Let the agent run as root, which is its default, and mount /var/lib so that it can be written.',
  };
}
