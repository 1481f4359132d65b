import { deployments } from '../../../runbooks/cluster/kinds.ts';
import { labelsFit } from '../../../runbooks/cluster/parameters.ts';
import { names } from '../../../runbooks/language/names.ts';
import type { ClusterPlace } from '../../../runbooks/language/system.ts';
import { awsCli } from '../../aws-cli.ts';
import type { Registry } from '../../surroundings.ts';
import type { ClusterFacts, Facts, ObjectFacts, RunbookAccess } from '../facts.ts';
import { type Finding, spoken } from '../finding.ts';

type Part = Omit<Finding, 'area' | 'where'> & { where?: string };

/** Whether each system's cluster lets its runbooks do what they are for, and has what the settings name. */
export function cluster(facts: Facts, { systems }: Registry): Finding[] {
  return systems.flatMap(({ id }) => {
    const deployed = facts.given.systems[id];
    const seen = facts.systems.get(id)?.cluster;
    if (!seen || !deployed?.settings.cluster) return [];
    const place = deployed.settings.cluster;
    const parts = deployed.given.has('cluster') || facts.place.local ? ofCluster(id, place, seen, facts) : [notGiven(id, place)];
    return parts.map((part) => ({ area: 'cluster', where: `${place.name} (${id})`, ...part }));
  });
}

function notGiven(id: string, { name, namespace }: ClusterPlace): Part {
  const what = 'nobody named the cluster, so no runbook is let in: each of their steps there fails, and pages.';
  const fix = `Put "cluster": {"name": "${name}", "namespace": "${namespace}"}, with the real names, under systems.${id} in firebreak.json, and deploy.`;
  return { severity: 'error', check: 'cluster-placeholder', what, fix };
}

function ofCluster(id: string, place: ClusterPlace, seen: ClusterFacts, facts: Facts): Part[] {
  const { found } = seen;
  const aws = awsCli(facts.place.endpoint);
  if (found === undefined) return [];
  if (found === null) {
    const fix = `Correct systems.${id}.cluster in firebreak.json, or look in another region.`;
    const commands = [`${aws} eks list-clusters`];
    return [{ severity: 'error', check: 'cluster-missing', what: 'EKS knows no such cluster.', fix, commands }];
  }
  return [
    ...(found.status === 'ACTIVE' || found.status === 'UPDATING' ? [] : [notActive(found.status)]),
    ...(found.authentication === 'CONFIG_MAP' ? [configMap(place.name, aws)] : []),
    ...seen.runbooks.flatMap((access) => ofRunbook(id, access, facts.place)),
    ...seen.objects.flatMap((object) => ofObject(id, place, object)),
    ...(seen.metrics === false ? [noMetrics(place.name, aws)] : []),
  ];
}

function notActive(status: string): Part {
  const fix = 'See what EKS says of its health, and wait for it to be ACTIVE.';
  return { severity: 'error', check: 'cluster-not-active', what: `EKS calls it ${status}, so its API may not answer.`, fix };
}

function configMap(name: string, aws: string): Part {
  const what = 'it knows people and functions by its ConfigMap only, and takes no access entries.';
  const fix = 'Let it take both. There is no way back to the ConfigMap alone.';
  const commands = [`${aws} eks update-cluster-config --name ${name} --access-config authenticationMode=API_AND_CONFIG_MAP`];
  return { severity: 'error', check: 'cluster-config-map', what, fix, commands };
}

function ofRunbook(
  system: string,
  { runbook, group, groups, refused, everything }: RunbookAccess,
  place: Facts['place'],
): Part[] {
  const parts: Part[] = [];
  if (groups === null) {
    const what = `${runbook} has no access entry there: the cluster does not know its function.`;
    parts.push({
      severity: 'error',
      check: 'access-entry-missing',
      what,
      fix: 'Deploy the stack.',
      commands: ['npm run deploy'],
    });
  } else if (groups && !groups.includes(group)) {
    const what = `the access entry of ${runbook} puts it into ${spoken(groups) || 'no group'}, and not into ${group}.`;
    const fix = 'Deploy the stack; if nothing changes, delete the entry first: it was changed by hand.';
    parts.push({ severity: 'error', check: 'access-entry-differs', what, fix, commands: ['npm run deploy'] });
  }
  if (refused && refused.length > 0) {
    const what = `${runbook} may not ${spoken(refused)}, so its steps there fail, and page.`;
    parts.push({ severity: 'error', check: 'right-missing', what, ...applied(system, place) });
  }
  if (everything === true) {
    const what = `${runbook} may do everything in the namespace: its steps need a small part of that.`;
    const fix = `Find what else is bound to the group ${group} or to system:authenticated, and take it away.`;
    parts.push({
      severity: 'warning',
      check: 'right-to-everything',
      what,
      fix,
      commands: ['kubectl get rolebindings,clusterrolebindings -A -o wide'],
    });
  }
  return parts.map((part) => ({ ...part, where: runbook }));
}

/** Local mode's cluster takes no `kubectl apply`: it puts the Roles there itself. */
function applied(system: string, { prefix, local }: Facts['place']): Pick<Finding, 'fix' | 'commands'> {
  if (local) return { fix: 'Start local mode again, which applies them; a fault that forbids changes is switched off first.' };
  const manifest = `cdk.out/${names(prefix).clusterManifest(system)}`;
  const commands = ['npm run synth', `kubectl apply -f ${manifest}`];
  return { fix: 'Apply the manifest, as somebody who may make Roles.', commands };
}

function ofObject(system: string, { namespace }: ClusterPlace, { need, found, containers, labels }: ObjectFacts): Part[] {
  const { kind, name, setting, severity, container, selector } = need;
  const plural = kind === 'workload' ? deployments.plural : kind.plural;
  const correct = `systems.${system}.${setting} in firebreak.json`;
  const commands = [`kubectl get ${plural} -n ${namespace}`];
  if (!found) {
    const what = `there is no ${plural}/${name} in ${namespace}.`;
    return [{ severity, check: 'object-missing', what, fix: `Make it, or correct ${correct}.`, commands }];
  }
  const parts: Part[] = [];
  if (container && containers && !containers.includes(container)) {
    const what = `${plural}/${name} has no container ${container}; it has ${spoken(containers)}.`;
    const fix = `Correct ${correct.replace('.deployment', '.container')}: programs run in it, and its log is read.`;
    parts.push({ severity: 'error', check: 'container-missing', what, fix });
  }
  if (selector && labels && !labelsFit(selector, labels)) {
    const what = `the pods of ${plural}/${name} do not carry ${selector}, so none of them is found.`;
    const fix = `Correct ${correct.replace('.deployment', '.selector')}.`;
    parts.push({
      severity: 'error',
      check: 'selector-differs',
      what,
      fix,
      commands: [`kubectl get pods -n ${namespace} --show-labels`],
    });
  }
  return parts;
}

function noMetrics(name: string, aws: string): Part {
  const what = 'nothing measures what pods use (metrics.k8s.io does not answer), so what is full or busy can not be told.';
  const fix = 'Install the metrics server; if it is there, see its pods.';
  const commands = [`${aws} eks create-addon --addon-name metrics-server --cluster-name ${name}`];
  return { severity: 'error', check: 'metrics-missing', what, fix, commands };
}
