import { REDIS } from '../../../cluster/fixtures/saveit.ts';
import type { Lane } from './lane.ts';
import { escalates, play, resolves } from './play.ts';
import { anyLeft, nameOf, podsOf, see } from './seen.ts';
import { whole } from './settle.ts';
import type { Asked, Said, Story } from './story.ts';

const RUNBOOK = 'saveit/redis-unreachable';
const alert = { name: 'RedisUnreachable', value: 1 };
const REFUSED = { exitCode: 1, text: 'Could not connect to Redis at redis:6379: Connection refused' };

/** A Redis with a volume: dead, it is made new; while it reads its data it is left alone. */
export async function redis(lane: Lane): Promise<void> {
  await dead(lane);
  await loading(lane);
}

async function dead(lane: Lane): Promise<void> {
  const name = 'a Redis that does not answer';
  const before = await pods(lane);
  const story: Story = {
    runbook: RUNBOOK,
    alert,
    felt: false,
    ill: (seen) => anyLeft(seen, before),
    inside: (asked, seen) => (anyLeft(seen, before) ? onlyRedis(asked, REFUSED) : onlyRedis(asked, answering(asked))),
  };
  await play(lane, name, story, async (trial) => {
    await resolves(lane, name, trial, ['Restart Redis']);
    const after = await pods(lane);
    lane.results.equal(`${name}: its pod is new`, [after.length, after.some((pod) => before.includes(pod))], [1, false]);
    const { spec } = (await see(lane)).pods.find((pod) => nameOf(pod) === after[0]) ?? {};
    const claims = spec?.volumes?.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
    lane.results.equal(`${name}: on the same volume`, claims, ['redis-data']);
  });
  await whole(lane);
}

async function loading(lane: Lane): Promise<void> {
  const name = 'a Redis that reads its data';
  const before = await pods(lane);
  const said = { exitCode: 0, text: 'LOADING Redis is loading the dataset in memory' };
  const story: Story = { runbook: RUNBOOK, alert, felt: false, ill: () => true, inside: (asked) => onlyRedis(asked, said) };
  await play(lane, name, story, async (trial) => {
    await escalates(lane, name, trial, /reading its data/);
    lane.results.equal(`${name}: its pod is left`, await pods(lane), before);
  });
}

const onlyRedis = ({ program }: Asked, said: Said): Said =>
  program === 'redis-cli' ? said : { exitCode: 127, text: `${program}: not found` };

function answering({ words }: Asked): Said {
  const setting = words.includes('CONFIG') ? words.at(-1) : undefined;
  if (setting === undefined) return { exitCode: 0, text: 'PONG' };
  return { exitCode: 0, text: `${setting}\n${setting === 'appendonly' ? 'yes' : '3600 1'}` };
}

async function pods(lane: Lane): Promise<string[]> {
  return podsOf(await see(lane), REDIS).map(nameOf);
}
