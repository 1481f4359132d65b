import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { runbook } from '../../../runbooks/language/define.ts';
import { type Duration, seconds } from '../../../runbooks/language/duration.ts';
import type { HttpFacts } from '../../../runbooks/language/probe.ts';
import { httpProbe } from '../../../runbooks/language/probe.ts';
import { because, notNeeded } from '../../../runbooks/language/reason.ts';
import { kiosk, pulse, restart, wipe } from './kiosk.ts';

/**
 * What must not compile. The compiler is the test (`npm run check`): an expected error that does not come is one.
 * Nothing in the closures runs.
 */
const begin = () =>
  runbook(kiosk, 'typed', {
    title: 'Typed',
    symptom: '',
    owner: '',
    triggers: [],
    parameters: z.object({ most: z.number().default(3), part: z.enum(['till', 'screen']).default('till') }),
  });
const looked = () =>
  begin()
    .diagnose('pulse', 'Feel the pulse', { command: pulse })
    .diagnose('front', 'Look from outside', { probe: (_, settings) => httpProbe(settings.url) });
const times = { settle: '1s', times: 1, every: '1s', within: '1m' } as const;
const when = () => because('');

/** Takes what must compile, or must not, and never calls it. */
const typed = (_: () => unknown) => expectTypeOf(_).toBeFunction();

describe('the types of a runbook', () => {
  it('accumulate: a later step sees the typed facts of the earlier ones', () => {
    typed(() =>
      looked().act('Mend', {
        when: (facts, parameters, settings) => {
          expectTypeOf(facts.pulse).toEqualTypeOf<{ beats: number; tickets: string[] }>();
          expectTypeOf(facts.front).toEqualTypeOf<HttpFacts>();
          expectTypeOf(parameters).toEqualTypeOf<{ most: number; part: 'till' | 'screen' }>();
          expectTypeOf(settings.url).toEqualTypeOf<string>();
          return notNeeded('');
        },
        command: restart,
        with: (_, parameters) => ({ service: parameters.part }),
      }),
    );
  });

  it('know no fact that nobody looked for', () => {
    typed(() =>
      looked().act('Mend', {
        // @ts-expect-error -- no diagnosis has the key "disk"
        when: ({ disk }) => because(`${disk}`),
        command: restart,
        with: (_, p) => ({ service: p.part }),
      }),
    );
    typed(() =>
      looked().act('Mend', {
        // @ts-expect-error -- the facts of "pulse" have no "rhythm"
        when: ({ pulse }) => because(pulse.rhythm),
        command: restart,
        with: (_, p) => ({ service: p.part }),
      }),
    );
    typed(() =>
      looked().escalate({
        to: 'oncall',
        // @ts-expect-error -- what is told at the end sees the same facts, and no others
        tell: ({ disk }) => `${disk}`,
      }),
    );
  });

  it('give a command its parameters, and no others', () => {
    typed(() =>
      looked().act('Mend', {
        when,
        command: restart,
        // @ts-expect-error -- the kiosk has no service "cellar"
        with: () => ({ service: 'cellar' as const }),
      }),
    );
    typed(() =>
      looked().act('Mend', {
        when,
        command: restart,
        // @ts-expect-error -- the parameter is called "service"
        with: (_, p) => ({ part: p.part }),
      }),
    );
    typed(() =>
      looked().act('Mend', {
        when,
        command: wipe,
        // @ts-expect-error -- a list was expected
        with: ({ pulse }) => ({ tickets: pulse.beats }),
      }),
    );
    typed(() =>
      looked().act('Mend', {
        when,
        command: wipe,
        with: ({ pulse }) => ({ tickets: pulse.tickets }),
        // @ts-expect-error -- an undo's command is checked as well
        undo: { command: restart, with: (_, p) => ({ service: p.most }) },
      }),
    );
    // @ts-expect-error -- and so is a command that is called directly
    typed(() => restart({ service: 'cellar' }));
  });

  it('know the runbook’s parameters and the system’s settings', () => {
    typed(() =>
      looked().act('Mend', {
        // @ts-expect-error -- the parameter is called "most"
        when: (_, p) => because(`${p.least}`),
        command: wipe,
        with: ({ pulse }) => ({ tickets: pulse.tickets }),
      }),
    );
    typed(() =>
      begin().diagnose('front', 'Look', {
        // @ts-expect-error -- the kiosk has one URL, called "url"
        probe: (_, settings) => httpProbe(settings.urls.api),
      }),
    );
    typed(() =>
      begin().diagnose('x', 'Look', {
        command: restart,
        // @ts-expect-error -- a look's parameters come from settings that exist
        with: (_, settings) => ({ service: settings.till }),
      }),
    );
  });

  it('check a verify by the facts of its own looks', () => {
    const looks = { pulse: { command: pulse } };
    typed(() => looked().verify('Well', { ...times, looks, holds: ({ pulse }) => pulse.beats > 3 || 'slow' }));
    typed(() =>
      looked().verify('Well', {
        ...times,
        looks,
        // @ts-expect-error -- the diagnosis looked at the front, this verify does not
        holds: ({ front }) => front.well || 'ill',
      }),
    );
    typed(() =>
      looked().verify('Well', {
        ...times,
        looks,
        // @ts-expect-error -- what is not well is said in a sentence, not with false
        holds: ({ pulse }) => pulse.beats > 3,
      }),
    );
  });

  it('know what a duration is', () => {
    expectTypeOf('5m' as const).toExtend<Duration>();
    // @ts-expect-error -- weeks are not among the units
    typed(() => seconds('5w'));
  });
});
