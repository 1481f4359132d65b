import { sayImpact } from '../../../runbooks/language/impact.ts';
import { sayMetric } from '../../../runbooks/language/metric.ts';
import type { ProbeCall } from '../../../runbooks/language/probe.ts';
import type { Surroundings } from '../../surroundings.ts';
import { measure, measureOne } from './impact.ts';
import { seenOverHttp } from './probe.ts';
import { seenOverTls } from './tls.ts';

/** A look that needs no host. It always ends with facts, and the same in a line: that there was no answer is a fact, too. */
export async function seenFromOutside(around: Surroundings, call: ProbeCall): Promise<[unknown, string]> {
  switch (call.kind) {
    case 'probe':
      return seenOverHttp(around, call);
    case 'tls':
      return seenOverTls(around, call);
    case 'impact': {
      const facts = await measure(around, call.impact);
      return [facts, sayImpact(facts)];
    }
    case 'metric': {
      const facts = await measureOne(around, call);
      return [facts, `${call.counts}: ${sayMetric(facts)}`];
    }
  }
}
