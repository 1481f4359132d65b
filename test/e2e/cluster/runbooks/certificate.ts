import { certificates } from '../../../../runbooks/cluster/certificate-kinds.ts';
import { frontDoor, issue, reconcile, signed } from './cert-manager.ts';
import type { Lane } from './lane.ts';
import { escalates, play, resolves } from './play.ts';
import type { Story } from './story.ts';

const RUNBOOK = 'saveit/certificate-expired';
const RENEW = 'Renew the certificate';
const NAME = 'saveit-tls';

/** Real certificates over a real handshake, and a real Certificate; cert-manager and its authority are the test's. */
export async function certificate(lane: Lane): Promise<void> {
  await issue(lane, signed(lane, 2), 1, 2);
  const door = await frontDoor(lane);
  try {
    await told(lane, 'a certificate that is about to end', 'gives', door.update);
    await issue(lane, signed(lane, 2), 5, 2);
    await door.update();
    await told(lane, 'an authority that refuses', 'refuses', door.update);
  } finally {
    door.close();
  }
}

async function told(lane: Lane, name: string, authority: 'gives' | 'refuses', update: () => Promise<void>): Promise<void> {
  const before = await lane.cluster.get(certificates, NAME);
  let renewed = false;
  const story: Story = {
    runbook: RUNBOOK,
    alert: { name: 'CertificateExpired', value: 2 },
    felt: false,
    ill: () => !renewed,
    react: async () => {
      await reconcile(lane, lane.cluster, authority);
      await update();
      renewed = authority === 'gives' && ((await lane.cluster.get(certificates, NAME))?.status.revision ?? 0) > 1;
    },
  };
  await play(lane, name, story, async (trial) => {
    if (authority === 'gives') await resolves(lane, name, trial, [RENEW]);
    else await escalates(lane, name, trial, /acme:error:unauthorized/);
    const after = await lane.cluster.get(certificates, NAME);
    const by = after?.metadata.annotations['firebreak.dev/renewed-by'] ?? '';
    lane.results.holds(
      `${name}: cert-manager was asked by the condition, once`,
      by.includes((await trial.api.incidents())[0]?.id ?? '?'),
    );
    const [was, is] = [before?.status, after?.status];
    const counts = [(is?.revision ?? 0) - (was?.revision ?? 0), is?.failedIssuanceAttempts];
    lane.results.equal(`${name}: one try was made of it`, counts, authority === 'gives' ? [1, 0] : [0, 1]);
    lane.results.equal(
      `${name}: no temporary one was asked for`,
      after?.metadata.annotations['cert-manager.io/issue-temporary-certificate'],
      undefined,
    );
  });
}
