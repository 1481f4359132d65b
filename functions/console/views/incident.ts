import type { Claim } from '../../incident/claim.ts';
import type { Incident } from '../../incident/incident.ts';

/** An incident as the API gives it. */
export interface IncidentView {
  id: string;
  system: string;
  alert: string;
  target: string;
  runbook: string | null;
  title: string;
  severity: string;
  status: Incident['status'];
  automation: Incident['automation'];
  origin: Incident['origin'];
  openedAt: string;
  openedBy: Incident['openedBy'];
  acknowledgedAt: string | null;
  acknowledgedBy: Incident['acknowledgedBy'];
  resolvedAt: string | null;
  resolvedBy: Incident['openedBy'] | null;
  resolution: string | null;
  seen: number;
  stop: Incident['stop'];
  /** The role that has it first, where the automation or a person has said so. */
  responder: string | null;
  ladder: Incident['ladder'];
  snoozed: Incident['snoozed'];
  /** How often it has fired again just after its end. */
  reopened: number;
  closedAt: string | null;
  closedBy: Incident['openedBy'] | null;
  run: number;
  runs: Incident['runs'][string][];
}

/** @param claim its dedup key's, if somebody holds that: while an incident is open, the claim counts the signals */
export function incidentView(incident: Incident, claim: Pick<Claim, 'incidentId' | 'seen'> | undefined): IncidentView {
  const over = 'resolvedBy' in incident ? incident : undefined;
  const closed = incident.status === 'closed' ? incident : undefined;
  return {
    id: incident.id,
    system: incident.system,
    alert: incident.alert,
    target: incident.target,
    runbook: incident.runbook,
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    automation: incident.automation,
    origin: incident.origin,
    openedAt: incident.openedAt,
    openedBy: incident.openedBy,
    acknowledgedAt: incident.acknowledgedAt,
    acknowledgedBy: incident.acknowledgedBy,
    resolvedAt: incident.resolvedAt,
    resolvedBy: over?.resolvedBy ?? null,
    resolution: over?.resolution ?? null,
    seen: claim?.incidentId === incident.id ? claim.seen : incident.seen,
    stop: incident.stop,
    responder: incident.responder,
    ladder: incident.ladder,
    snoozed: incident.snoozed,
    reopened: incident.reopened?.times ?? 0,
    closedAt: closed?.closedAt ?? null,
    closedBy: closed?.closedBy ?? null,
    run: incident.run,
    runs: Object.values(incident.runs),
  };
}
