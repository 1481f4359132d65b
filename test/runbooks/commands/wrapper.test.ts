import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT_IN_DOUBT, EXIT_TOO_LATE } from '../../../runbooks/commands/exits.ts';
import { type Delivery, type Ended, runScript, temporaryFolder, variables } from './run-command.ts';

const wrapper = readFileSync(new URL('../../../runbooks/commands/wrapper.sh', import.meta.url), 'utf8');
const composed = (body: string, run: 'look' | 'act') => `${wrapper}\ncommand_body() {\n${body}\n}\n${run} </dev/null\n`;
const start = (body: string, run: 'look' | 'act', delivery: Delivery = {}) =>
  runScript(composed(body, run), variables(delivery.raw ?? {}, delivery));
const act = (body: string, delivery: Delivery = {}): Promise<Ended> => start(body, 'act', delivery).ended;
const look = (body: string, delivery: Delivery = {}): Promise<Ended> => start(body, 'look', delivery).ended;

/** A body that leaves one line in a file for each time that it ran. */
function counting(): { body: string; runs: () => number } {
  const file = join(temporaryFolder(), 'runs');
  return { body: `echo ran >>'${file}'`, runs: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0) };
}

describe('an act', () => {
  test('delivered twice runs once, and answers the same', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    const script = `${body}; printf '{"n":1}\\nline two\\n'; echo warned >&2`;
    const [first, second] = [await act(script, { state }), await act(script, { state })];
    expect(first).toMatchObject({ status: 0, stdout: '{"n":1}\nline two\n', stderr: 'warned\n' });
    expect(second).toMatchObject({ status: 0, stdout: first.stdout });
    expect(runs()).toBe(1);
  });

  test('with another key runs again', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    await act(body, { state, key: 'a' });
    await act(body, { state, key: 'b' });
    expect(runs()).toBe(2);
  });

  test('that fails is not tried again, and gives its status both times', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    const script = `${body}; echo '{"failed":["db"]}'; die 'no luck'`;
    const [first, second] = [await act(script, { state }), await act(script, { state })];
    expect(first).toMatchObject({ status: 1, stdout: '{"failed":["db"]}\n', stderr: 'no luck\n' });
    expect(second).toMatchObject({ status: 1, stdout: first.stdout });
    expect(runs()).toBe(1);
  });

  test('ends at its first failing command, an unset variable and a broken pipe included', async () => {
    expect(await act('false; echo on')).toMatchObject({ status: 1, stdout: '\n' });
    expect(await act('false | true; echo on')).toMatchObject({ status: 1, stdout: '\n' });
    expect((await act('echo "$nothing"; echo on')).status).not.toBe(0);
    expect((await act('f() { false; echo on; }; f')).stdout).toBe('\n');
  });

  test('cut off half-way is a doubt from then on, and is not done again', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    const script = `${body}; touch "$FIREBREAK_STATE/reached"; cat "$SSM_fifo"`;
    const fifo = join(temporaryFolder(), 'fifo');
    await act(`mkfifo '${fifo}'`);
    const reached = seen(state, 'reached');
    const cut = start(script, 'act', { state, raw: { fifo } });
    await reached;
    cut.kill();
    await cut.ended;
    const again = await act(script, { state, raw: { fifo } });
    expect(again).toMatchObject({ status: EXIT_IN_DOUBT, stdout: '' });
    expect(again.stderr).toContain('nobody knows how it ended');
    expect(runs()).toBe(1);
  });

  test('that comes too late does nothing, and may still be done in time under the same key', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    const late = await act(body, { state, notAfter: 1_000_000_000 });
    expect(late).toMatchObject({ status: EXIT_TOO_LATE, stdout: '' });
    expect(late.stderr).toContain('2001-09-09T01:46:40Z');
    expect(runs()).toBe(0);
    expect((await act(body, { state })).status).toBe(0);
    expect(runs()).toBe(1);
  });

  test('that comes too late but was done answers what it did', async () => {
    const state = temporaryFolder();
    await act('echo done', { state });
    expect(await act('echo done', { state, notAfter: 1_000_000_000 })).toMatchObject({ status: 0, stdout: 'done\n' });
  });

  test('delivered four times at once runs once', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    const all = await Promise.all([1, 2, 3, 4].map(() => act(`${body}; echo '{"n":1}'`, { state })));
    expect(all.map(({ status, stdout }) => [status, stdout])).toEqual(Array(4).fill([0, '{"n":1}\n']));
    expect(runs()).toBe(1);
  });

  test('that was undone before it came is not carried out any more', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    expect(await act('echo undone', { state, key: 'a-undo' })).toMatchObject({ status: 0, stdout: 'undone\n' });
    expect((await act(body, { state, key: 'a' })).status).toBe(EXIT_IN_DOUBT);
    expect(runs()).toBe(0);
  });

  test('is undone only when it has ended', async () => {
    const [state, place] = [temporaryFolder(), temporaryFolder()];
    // The pipe holds the act until the undo has been sent, too.
    execFileSync('mkfifo', [join(place, 'gate')]);
    const acted = act(`touch ${place}/begun; read -r < ${place}/gate; echo act >> ${place}/order`, { state, key: 'a' });
    while (!existsSync(join(place, 'begun'))) await new Promise((resolve) => setImmediate(resolve));
    const undone = act(`echo undo >> ${place}/order`, { state, key: 'a-undo' });
    writeFileSync(join(place, 'gate'), 'go\n');
    await Promise.all([acted, undone]);
    expect(readFileSync(join(place, 'order'), 'utf8')).toBe('act\nundo\n');
  });

  test('clears away markers older than a week, and no younger ones', async () => {
    const state = temporaryFolder();
    await act('echo old', { state, key: 'old' });
    await act('echo young', { state, key: 'young' });
    const aged = Date.now() / 1_000 - 8 * 86_400;
    for (const file of readdirSync(state).filter((name) => name.startsWith('old.'))) utimesSync(join(state, file), aged, aged);
    await act('echo new', { state, key: 'new' });
    expect(readdirSync(state).some((name) => name.startsWith('old.'))).toBe(false);
    expect(readdirSync(state)).toEqual(expect.arrayContaining(['young.result', 'young.started', 'new.result']));
  });

  test('on a disk without room for a marker runs once all the same', async () => {
    const [memory, { body, runs }] = [temporaryFolder(), counting()];
    const script = composed(`${body}; echo '{"n":1}'`, 'act');
    const environment = { ...variables({}, { state: '/proc/no-room' }), FIREBREAK_MEMORY: memory };
    const [first, second] = [await runScript(script, environment).ended, await runScript(script, environment).ended];
    expect([first, second]).toMatchObject(Array(2).fill({ status: 0, stdout: '{"n":1}\n' }));
    expect(runs()).toBe(1);
  });

  test('without room for a marker anywhere does nothing', async () => {
    const { body, runs } = counting();
    expect((await act(body, { state: '/proc/no-room' })).status).not.toBe(0);
    expect(runs()).toBe(0);
  });

  test('refuses a key that is a path', async () => {
    expect((await act('echo on', { key: '../x' })).stderr).toContain('key: expected');
  });
});

describe('a look', () => {
  test('runs as often as it is delivered, and leaves no marker', async () => {
    const [state, { body, runs }] = [temporaryFolder(), counting()];
    await look(body, { state });
    await look(body, { state });
    expect(runs()).toBe(2);
    expect(readdirSync(state)).toEqual([]);
  });

  test('that comes too late is refused', async () => {
    expect((await look('echo on', { notAfter: 1 })).status).toBe(EXIT_TOO_LATE);
  });
});

test('an agent that hands over no variables is told to be too old', async () => {
  const { status, stderr } = await runScript(composed('echo on', 'act'), { FIREBREAK_STATE: temporaryFolder() }).ended;
  expect(status).not.toBe(0);
  expect(stderr).toContain('the SSM agent is older than 3.3.2746.0');
});

describe('a hostile value', () => {
  const place = mkdtempSync(join(tmpdir(), 'firebreak-hostile-'));
  const hostile = [
    `$(touch ${place}/x)`,
    `\`touch ${place}/x\``,
    `"; touch ${place}/x; "`,
    `'; touch ${place}/x; '`,
    `a\ntouch ${place}/x`,
    `x[$(touch ${place}/x)]`,
    `-n $(touch ${place}/x)`,
    '*',
  ];

  test.each(hostile)('is never run: %j', async (value) => {
    writeFileSync(join(place, 'list'), '');
    await look('json_string "$SSM_p"; split_words "$SSM_p"; json_strings "${words[@]}"; whole_number p "$SSM_p"', {
      raw: { p: value },
    });
    await act('whole_number p "$SSM_p"', { raw: { p: value }, key: value });
    const { SSM_notAfter: _, ...rest } = variables({}, {});
    const refused = await runScript(composed('echo on', 'act'), { ...rest, SSM_notAfter: value }).ended;
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(readdirSync(place)).toEqual(['list']);
  });

  test.each(hostile)('is the same text as a JSON string: %j', async (value) => {
    const { stdout } = await look('json_string "$SSM_p"', { raw: { p: value } });
    expect(JSON.parse(stdout)).toBe(value);
  });
});

describe('json_string', () => {
  const told = async (body: string): Promise<unknown> => JSON.parse((await look(body)).stdout);

  test('keeps quotes, backslashes, control characters and other alphabets', async () => {
    const text = 'a"b\\c/\b\f\n\r\t\u0001\u001f & é € 😀';
    expect(JSON.parse((await look('json_string "$SSM_p"', { raw: { p: text } })).stdout)).toBe(text);
  });

  test('says where bytes are no UTF-8', async () => {
    expect(await told("json_string $'a\\xffb\\xc3(\\xed\\xa0\\x80'")).toBe('a\ufffdb\ufffd(\ufffd\ufffd\ufffd');
  });

  test('cuts what is too long', async () => {
    expect(await told("json_string \"$(head -c 1000000 /dev/zero | tr '\\0' '\"')\"")).toBe('"'.repeat(2_000));
  });
});

/** Resolves once the folder has a file of that name. */
function seen(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    });
  });
}
