import { failed, ok } from '../docker/flags.ts';
import { aws } from './aws.ts';
import { certbot, certbotRuns } from './certbot.ts';
import { curl } from './curl.ts';
import { dmesg, free, ps } from './memory.ts';
import { openssl } from './openssl.ts';
import type { Tool } from './tool.ts';

/** Of timers only certbot's can be off: a certificate comes near its end where nothing renews it. */
const systemctl: Tool = ({ engine }, { args }) => {
  if (!args.includes('is-active')) return ok();
  const off =
    args.some((word) => /certbot/.test(word)) && Object.keys(engine.state.faults).some((id) => /^certificate-/.test(id));
  return off ? failed('', 3, 'inactive\n') : ok('active');
};

/** `ps -C <name> -o pid=`: of one program. */
const named: Tool = (machine, { args }) =>
  args[args.indexOf('-C') + 1] === 'certbot' && certbotRuns(machine) ? ok(' 48211') : failed('', 1);

const IOSTAT = 'Device r/s w/s rkB/s wkB/s r_await w_await aqu-sz %util\nnvme0n1 4.10 22.40 96.00 512.00 0.61 1.20 0.02 3.20\n';

/**
 * The tools of the machine itself. What is not told of elsewhere says what a well host says.
 */
export const MACHINE_TOOLS: Record<string, Tool | undefined> = {
  curl: (machine, call) => curl(call, machine.answer),
  aws: ({ settings }, { args }) => aws(settings, args),
  free,
  openssl,
  ps: (machine, call) => (call.args.includes('-C') ? named(machine, call) : ps(machine, call)),
  dmesg,
  nproc: () => ok('2'),
  hostname: ({ hostname }) => ok(hostname),
  uptime: () => ok(' 03:14:00 up 33 days,  4:02,  0 users,  load average: 0.42, 0.38, 0.35'),
  // Two reports, however many are asked for.
  iostat: () => ok(`${IOSTAT}\n${IOSTAT}`),
  systemctl,
  certbot: (machine, { args }) => certbot(machine, args),
  psql: () =>
    failed('psql: error: connection to server on socket "/run/postgresql/.s.PGSQL.5432" failed: No such file or directory', 2),
  logger: () => ok(),
};
