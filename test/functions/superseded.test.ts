import { describe, expect, it } from 'vitest';
import { intake } from '../../functions/intake/intake.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { supersedingFaults } from '../../runbooks/language/superseding.ts';
import { type Whole, whole } from '../local/whole.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { leaveOneFile } from './leave-one-file.ts';

const cause: Runbook = { ...leaveOneFile('cause', 'DiskSpaceLow'), supersedes: ['effect'] };
const effect = leaveOneFile('effect', 'APIDown');
const registry = { systems: [cause.system], runbooks: [cause, effect] };
const fires = (system: Whole, alert: string) => system.clock.during(intake(system.around)(alertmanagerMessage(alert)));
const clears = (system: Whole, alert: string) =>
  system.clock.during(intake(system.around)(alertmanagerMessage(alert, { status: 'resolved', endsAt: 60 })));

describe('one cause, one repair', () => {
  it.each([
    ['the cause first', ['DiskSpaceLow', 'APIDown']],
    ['the effect first', ['APIDown', 'DiskSpaceLow']],
  ])('%s: the one repairs, the other waits, looks afresh, and finds all well', async (_name, alerts) => {
    const system = await whole({ monitoring: false, registry });
    for (const alert of alerts) await fires(system, alert);
    await system.until(async () => (await system.acts()).length > 0);
    for (const alert of alerts) await clears(system, alert);
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual(['Leave a file']);
    const [repaired, waited] = [cause, effect].map(({ id }) => ({ id }));
    const incidents = await system.incidents();
    expect(incidents.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    const other = incidents.find(({ runbook }) => runbook === waited?.id);
    const told = await system.around.store.incidents.timeline(other?.id ?? '');
    const related = told.flatMap((event) => (event.type === 'related' ? [event] : []));
    expect(related).toContainEqual(
      expect.objectContaining({
        incident: incidents.find(({ runbook }) => runbook === repaired?.id)?.id,
        why: expect.stringContaining('this run waits for it'),
      }),
    );
    expect(related.filter(({ key }) => key.startsWith('related-explains'))).toHaveLength(1);
    expect(told.some(({ type }) => type === 'act-started')).toBe(false);
    expect(system.aws.inbox()).toEqual([]);
  });

  it('waits for nobody once the other has ended at a person', async () => {
    const broken: Runbook = { ...cause, verify: cause.verify && { ...cause.verify, holds: () => 'never well' } };
    const system = await whole({ monitoring: false, registry: { ...registry, runbooks: [broken, effect] } });
    await fires(system, 'DiskSpaceLow');
    await fires(system, 'APIDown');
    await system.until(async () => (await system.incidents()).some(({ automation }) => automation === 'escalated'));
    await clears(system, 'APIDown');
    await system.until(() => system.quiet());
    const incidents = await system.incidents();
    expect(incidents.map(({ automation }) => automation).sort()).toEqual(['escalated', 'succeeded']);
    const waited = incidents.find(({ automation }) => automation === 'succeeded');
    const [page] = system.aws.inbox();
    expect(page?.message).toMatch(
      new RegExp(`Beside it\\n  P1 Leave one file, effect \\(open at the same time\\): .*${waited?.id}`),
    );
  });
});

describe('whom runbooks explain away', () => {
  const named = (name: string, ...supersedes: string[]): Runbook => ({ ...cause, id: `sira/${name}`, name, supersedes });

  it('must be runbooks of their system, and none themselves', () => {
    expect(supersedingFaults([named('a', 'b'), named('b')])).toEqual([]);
    expect(supersedingFaults([named('a', 'nosuch')])).toEqual([
      'runbook sira/a supersedes nosuch, which is no runbook of its system',
    ]);
    expect(supersedingFaults([named('a', 'b'), named('b', 'c'), named('c', 'a')])).toHaveLength(3);
    expect(supersedingFaults([named('a', 'a')])).toHaveLength(1);
  });
});
