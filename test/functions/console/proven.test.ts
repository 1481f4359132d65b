import { describe, expect, it } from 'vitest';
import { acknowledge } from '../../../functions/console/commands/acknowledge.ts';
import { answer } from '../../../functions/console/commands/answer.ts';
import { resolve } from '../../../functions/console/commands/resolve.ts';
import { stop } from '../../../functions/console/commands/stop.ts';
import { takeOver } from '../../../functions/console/commands/take-over.ts';
import type { Actor } from '../../../functions/incident/actor.ts';
import { console } from './console.ts';

const ADA: Actor = { name: 'Ada', kind: 'person', verified: true };

describe('whoever their way in has proven', () => {
  it('is who did it, in the record and in the timeline', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    const { around } = system;
    const during = <T>(work: Promise<T>) => system.clock.during(work);
    expect(await during(acknowledge(around)(id, {}, ADA))).toMatchObject({ acknowledgedBy: ADA });
    expect(await during(stop(around)(id, {}, ADA))).toMatchObject({ stop: { by: ADA } });
    await system.until(() => system.quiet());
    expect(await during(takeOver(around)(id, { reason: 'mine' }, ADA))).toMatchObject({ automation: 'taken-over' });
    expect(await during(resolve(around)(id, {}, ADA))).toMatchObject({ resolvedBy: ADA });
    const told = (await around.store.incidents.timeline(id)).filter(({ by }) => by.kind === 'person');
    expect(told.map(({ type }) => type).sort()).toEqual([
      'acknowledged',
      'approval-decided',
      'resolved',
      'stop-asked',
      'taken-over',
    ]);
    for (const { by } of told) expect(by).toEqual(ADA);
  });

  it('answers a question with the name that is proven', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    const [asked] = await system.around.store.people.approvals(id);
    const decided = answer(system.around)(`${id}.${asked?.id}`, { decision: 'approve' }, ADA);
    expect(await system.clock.during(decided)).toMatchObject({ decision: 'approved', decidedBy: ADA });
  });

  it('gives no name: one that is given beside it is refused, not left aside', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    await expect(acknowledge(system.around)(id, { by: 'Bob' }, ADA)).rejects.toMatchObject({ faults: [{ field: 'by' }] });
  });

  it('is nobody who says so: no body of a request proves its name', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    for (const claim of [
      { by: ADA },
      { by: 'Ada', verified: true },
      { by: 'Ada', proven: ADA },
      { by: 'Ada', kind: 'automation' },
    ])
      expect(await system.post(`/api/incidents/${id}/acknowledge`, claim)).toMatchObject({ status: 400 });
    const { body } = await system.post(`/api/incidents/${id}/acknowledge`, { by: 'Ada' });
    expect(body).toMatchObject({ acknowledgedBy: { name: 'Ada', verified: false } });
  });
});
