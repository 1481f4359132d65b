import { podRuns } from '../../../cluster/pods.ts';
import type { Lane } from './lane.ts';
import { escalates, play, resolves } from './play.ts';
import { anyLeft } from './seen.ts';
import { backends, laneFolder, whole } from './settle.ts';
import type { Story } from './story.ts';

const RUNBOOK = 'saveit/mqtt-broker-down';
const REPLACE = 'Make the pods whose port is closed new';
const alert = { name: 'MqttBrokerDown', value: 1 };

/** Each pod of the backend has a broker of its own. */
export async function broker(lane: Lane): Promise<void> {
  const name = 'a port that is closed on one pod of three';
  const before = (await backends(lane)).sort();
  const [shut = '', ...others] = before;
  for (const pod of before)
    await podRuns(laneFolder(lane), { namespace: lane.name, name: pod }, { TOOL_PORT: String(lane.world.toolPort), POD: pod });
  const story: Story = {
    runbook: RUNBOOK,
    alert: { ...alert, form: 'grafana' },
    felt: false,
    ill: (seen) => anyLeft(seen, [shut]),
    inside: ({ program, pod }) =>
      program !== 'nc'
        ? { exitCode: 127, text: `${program}: not found` }
        : pod === shut
          ? { exitCode: 1, text: 'nc: connect to localhost port 1883 (tcp) failed: Connection refused' }
          : { exitCode: 0, text: 'Connection to localhost 1883 port [tcp/*] succeeded!' },
  };
  await play(lane, name, story, async (trial) => {
    await resolves(lane, name, trial, [REPLACE]);
    const after = await backends(lane);
    const left = after.filter((pod) => before.includes(pod)).sort();
    lane.results.equal(`${name}: it was made new, and no other`, [after.length, left], [3, others]);
  });
  await whole(lane);
  await noNetcat(lane);
}

async function noNetcat(lane: Lane): Promise<void> {
  const name = 'an image without nc';
  const before = (await backends(lane)).sort();
  await play(lane, name, { runbook: RUNBOOK, alert, felt: false, ill: () => true }, async (trial) => {
    await escalates(lane, name, trial, /unknown whether the port is open/);
    lane.results.equal(`${name}: no pod was made new`, (await backends(lane)).sort(), before);
  });
}
