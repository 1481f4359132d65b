import { code, table, text } from '../markdown.ts';
import { type ClusterIdentity, type RoleRule, reach } from './cluster-roles.ts';

/** What a runbook may do in its cluster, as a table for the person who lets it in. */
export function clusterRightsTable({ rules, everywhere }: ClusterIdentity): string {
  return table(
    ['Verbs', 'On', 'Only', 'For'],
    [...rules.map((rule) => row(rule, '')), ...everywhere.map((rule) => row(rule, ' (of the whole cluster)'))],
  );
}

function row(rule: RoleRule, where: string): string[] {
  const { group, resource, verbs, names = [], for: needed } = rule;
  const far = reach(rule);
  return [
    verbs.map(code).join(', '),
    `${code(group === '' ? resource : `${resource} of ${group}`)}${where}`,
    names.map(code).join(', '),
    `${needed.map(text).join('; ')}.${far ? ` **It ${text(far)}.**` : ''}`,
  ];
}
