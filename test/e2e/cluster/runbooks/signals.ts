import * as z from 'zod';

const Message = z.looseObject({ status: z.string(), alerts: z.array(z.looseObject({ fingerprint: z.string() })) });

/** What Alertmanager would send as Grafana's own alerting sends it: with values by the letter of the query, and links. */
export function asGrafana(message: object, value: number): object {
  const { alerts, status, ...rest } = Message.parse(message);
  return {
    ...rest,
    status,
    orgId: 1,
    state: status === 'firing' ? 'alerting' : 'ok',
    title: `[${status.toUpperCase()}:${alerts.length}]`,
    version: '1',
    alerts: alerts.map((alert) => ({
      ...alert,
      values: { B: value, C: 1 },
      silenceURL: 'https://grafana.test/alerting/silence/new',
      panelURL: 'https://grafana.test/d/saveit?viewPanel=4',
    })),
  };
}
