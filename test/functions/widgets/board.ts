import { expect } from 'vitest';
import type { CallWatcher } from '../../../functions/aws/watched.ts';
import { widget } from '../../../functions/widgets/widget.ts';
import { type Console, console } from '../console/console.ts';
import { buttonIn, eventOf, type Pressable } from './as-cloudwatch.ts';

export const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:firebreak-widgets';

/** What leads to the plan of a run that may act. */
export const TO_PLAN = 'Run it: first see what may happen';

/** The dashboard over the whole responder, with one quick runbook on SIRA. */
export interface Board extends Console {
  /** What a widget shows that is drawn with these parameters. */
  draw(parameters: object, own?: object): Promise<string>;
  /** Presses a button, with what was typed. */
  press(button: Pressable, typed?: Record<string, string>): Promise<string>;
  /** Draws, and presses the button with this title. @returns what opens */
  go(parameters: object, title: string, typed?: Record<string, string>): Promise<string>;
  /** From the form of a runbook that may act to its plan. @returns what opens */
  plan(runbook: string, typed?: Record<string, string>): Promise<string>;
}

/** @param seeing stands around each call of AWS */
export async function board(seeing: { watcher?: CallWatcher } = {}): Promise<Board> {
  const system = await console(false, undefined, seeing);
  let calls = 0;
  const call = (event: object) => {
    calls += 1;
    return system.clock.during(widget(system.around)(event, { awsRequestId: `call-${calls}`, invokedFunctionArn: ARN }));
  };
  const press: Board['press'] = (button, typed) => {
    expect(button.attributes).toMatchObject({ action: 'call', endpoint: ARN });
    return call(eventOf(button.parameters, typed));
  };
  return {
    ...system,
    draw: (parameters, own = parameters) => call(eventOf(parameters, {}, own)),
    press,
    go: async (parameters, title, typed) => press(buttonIn(await call(eventOf(parameters)), title), typed),
    plan: async (runbook, typed) => press(buttonIn(await call(eventOf({ view: 'runbook', runbook })), TO_PLAN), typed),
  };
}
