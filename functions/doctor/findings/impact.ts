import { type Reading, workspaceOf } from '../../../runbooks/language/prometheus.ts';
import { awsCli } from '../../aws-cli.ts';
import type { Registry } from '../../surroundings.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import type { ImpactSeen } from '../impact.ts';

type Part = Omit<Finding, 'area' | 'where'>;

/** Of whoever asks a workspace of Amazon Managed Prometheus. */
const QUERY = 'aps:QueryMetrics';
const FIELDS = { errors: 'queries.errors', requests: 'queries.requests', ready: 'queries.ready' };

/** Whether an incident will be told how users fare: by the readiness endpoint and by Prometheus. */
export function impact(facts: Facts, { systems }: Registry): Finding[] {
  return systems.flatMap(({ id, title }) => {
    const seen = facts.systems.get(id)?.impact;
    if (!seen) return [];
    // Where nobody gave one, that is the finding.
    const given = facts.place.local || facts.given.systems[id]?.given.has('prometheus');
    const parts = [...ofReadiness(id, seen), ...(given ? ofPrometheus(id, seen, facts.place) : [])];
    return parts.map((part) => ({ area: 'impact', where: `${title} (${id})`, ...part }));
  });
}

function ofReadiness(system: string, { told: { readiness } }: ImpactSeen): Part[] {
  const { url, status, error } = readiness;
  if (status === 200) return [];
  const correct = `correct systems.${system}.urls in firebreak.json`;
  const commands = [`curl -i '${url}'`];
  if (status !== 0) {
    const what = `${url} answers ${status}: it is ill now, or this is not where it says whether it is ready.`;
    return [
      { severity: 'warning', check: 'readiness-not-ready', what, fix: `Look at what it answers, or ${correct}.`, commands },
    ];
  }
  const what = `${url} gives no answer here (${error}). Without one nothing is proven well, and every run ends at a person.`;
  const fix = `See that the functions reach it, through a vpc in firebreak.json where it is private, or ${correct}.`;
  return [{ severity: 'warning', check: 'readiness-silent', what, fix, commands }];
}

function ofPrometheus(system: string, { by, told }: ImpactSeen, { local, endpoint }: Facts['place']): Part[] {
  const { prometheus } = by;
  const setting = `systems.${system}.prometheus`;
  if (prometheus === null) {
    const what =
      'no Prometheus is given, so no incident tells how many requests fail, and nothing proves that they no longer do.';
    return [{ severity: 'note', check: 'prometheus-none', what, fix: `Give ${setting} in firebreak.json, where there is one.` }];
  }
  if (!local && /\.svc(\.|$)/.test(new URL(prometheus).hostname)) {
    const what = `${prometheus} is a name that only pods of the cluster know. The functions are no pods, so they are told nothing.`;
    const fix = `Let an internal load balancer stand before it, put the functions into a vpc that reaches that, and give its address as ${setting}.`;
    return [{ severity: 'error', check: 'prometheus-in-cluster', what, fix }];
  }
  const { now } = told.requests;
  const silent = [now, told.errors.now].find((reading) => reading.state === 'unknown');
  if (silent) return [notTold(setting, prometheus, silent, awsCli(endpoint))];
  return [
    ...(now.state === 'no data' ? [noRequests(system, prometheus, by.requestRate)] : []),
    ...(told.wasReady?.state === 'no data' ? [neverReady(system, prometheus)] : []),
  ];
}

function notTold(setting: string, prometheus: string, { why }: Reading & { state: 'unknown' }, aws: string): Part {
  const what = `${prometheus} does not tell how many requests there are, or fail: ${why}. Incidents say "unknown" then, and what must prove it again ends at a person.`;
  const part = { severity: 'warning', check: 'prometheus-silent', what } as const;
  const workspace = workspaceOf(prometheus);
  if (!workspace) {
    const fix = `See that the functions reach it, through a vpc in firebreak.json where it is private, or correct ${setting} and the queries beside it.`;
    return { ...part, fix, commands: [`curl -sS '${prometheus}/api/v1/query?query=vector(1)'`] };
  }
  const fix = `The functions get the right ${QUERY} from the stack; whoever asks from here needs it, too. See that the workspace is there, or correct ${setting}.`;
  const commands = [`${aws} amp describe-workspace --region ${workspace.region} --workspace-id ${workspace.id}`];
  return { ...part, fix, commands };
}

function noRequests(system: string, prometheus: string, query: string): Part {
  const what = `${prometheus} answers, and has nothing for ${query}, so nobody is told how many users there are.`;
  const fix = `See that it scrapes the application, or correct systems.${system}.${FIELDS.requests} in firebreak.json.`;
  return { severity: 'warning', check: 'prometheus-no-requests', what, fix };
}

function neverReady(system: string, prometheus: string): Part {
  const what = `${prometheus} does not know whether it was ready an hour ago, so an incident can't tell what is new.`;
  const fix = `Let it probe the readiness endpoint (docs/alerts/README.md), or correct systems.${system}.${FIELDS.ready} in firebreak.json.`;
  return { severity: 'note', check: 'prometheus-no-readiness', what, fix };
}
