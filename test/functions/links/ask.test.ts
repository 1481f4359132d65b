import { describe, expect, it } from 'vitest';
import { without } from './instead.ts';
import { linked } from './links.ts';

/** The path of the link in a line of a mail. */
const linkIn = (message: string, what: string) => new RegExp(`^ *${what} +http\\S+(/l/\\S+)$`, 'm').exec(message)?.[1] ?? '';

describe('a question to a person', () => {
  it('has a link for each answer, which is theirs alone', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    const question = system.aws.inbox().find(({ message }) => message.includes(`Question ${id}.`));
    if (!question) throw new Error('nobody was asked');
    const [approve, deny] = [linkIn(question.message, 'Approve'), linkIn(question.message, 'Deny')];
    expect(new Set([approve, deny, '']).size).toBe(3);
    const [asked] = await system.around.store.people.approvals(id);
    expect(
      JSON.stringify([asked, await system.around.store.incidents.timeline(id)]),
      'the links are in the mail alone',
    ).not.toContain('/l/');

    expect((await system.open(deny)).body).toContain('Leave a file on sira-prod-1?');
    expect((await system.press(approve)).body).toContain('Approved.');
    expect((await system.press(deny)).body).toContain('This was approved');
    const [answered] = await system.around.store.people.approvals(id);
    expect(answered).toMatchObject({ decision: 'approved', decidedBy: { verified: true } });
    const said = system.around.config.staffOf('sira').oncall;
    expect(JSON.stringify(said)).toContain(answered?.decidedBy?.name);
  });

  it('goes out without links where they could not be made: it says what else to do', async () => {
    const system = await linked();
    const { links } = without(system.around.store, 'links', 'make');
    Object.assign(system.around.store, { links });
    const id = await system.untilItAsks();
    const question = system.aws.inbox().find(({ message }) => message.includes(`Question ${id}.`));
    expect(question?.message).not.toContain('/l/');
    expect(question?.message).toMatch(/Answer by \d\d:\d\d UTC: http\S+#approvals/);
  });

  it('is answered by silence with a no, and its links do nothing after that', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    const question = system.aws.inbox().find(({ message }) => message.includes(`Question ${id}.`));
    const approve = linkIn(question?.message ?? '', 'Approve');
    await system.until(async () => (await system.incident()).automation === 'escalated');
    expect(await system.press(approve)).toEqual(await system.open('/l/nothing'));
    expect((await system.around.store.people.approvals(id))[0]?.decision).toBe('expired');
    expect(await system.acts()).toEqual([]);
  });
});
