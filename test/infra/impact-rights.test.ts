import { describe, expect, it } from 'vitest';
import { rightsOf } from '../../infra/rights-of.ts';
import { deployment } from '../../runbooks/language/deployment.ts';
import { names } from '../../runbooks/language/names.ts';
import { defineSystem, registered } from '../../runbooks/language/system.ts';
import { kiosk, kioskLook } from '../runbooks/language/kiosk.ts';
import { allows } from './iam.ts';

const ID = 'ws-b226cc2a-a446-46a9-933a-ac50479a5568';
const PLACE = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const WORKSPACE = `arn:aws:aps:eu-west-1:123456789012:workspace/${ID}`;

/** The rights of a deployment of the kiosk, where it has its impact measured by this Prometheus. */
function rights(prometheus: string | null) {
  const impact = () => ({ readiness: 'https://kiosk.example/ready', errorRate: 'errors', requestRate: 'requests', prometheus });
  const systems = [registered(defineSystem({ ...kiosk, impact }))];
  return rightsOf({ systems, runbooks: [kioskLook()] }, deployment({}, systems), PLACE);
}
const whoMay = (given: ReturnType<typeof rights>, resource: string) =>
  given.filter(({ statements }) => allows(statements, { action: 'aps:QueryMetrics', resource, context: {} })).map(({ of }) => of);

describe("the right to ask Amazon's Prometheus", () => {
  it('is that of whoever opens incidents, and of the runbooks of the system, for its own workspace', () => {
    const given = rights(`https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/${ID}`);
    const our = names();
    expect(whoMay(given, WORKSPACE).sort()).toEqual(
      [our.intakeFunction, our.watchFunction, our.consoleFunction, our.stepFunction('kiosk/look')].sort(),
    );
    expect(whoMay(given, WORKSPACE.replace('eu-west-1', 'us-east-1'))).toEqual([]);
    expect(whoMay(given, WORKSPACE.replace('ws-b', 'ws-c'))).toEqual([]);
  });

  it.each([null, 'http://prometheus.example:9090'])('is nobody’s where it is %s', (prometheus) => {
    const actions = rights(prometheus).flatMap(({ statements }) => statements.flatMap((statement) => statement.actions));
    expect(actions.filter((action) => action.startsWith('aps:'))).toEqual([]);
  });
});
