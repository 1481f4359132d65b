import { expect, it } from 'vitest';
import { configuration } from '../../../functions/configuration.ts';
import { automation, NAMELESS, onDashboard, person } from '../../../functions/incident/actor.ts';
import { nobodyToAsk } from '../../../functions/run-step/ask-gate.ts';
import { registry } from '../../../runbooks/registry.ts';

const asks = (by: ReturnType<typeof person>, namesAreTrusted = true) =>
  nobodyToAsk(
    {
      config: {
        ...configuration(
          { FIREBREAK_CONFIG: JSON.stringify({ account: '000000000000', region: 'us-east-1' }) },
          registry.systems,
        ),
        namesAreTrusted,
      },
    },
    { by },
    { approver: 'another' },
  );

it('takes a second person for another only where both names count', () => {
  expect(asks(person('Bob'))).toBeNull();
  expect(asks(person('Bob'), false)).toContain('a name proves nobody');
  // Whoever looks at a dashboard can type any name.
  expect(asks(onDashboard('Bob'))).toContain('a name proves nobody');
  expect(asks(person(NAMELESS))).toContain('give requestedBy');
  expect(asks(automation)).toContain('no person asked');
});
