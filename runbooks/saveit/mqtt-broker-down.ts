import * as z from 'zod';
import { brokerPorts } from '../cluster/broker-ports.ts';
import { podLogs } from '../cluster/pod-logs.ts';
import { replacePods } from '../cluster/replace-pods.ts';
import { runbook } from '../language/define.ts';
import { metricProbe } from '../language/metric.ts';
import { deployment, pods } from './backend-looks.ts';
import { closed, holds, replace, restartAll, sayPorts, told } from './broker.ts';
import { restartBackend } from './restart-backend.ts';
import { sayPods, sayRollout } from './said.ts';
import { type SaveitSettings, saveit } from './system.ts';

const broker = ({ backend: { selector, container }, mqtt: { port } }: SaveitSettings) => ({ selector, container, port });
const devices = {
  probe: (_: unknown, { queries, prometheus }: SaveitSettings) =>
    metricProbe('messages of devices', { query: queries.devices, prometheus }),
};

/** Save-It's page, "MQTT Broker Down". The broker is a part of the backend's process: each pod has one. */
export default runbook(saveit, 'mqtt-broker-down', {
  title: 'MQTT broker down',
  symptom: 'Devices do not report, and their status is stale.',
  owner: 'oncall',
  // A platform for devices that hears none of them lacks a major feature.
  triggers: [{ alert: 'MqttBrokerDown', severity: 'SEV2' }],
  parameters: z.object({
    lines: z.number().int().min(10).max(2_000).default(500).describe('How many lines of each log to search for MQTT'),
  }),
  people: [
    'An image without nc: whether the port is open is unknown then, and a person looks.',
    'A port that is open while devices do not report: the way from outside (load balancer, certificate, firewall) or the devices themselves.',
  ],
  prevention: [
    'A readiness probe that asks for the port of the broker too: then Kubernetes sends devices only to pods that hear them, and a liveness probe restarts the one that does not.',
    'The messages received as a metric of the backend, by which docs/alerts sees that devices have gone silent.',
  ],
})
  .diagnose('ports', 'See in each pod whether the port is open', {
    command: brokerPorts,
    with: (_, settings) => broker(settings),
    says: sayPorts,
  })
  .diagnose('logs', 'Read what the logs say of MQTT', {
    command: podLogs,
    with: ({ lines }, { backend: { selector, container } }) => ({ selector, container, lines, about: 'mqtt' as const }),
    says: ({ speaksOf, pods }) => `${speaksOf.mqtt} lines of ${pods} pods speak of MQTT`,
  })
  .diagnose('devices', 'See whether devices report', devices)
  .diagnose('pods', 'See the pods', { ...pods, says: sayPods })
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })

  .act('Make the pods whose port is closed new', {
    when: (facts) => replace(facts),
    command: replacePods,
    on: ({ backend }) => [backend.deployment],
    with: (facts, _, { backend }) => ({ deployment: backend.deployment, pods: closed(facts).map(({ pod }) => pod) }),
    says: ({ replaced, tookSeconds }) => `${replaced.join(', ')} replaced, after ${tookSeconds} s`,
  })
  .act('Restart the backend, pod by pod', {
    when: (facts) => restartAll(facts),
    ...restartBackend,
  })

  .verify('The port is open in every pod, and devices report again', {
    looks: {
      ports: { command: brokerPorts, with: (_, settings) => broker(settings) },
      deployment,
      devices,
    },
    holds: ({ ports, deployment, devices }) => holds({ ports, deployment, devices }),
    settle: '15s',
    times: 3,
    every: '30s',
    // Devices try again after minutes, and the rate is one of three more.
    within: '12m',
  })
  .escalate({
    to: 'oncall',
    instead: { infrastructure: ({ pods }) => pods.illNodes.length > 0 },
    tell: (facts) => told(facts),
  })
  .examples(
    {
      name: 'the port is closed on one pod of three, and only that one is made new',
      faults: ['saveit-mqtt-one-pod'],
      alert: { name: 'MqttBrokerDown', value: 1 },
      acts: ['Make the pods whose port is closed new'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the port is closed everywhere',
      faults: ['saveit-mqtt-all'],
      alert: { name: 'MqttBrokerDown', value: 3 },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'nothing counts what devices send: that the port is open is all that can be known',
      faults: ['saveit-mqtt-all', 'saveit-mqtt-uncounted'],
      alert: { name: 'MqttBrokerDown', value: 3 },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the port is open again, and devices stay silent',
      faults: ['saveit-mqtt-all', 'saveit-mqtt-silent'],
      alert: { name: 'MqttBrokerDown', value: 3 },
      acts: ['Restart the backend, pod by pod'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the port is open, and devices are silent: a restart is not for that',
      faults: ['saveit-mqtt-silent'],
      alert: { name: 'MqttBrokerDown', value: 1 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'it stays closed in new pods, too',
      faults: ['saveit-mqtt-stays'],
      alert: { name: 'MqttBrokerDown', value: 3 },
      acts: ['Restart the backend, pod by pod'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'nobody can see the port: the image has no nc',
      faults: ['saveit-mqtt-no-nc'],
      alert: { name: 'MqttBrokerDown', value: 1 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to one new pod',
      faults: ['saveit-deployed', 'saveit-mqtt-one-pod'],
      alert: { name: 'MqttBrokerDown', value: 1 },
      answers: 'approve',
      acts: ['Make the pods whose port is closed new'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to a restart',
      faults: ['saveit-deployed', 'saveit-mqtt-all'],
      alert: { name: 'MqttBrokerDown', value: 3 },
      answers: 'approve',
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says no',
      faults: ['saveit-deployed', 'saveit-mqtt-all'],
      alert: { name: 'MqttBrokerDown', value: 3 },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the cluster goes away between the restart and the look at what came of it',
      faults: ['saveit-mqtt-all', 'saveit-api-leaves'],
      alert: { name: 'MqttBrokerDown', value: 3 },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'a rehearsal changes nothing', faults: ['saveit-mqtt-one-pod'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
