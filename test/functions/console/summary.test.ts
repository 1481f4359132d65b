import { describe, expect, it } from 'vitest';
import { consoleApp } from '../../../functions/console/app.ts';
import { planOf } from '../../../functions/console/read/plan.ts';
import { highest, SAFETY_MEANS } from '../../../runbooks/language/safety.ts';
import { registry } from '../../../runbooks/registry.ts';
import { whole } from '../../local/whole.ts';

/** Of text on a page, as it stands in its HTML. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

async function place() {
  const system = await whole({ monitoring: false });
  const app = consoleApp(system.around);
  const send = async (id: string): Promise<{ status: number; text: string }> => {
    const body = new URLSearchParams({ by: 'Ada', reason: 'a drill', request: id, how: 'run' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked = Promise.resolve(app.request(`/runbooks/${id}/executions`, { method: 'POST', headers, body }));
    const answer = await system.clock.during(asked);
    return { status: answer.status, text: await answer.text() };
  };
  return { ...system, send };
}

describe('the summary of every runbook', () => {
  it('shows each act, on which targets, what it interrupts and whether it asks; what only looks starts at once', async () => {
    const { send, around } = await place();
    for (const { id, safety, acts, system } of registry.runbooks) {
      const { status, text } = await send(id);
      expect(status, id).toBe(safety === 'observe' ? 303 : 200);
      if (safety === 'observe') continue;
      expect(highest(acts.map((act) => act.safety)), id).toBe(safety);
      const settings = around.config.settingsOf(system.id);
      const places = settings.hosts.map(({ name }) => name);
      for (const act of acts) {
        expect(text, id).toContain(`<strong>${escaped(act.title)}</strong> <span class="chip safety-${act.safety}">`);
        expect(text, id).toContain(`<dt>It</dt><dd>${SAFETY_MEANS[act.safety]}</dd>`);
        for (const object of act.command.kind === 'cluster' ? act.on(settings) : places) expect(text, id).toContain(object);
      }
      expect(text.match(/<li class="planned">/g), id).toHaveLength(acts.length);
      expect(text.match(/<dt>Where<\/dt><dd>(?!nothing is configured)/g), id).toHaveLength(acts.length);
      const asks = text.match(/(asks (a person|another person than Ada) first; silence is a no|proves nobody)/g) ?? [];
      expect(asks, id).toHaveLength(acts.filter((act) => act.safety === 'destructive').length);
    }
  });

  it('says of each act what the breaker has left, or that this depends on what is found', async () => {
    const { around, clock } = await place();
    for (const runbook of registry.runbooks) {
      const parameters = runbook.parameters.parse({});
      const plan = await clock.during(planOf(around, runbook, { parameters, by: 'Ada', reason: '', override: [] }));
      expect(
        plan.acts.map(({ key }) => key),
        runbook.id,
      ).toEqual(runbook.acts.map(({ key }) => key));
      for (const { title, would, breakers, what, gate } of plan.acts) {
        expect(
          gate.filter(({ says }) => says.startsWith('breaker: ')),
          title,
        ).toHaveLength(Math.max(1, breakers.length));
        // What is known beforehand is counted on a place; of what is not, it is said which look finds it.
        if (would) expect(breakers.length, title).toBeGreaterThan(0);
        else expect(what.at(-1), title).toMatch(/^what ".+" finds$/);
      }
    }
  });
});
