import * as z from 'zod';
import { buttonIn, buttonsIn, eventOf, type Pressable, textOf } from '../../functions/widgets/as-cloudwatch.ts';
import type { Incident } from './console.ts';
import { seldom } from './runs.ts';
import { BY, DISK, DOWN, type Stage } from './stage.ts';

const SOON_MS = 240_000;
const TYPED = { by: 'Grace', reason: 'a drill' };
const STATUS = 'sira/service-status';

const Described = z.object({ DashboardBody: z.string() });
const Body = z.object({
  widgets: z.array(
    z.looseObject({
      type: z.string(),
      properties: z.looseObject({ endpoint: z.string().optional(), params: z.looseObject({ view: z.string() }).optional() }),
    }),
  ),
});
const Declared = z.object({ body: z.object({ id: z.string() }) });

/** The dashboard as CloudWatch would show it: it calls what the deployed dashboard names, with the events that its guide describes. */
interface Board {
  /** What a widget, or what opened over it, shows. */
  draw(parameters: object): Promise<string>;
  press(button: Pressable, typed?: Record<string, string>): Promise<string>;
  go(parameters: object, title: string, typed?: Record<string, string>): Promise<string>;
}

/** A person at the AWS console, after all others have gone: looks, commands, runs, answers. */
export async function atDashboard(stage: Stage): Promise<void> {
  const { place, results } = stage;
  const found = await place.cli.aws('cloudwatch', 'get-dashboard', '--dashboard-name', place.names.dashboard);
  const { widgets } = Body.parse(JSON.parse(Described.parse(found).DashboardBody));
  const own = widgets.flatMap(({ properties: { endpoint, params } }) => (endpoint && params ? [{ endpoint, params }] : []));
  results.equal(
    'dashboard: its widgets, in their order',
    own.map(({ params }) => params.view),
    ['open', 'worst', 'approvals', 'runbooks'],
  );
  const board = boardOf(stage, own[0]?.endpoint ?? '');
  for (const { params } of own)
    results.holds(`dashboard: ${params.view} is drawn`, textOf(await board.draw(params)).includes('all times are in UTC'));
  await commanded(stage, board);
  await rehearsed(stage, board);
  await approved(stage, board);
  await refused(stage, board);
}

function boardOf({ place }: Stage, endpoint: string): Board {
  const call = async (event: object) => z.string().parse(await place.cli.invoke(endpoint, event));
  const press: Board['press'] = (button, typed) => {
    if (button.attributes.endpoint !== endpoint) throw new Error(`"${button.title}" calls ${button.attributes.endpoint}`);
    return call(eventOf(button.parameters, typed));
  };
  return {
    draw: (parameters) => call(eventOf(parameters, {}, parameters)),
    press,
    go: async (parameters, title, typed) => press(buttonIn(await call(eventOf(parameters)), title), typed),
  };
}

/** Open incidents, one of them, and the commands of whoever has it. */
async function commanded({ place, results }: Stage, board: Board): Promise<void> {
  const body = { system: 'sira', severity: 'P2', title: 'Invoices are <b>late</b>', by: BY };
  const { id } = Declared.parse(
    await place.cli.invoke(place.names.consoleFunction, { method: 'POST', path: '/api/incidents', body }),
  ).body;
  const list = await board.draw({ view: 'open' });
  results.holds(
    'dashboard: hostile text of an incident stays text',
    textOf(list).includes('Invoices are <b>late</b>') && !list.includes('<b>late'),
  );
  const here = { view: 'incident', incident: id };
  const drawn = await board.draw(here);
  const before = JSON.stringify(await place.console.whole(id));
  await board.draw(here);
  results.equal('dashboard: drawing changes nothing', JSON.stringify(await place.console.whole(id)), before);
  results.holds(
    'dashboard: without a name nothing is done',
    textOf(await board.press(buttonIn(drawn, 'Acknowledge'))).includes('by is missing'),
  );
  await board.press(buttonIn(drawn, 'Acknowledge'), TYPED);
  await board.press(buttonIn(drawn, 'Acknowledge'), TYPED);
  const { incident, timeline } = await place.console.whole(id);
  const said = timeline.filter(({ type }) => type === 'acknowledged').map(({ by }) => by);
  results.equal(
    'dashboard: acknowledged once, in a name that is given and unverified',
    [incident.status, said],
    ['acknowledged', [{ name: 'Grace', kind: 'person', verified: false, via: 'dashboard' }]],
  );
  await board.go(here, 'Take over', TYPED);
  results.equal('dashboard: taken over', (await place.console.whole(id)).incident.automation, 'taken-over');
  await board.go(here, 'Resolve', { by: 'Grace', reason: 'They are paid' });
  const over = (await place.console.whole(id)).incident;
  results.equal('dashboard: resolved', [over.status, over.resolution], ['resolved', 'They are paid']);
}

/** The form of a runbook, with a wrong and a right parameter. */
async function rehearsed({ place, results, runs }: Stage, board: Board): Promise<void> {
  const here = { view: 'runbook', runbook: STATUS };
  const wrong = await board.go(here, 'Rehearse: change nothing', { ...TYPED, 'parameters.tail': 'many' });
  results.holds(
    'dashboard: a wrong parameter is named, with what was expected',
    /Field parameters\.tail: expected .*\d/.test(textOf(wrong)),
  );
  results.holds('dashboard: and stands in its field', /name="parameters\.tail"[^>]*value="many"/.test(wrong));
  const started = await board.press(buttonIn(wrong, 'Rehearse: change nothing'), { ...TYPED, 'parameters.tail': '20' });
  const { incident: id } = buttonIn(started, 'Show it').parameters;
  const over = await runs.incident('the rehearsal is over', (one) => one.id === id && one.status === 'resolved', SOON_MS);
  results.equal('dashboard: rehearsed', over.origin, 'rehearsal');
  const [run = ''] = over.runs.map(({ execution }) => execution);
  const described = JSON.stringify(await place.cli.aws('stepfunctions', 'describe-execution', '--execution-arn', run));
  results.holds(
    'dashboard: the execution says whose it is, and where its story is',
    described.includes('Grace') && described.includes(`incident ${id}`),
  );
}

/** A question about what loses nothing: a yes, and then the automation is stopped. */
async function approved(stage: Stage, board: Board): Promise<void> {
  // It was mended by a restart that the fault's switch knows nothing of: switched on twice, it would be as it is.
  stage.place.hosts.simulation.switchOff('backend-down');
  stage.place.hosts.simulation.switchOn('backend-down');
  const { id } = await startedBy(stage, board, DOWN);
  const asked = await board.go({ view: 'incident', incident: id }, 'Read and answer');
  stage.results.holds(
    'dashboard: yes to a restart',
    textOf(await board.press(buttonIn(asked, 'Approve'), TYPED)).includes('Approved'),
  );
  const acted = async () => (await stage.place.console.whole(id)).timeline.some(({ type }) => type === 'act-finished');
  await seldom('the act that was approved', acted, SOON_MS);
  await board.go({ view: 'incident', incident: id }, 'Stop the automation', TYPED);
  const over = await stage.runs.incident('the run is stopped', (one) => one.id === id && one.automation === 'escalated', SOON_MS);
  stage.results.equal('dashboard: stopped, it is at a person', over.status, 'open');
  await board.go({ view: 'incident', incident: id }, 'Resolve', TYPED);
}

/** A question about what can lose something: no yes here. */
async function refused(stage: Stage, board: Board): Promise<void> {
  const { place, results, runs } = stage;
  place.hosts.simulation.switchOn('disk-full-volumes');
  const { id } = await startedBy(stage, board, DISK);
  const asked = await board.go({ view: 'incident', incident: id }, 'Read and answer');
  results.holds('dashboard: what is destructive says where it is approved', textOf(asked).includes(place.names.approveFunction));
  results.equal(
    'dashboard: and has no yes',
    buttonsIn(asked).map(({ title }) => title),
    ['Deny', 'Its incident'],
  );
  const deny = buttonIn(asked, 'Deny');
  const forged = await board.press({ ...deny, parameters: { ...deny.parameters, action: 'approve' } }, TYPED);
  results.holds('dashboard: a yes that is forged is refused', textOf(forged).includes('can not be given on the dashboard'));
  const decisions = async () => (await place.console.whole(id)).approvals.map(({ decision }) => decision);
  results.equal('dashboard: and nothing is decided by it', await decisions(), [null]);
  await board.press(deny, TYPED);
  results.equal('dashboard: a no is taken', await decisions(), ['denied']);
  await runs.incident('it is left alone', (one) => one.id === id && one.automation === 'escalated', SOON_MS);
  await board.go({ view: 'incident', incident: id }, 'Resolve', TYPED);
  place.hosts.simulation.switchOff('disk-full-volumes');
}

/** Runs a runbook by its form. @returns its incident, when it asks a person */
async function startedBy({ runs, results }: Stage, board: Board, runbook: string): Promise<Incident> {
  const plan = await board.go({ view: 'runbook', runbook }, 'Run it: first see what may happen', TYPED);
  results.holds(
    `dashboard: the plan of ${runbook} says what the gate would say`,
    textOf(plan).includes('What the gate says now'),
  );
  const started = await board.press(buttonIn(plan, 'Start it'));
  const { incident: id } = buttonIn(started, 'Show it').parameters;
  return await runs.incident(`${runbook} asks`, (one) => one.id === id && one.automation === 'awaiting-approval', SOON_MS);
}
