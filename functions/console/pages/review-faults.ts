import { html } from 'hono/html';
import type { Fault } from '../rejected.ts';
import type { Html } from './layout.ts';

/** What is wrong with a field of the form of a review, if anything is. */
export const faultOf = (faults: readonly Fault[], field: string) => faults.find((fault) => fault.field === field);
/** On the input itself: that it is wrong, and where that is said. */
export const told = (field: string, fault: Fault | undefined): Html | '' =>
  fault ? html` aria-invalid="true" aria-describedby="rv-${field}-fault"` : '';
/** Beside it: what was expected. */
export const faultLine = (field: string, fault: Fault | undefined): Html | '' =>
  fault ? html`<p class="fault" id="rv-${field}-fault">Expected ${fault.expected}</p>` : '';
