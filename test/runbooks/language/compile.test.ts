import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compile, type State, type StateMachineDefinition } from '../../../runbooks/language/compile.ts';
import { runbook } from '../../../runbooks/language/define.ts';
import type { Runbook } from '../../../runbooks/language/definition.ts';
import { OUTCOMES } from '../../../runbooks/language/outcome.ts';
import { because } from '../../../runbooks/language/reason.ts';
import { deploymentState, kiosk, kioskDown, kioskLook, pulse, restart, wipe } from './kiosk.ts';

const down = compile(kioskDown());
const look = compile(kioskLook());
const edge = compile(longest());

/** Titles of the greatest length that a definition may have, and an undo for each of three acts. */
function longest(): Runbook {
  const title = (letter: string) => letter.repeat(64);
  const act = { when: () => because(''), command: wipe, with: () => ({ tickets: [] }) };
  const undo = { command: restart, with: (_: unknown, p: { part: 'till' | 'screen' }) => ({ service: p.part }) };
  return runbook(kiosk, 'long', {
    title: 'Long',
    symptom: '',
    owner: '',
    triggers: [],
    parameters: z.object({ part: z.enum(['till', 'screen']).default('till') }),
  })
    .diagnose('deployment', title('a'), { command: deploymentState })
    .act(title('b'), { ...act, undo })
    .act(title('c'), act)
    .act(title('d'), { ...act, undo })
    .verify(title('e'), {
      looks: { pulse: { command: pulse } },
      holds: () => true,
      settle: '0s',
      times: 1,
      every: '1s',
      within: '1m',
    })
    .examples();
}

/** Every state with its name, those of parallel branches too. */
function allStates(states: Record<string, State>, inBranch = false): { name: string; state: State; inBranch: boolean }[] {
  return Object.entries(states).flatMap(([name, state]) => [
    { name, state, inBranch },
    ...(state.Type === 'Parallel' ? state.Branches.flatMap((branch) => allStates(branch.States, true)) : []),
  ]);
}

/** Where a state can lead, and on what: `done -> Verify`. */
function ways(state: State | undefined): string[] {
  if (!state) return [];
  if (state.Type === 'Choice')
    return [...state.Choices.map((way) => `${way.StringEquals} -> ${way.Next}`), `else -> ${state.Default}`];
  const next = 'Next' in state && state.Next ? [`then -> ${state.Next}`] : [];
  const caught = 'Catch' in state && state.Catch ? state.Catch.map((way) => `caught -> ${way.Next}`) : [];
  return [...next, ...caught];
}

const graph = ({ States }: StateMachineDefinition) =>
  Object.fromEntries(Object.entries(States).map(([name, state]) => [name, ways(state)]));

describe.each<[string, StateMachineDefinition]>([
  ['with everything', down],
  ['that only looks', look],
  ['with the longest titles', edge],
])('the machine of a runbook %s', (_, machine) => {
  const states = allStates(machine.States);

  it('is valid in the eyes of an independent validator', () => {
    const { isValid, errorsText } = validate(structuredClone(machine));
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
  });

  it('has names of 80 characters at most, each once', () => {
    const names = states.map(({ name }) => name);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(80);
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives each task a time, a retry with jitter, and a way out if it is not a look', () => {
    for (const { name, state, inBranch } of states) {
      if (state.Type !== 'Task') continue;
      expect(state.TimeoutSeconds, name).toBeGreaterThan(0);
      expect(JSON.stringify(state.Retry), name).toContain('"JitterStrategy":"FULL"');
      expect(state.Catch?.map(({ ErrorEquals }) => ErrorEquals) ?? [], name).toEqual(inBranch ? [] : [['States.ALL']]);
    }
  });

  it('branches on outcomes that exist, and has a way for every one', () => {
    for (const { name, state } of states) {
      if (state.Type !== 'Choice') continue;
      const listed = state.Choices.map(({ StringEquals }) => StringEquals);
      expect(OUTCOMES, name).toEqual(expect.arrayContaining(listed));
      expect(new Set(listed).size, name).toBe(listed.length);
      expect(state.Default, name).not.toBe('');
    }
  });

  it('ends well only after a good look, and otherwise at a person', () => {
    const into = Object.entries(graph(machine)).flatMap(([name, edges]) => edges.map((way) => `${name}: ${way}`));
    const good = into.filter((way) => way.endsWith('-> Resolved'));
    expect(good).toEqual([expect.stringMatching(/^(Resolve|Report): done\?: done -> Resolved$/)]);
    expect(into.filter((way) => way.endsWith('-> Escalated')).every((way) => way.startsWith('Escalate:'))).toBe(true);
    expect(machine.States.Escalated).toMatchObject({ Type: 'Fail', Error: 'Escalated' });
  });

  it('is plain JSON with JSONPath and one placeholder, the same each time', () => {
    const text = JSON.stringify(machine);
    expect(JSON.parse(text)).toEqual(machine);
    expect(new Set(text.match(/\$\{[^}]*\}/g))).toEqual(new Set(['${RunStep}']));
    expect(text).not.toContain('QueryLanguage');
  });

  it('names nothing of the input, because {} is enough to start it', () => {
    const open = machine.States.Open;
    expect(JSON.stringify(open?.Type === 'Task' && open.Parameters)).not.toMatch(/"\$\.\w/);
  });
});

describe('the graph', () => {
  it('reads like the runbook', () => {
    expect(graph(down)).toEqual({
      Open: ['then -> Open: done?', 'caught -> Undo: Restart the till'],
      'Open: done?': ['done -> Diagnose', 'failed -> Rejected', 'else -> Undo: Restart the till'],
      Diagnose: ['then -> Restart the till', 'caught -> Undo: Restart the till'],
      'Restart the till': ['then -> Restart the till: done?', 'caught -> Undo: Restart the till'],
      'Restart the till: done?': [
        'running -> Restart the till: wait',
        'done -> Throw old tickets away',
        'skipped -> Throw old tickets away',
        'stale -> Diagnose',
        'ask -> Approve: Restart the till',
        'else -> Undo: Restart the till',
      ],
      'Restart the till: wait': ['then -> Restart the till'],
      'Approve: Restart the till': ['then -> Approve: Restart the till: done?', 'caught -> Undo: Restart the till'],
      'Approve: Restart the till: done?': ['done -> Diagnose', 'else -> Undo: Restart the till'],
      'Throw old tickets away': ['then -> Throw old tickets away: done?', 'caught -> Undo: Restart the till'],
      'Throw old tickets away: done?': [
        'running -> Throw old tickets away: wait',
        'done -> Tickets come out again',
        'skipped -> Tickets come out again',
        'stale -> Diagnose',
        'ask -> Approve: Throw old tickets away',
        'else -> Undo: Restart the till',
      ],
      'Throw old tickets away: wait': ['then -> Throw old tickets away'],
      'Approve: Throw old tickets away': ['then -> Approve: Throw old tickets away: done?', 'caught -> Undo: Restart the till'],
      'Approve: Throw old tickets away: done?': ['done -> Diagnose', 'else -> Undo: Restart the till'],
      'Tickets come out again': ['then -> Tickets come out again: done?', 'caught -> Undo: Restart the till'],
      'Tickets come out again: done?': [
        'running -> Tickets come out again: wait',
        'done -> Resolve',
        'else -> Undo: Restart the till',
      ],
      'Tickets come out again: wait': ['then -> Tickets come out again'],
      Resolve: ['then -> Resolve: done?', 'caught -> Undo: Restart the till'],
      'Resolve: done?': ['running -> Resolve: wait', 'done -> Resolved', 'else -> Undo: Restart the till'],
      'Resolve: wait': ['then -> Resolve'],
      'Undo: Restart the till': ['then -> Undo: Restart the till: done?', 'caught -> Escalate'],
      'Undo: Restart the till: done?': ['running -> Undo: Restart the till: wait', 'else -> Escalate'],
      'Undo: Restart the till: wait': ['then -> Undo: Restart the till'],
      Escalate: ['then -> Escalated', 'caught -> Escalated'],
      Escalated: [],
      Resolved: [],
      Rejected: [],
    });
  });

  it('looks at everything at once, and records what fails', () => {
    const diagnose = down.States.Diagnose;
    const branches = diagnose?.Type === 'Parallel' ? diagnose.Branches : [];
    expect(branches.map(({ StartAt }) => StartAt)).toEqual([
      'Feel the pulse',
      'Look for a deployment',
      'Look through the front door',
    ]);
    expect(Object.fromEntries(Object.entries(branches[0]?.States ?? {}).map(([name, state]) => [name, ways(state)]))).toEqual({
      'Feel the pulse': ['then -> Feel the pulse: done?'],
      'Feel the pulse: done?': ['running -> Feel the pulse: wait', 'else -> Feel the pulse: recorded'],
      'Feel the pulse: wait': ['then -> Feel the pulse'],
      'Feel the pulse: recorded': [],
    });
  });

  it('of one that only looks goes from the diagnosis to the report', () => {
    expect(graph(look)).toMatchObject({
      Diagnose: ['then -> Report', 'caught -> Escalate'],
      'Report: done?': ['done -> Resolved', 'else -> Escalate'],
    });
  });

  it('undoes in reverse, each whatever became of the one before', () => {
    const [b, d] = ['b'.repeat(64), 'd'.repeat(64)];
    expect(graph(edge)).toMatchObject({
      Diagnose: [`then -> ${b}`, `caught -> Undo: ${d}`],
      [`Undo: ${d}`]: [`then -> Undo: ${d}: done?`, `caught -> Undo: ${b}`],
      [`Undo: ${d}: done?`]: [`running -> Undo: ${d}: wait`, `else -> Undo: ${b}`],
      [`Undo: ${b}`]: [`then -> Undo: ${b}: done?`, 'caught -> Escalate'],
      [`Undo: ${b}: done?`]: [`running -> Undo: ${b}: wait`, 'else -> Escalate'],
    });
    expect(Object.keys(edge.States).some((name) => name.startsWith(`Undo: ${'c'.repeat(64)}`))).toBe(false);
  });

  it('waits for a person with a token, and never asks twice because nobody answered', () => {
    const approve = down.States['Approve: Throw old tickets away'];
    expect(approve).toMatchObject({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', TimeoutSeconds: 1_800 });
    expect(JSON.stringify(approve)).toContain('"taskToken.$":"$$.Task.Token"');
    expect(approve?.Type === 'Task' && JSON.stringify(approve.Retry)).not.toContain('States.Timeout');
  });
});

describe('whoever finds it in Step Functions', () => {
  it.each([
    ['down', down],
    ['look', look],
    ['edge', edge],
  ])('reads what the machine %s is for, and what each of its states is', (_, { Comment, States }) => {
    expect(Comment).toContain('Started with {} it runs by hand');
    expect(Comment).toContain('"see"');
    for (const { name, state } of allStates(States)) expect([name, state.Comment.length > 20]).toEqual([name, true]);
  });

  it('is told who decides, what a step may lose, and who is paged', () => {
    const comment = (name: string) => allStates(down.States).find((one) => one.name === name)?.state.Comment ?? '';
    const [act] = kioskDown().acts;
    expect(comment(act?.title ?? '')).toContain(`(${act?.safety})`);
    expect(comment(`Approve: ${act?.title}`)).toContain('silence is a no after 30 minutes');
    expect(comment('Escalate')).toContain(kioskDown().escalate.to);
  });
});
