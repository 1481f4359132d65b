import { rank, type SeverityScheme } from '../../runbooks/language/severity.ts';
import { idFrom } from '../incident/ids.ts';
import type { Incident } from '../incident/incident.ts';
import { withoutLinks } from '../links/conceal.ts';
import type { PagerdutyEvent } from './enqueue.ts';

/** PagerDuty's limits. */
const SUMMARY_LIMIT = 1_024;
/** An event is 512 KB at most: a page's text is far shorter, and the whole of it is in the mail. */
const MESSAGE_LIMIT = 10_000;

/** Its severities, from the worst down; what is below the fourth is told as that. */
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

/** What a page says. */
export interface AlertText {
  subject: string;
  message: string;
}

/**
 * The dedup key of an alert: one for each person, because two who share a service must both be told, and one for each climb of the
 * ladder, because an alert that was acknowledged there wakes nobody again.
 * @param contact the person's id
 */
export const dedupKeyOf = (incidentId: string, generation: number, contact: string) => `${incidentId}.${generation}.${contact}`;

/** @returns nothing for a key that is none of ours: people have other incidents in PagerDuty, too */
export function ofDedupKey(key: string): { incidentId: string; generation: number; contact: string } | undefined {
  const [, incidentId, generation, contact] = /^([0-9A-Z]{12})\.(\d{1,6})\.([a-z0-9-]+)$/.exec(key) ?? [];
  return incidentId && generation && contact ? { incidentId, generation: Number(generation), contact } : undefined;
}

/** The id of PagerDuty's own event, as it is kept: theirs may be of any length. */
export const heardId = (eventId: string) => idFrom('pagerduty', eventId);

/** An alert by the published schema of Events API v2. @param url of the incident's page, where there is one */
export function triggered(
  incident: Incident,
  severities: SeverityScheme,
  dedupKey: string,
  { subject, message }: AlertText,
  url: string | undefined,
): PagerdutyEvent {
  const { id, system, alert, target, runbook, severity, title, openedAt } = incident;
  return {
    event_action: 'trigger',
    dedup_key: dedupKey,
    client: 'Firebreak',
    ...(url !== undefined && { client_url: url, links: [{ href: url, text: 'The incident' }] }),
    payload: {
      summary: cut(subject || title, SUMMARY_LIMIT),
      source: target || system,
      severity: SEVERITIES[Math.min(rank(severities, severity), SEVERITIES.length - 1)] ?? 'critical',
      timestamp: openedAt,
      component: target || system,
      group: system,
      ...(alert && { class: alert }),
      custom_details: {
        incident: id,
        severity,
        title,
        opened: openedAt,
        runbook: runbook ?? 'none',
        // Everybody who sees the service there would act in this person's name.
        page: cut(withoutLinks(message), MESSAGE_LIMIT),
      },
    },
  };
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 3)}...` : text);
