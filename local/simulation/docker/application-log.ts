import { patterns } from '../faults/errors.ts';
import type { Container } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok, readFlags } from './flags.ts';
import { applicationLines } from './logs.ts';

/** `tail` inside a container: of the backend's own log, which is made when it is asked for. Following it is not simulated. */
export function tail(engine: DockerEngine, container: Container, args: string[]): ShimAnswer {
  const flags = readFlags(args, ['bytes|c', 'lines|n'], ['quiet|q']);
  const [file = ''] = flags.words;
  if (engine.spec(container).key !== 'backend' || file !== engine.parts.settings.applicationLog)
    return failed(`tail: cannot open '${file}' for reading: No such file or directory`);
  const lines = applicationLines(engine, container, patterns(engine.state.faults));
  const text = lines.slice(-Number(flags.value('lines') ?? lines.length)).join('\n');
  return ok(text.slice(-Number(flags.value('bytes') ?? text.length)));
}
