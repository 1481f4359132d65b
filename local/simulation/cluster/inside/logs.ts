import type { Pod } from '../objects.ts';
import type { LogLine } from '../state.ts';
import { appOf, effectsOn, lifeOf, type World } from '../world.ts';

/** One line every five seconds; those of the last hour can be asked for. Milliseconds. */
const STEP = 5_000;
const WINDOW = 3_600_000;
/** Of the lines that a fault makes, one in so many steps. */
const EVERY_FAULTY = 3;

const PATHS = ['/api/v1/devices', '/api/v1/health/ready', '/api/v1/readings?limit=50', '/api/v1/sites', '/api/v1/savings'];
const REGULAR: Readonly<Record<string, (at: number) => string>> = {
  'saveit-backend': (at) =>
    at % (STEP * 4) === 0
      ? `INFO:     app.mqtt.broker: client sensor-${(at / STEP) % 40} published readings`
      : `INFO:     10.0.1.${(at / STEP) % 200}:0 - "GET ${PATHS[(at / STEP) % PATHS.length]} HTTP/1.1" 200 OK`,
  'saveit-frontend': (at) => `10.0.1.${(at / STEP) % 200} - - "GET / HTTP/1.1" 200 1893`,
  redis: () => '1:M * 100 changes in 300 seconds. Saving...',
};

/** What a pod's container has said, the oldest first: of its present run, or of the one before. */
export function logLines(world: World, pod: Pod, previous: boolean): LogLine[] {
  const status = pod.status.containerStatuses[0];
  const { said } = lifeOf(world, pod);
  const last = status?.lastState.terminated;
  const startedAt = status?.state.running?.startedAt ?? status?.state.terminated?.startedAt ?? last?.startedAt;
  const [from, until] = previous ? [last?.startedAt, last?.finishedAt] : [startedAt, undefined];
  const begins = Math.floor(Date.parse(from ?? '') / 1_000) * 1_000 || 0;
  const ends = until === undefined ? world.now : Date.parse(until) + 1_000;
  const own = said.filter(({ at }) => Date.parse(at) >= begins && Date.parse(at) <= ends);
  const running = status?.state.running || previous ? periodic(world, pod, begins, ends) : [];
  return [...running, ...own].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Always the same for the same moment, so nothing grows on disk. */
function periodic(world: World, pod: Pod, begins: number, ends: number): LogLine[] {
  const regular = REGULAR[appOf(pod)];
  if (!regular || begins === 0) return [];
  const faulty = effectsOn(world, pod).flatMap(({ lines = [] }) => lines);
  const since = Math.max(0, ...world.active().map((one) => one.since));
  const first = Math.ceil(Math.max(begins, ends - WINDOW) / STEP) * STEP;
  const count = Math.max(0, Math.floor((ends - first) / STEP) + 1);
  return Array.from({ length: count }, (_, n) => {
    const at = first + n * STEP;
    const ill = at >= since && faulty.length > 0 && n % EVERY_FAULTY === 0;
    return { at: new Date(at).toISOString(), text: ill ? (faulty[n % faulty.length] ?? '') : regular(at) };
  });
}
