import type * as z from 'zod';
import { REACHES } from '../cluster/connection-failures.ts';
import type { databaseConnectivity } from '../cluster/database-connectivity.ts';
import type { databaseSessions } from '../cluster/database-sessions.ts';
import type { podLogs } from '../cluster/pod-logs.ts';
import type { rolloutState } from '../cluster/rollout-state.ts';
import type { HttpFacts } from '../language/probe.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';

/** Everything that is known when it must be said why the backend has no connection to its database. */
export interface Connections {
  sessions: z.output<typeof databaseSessions.facts>;
  connectivity: z.output<typeof databaseConnectivity.facts>;
  logs: z.output<typeof podLogs.facts>;
  deployment: z.output<typeof rolloutState.facts>;
  ready: HttpFacts;
}
type Asked = Pick<Connections, 'sessions' | 'connectivity'>;

/** So few free connections are none: the next moment's requests take them. */
const FEW_LEFT = 2;

/** Every connection that the application may have is taken, or nearly so: the page's "Too many connections". */
export function exhausted({ sessions, connectivity }: Asked): boolean {
  if (connectivity.reach === 'too-many' || sessions.reach === 'too-many') return true;
  if (sessions.reach !== 'ok') return false;
  const { clients, most, reserved, roleMost, application } = sessions;
  return clients >= most - reserved - FEW_LEFT || (roleMost >= 0 && application.all >= roleMost);
}

/** Nobody reaches it: a restart of those who ask brings nothing, and a database admin must come. */
export function databaseDown({ sessions, connectivity }: Asked): boolean {
  return ['refused', 'timeout', 'no-name', 'starting'].includes(sessions.reach) && connectivity.reach !== 'ok';
}

/** Connections are taken, and mostly not by the application: whose they are, the database admin knows. */
export function othersHold(facts: Asked): boolean {
  const { reach, clients, application } = facts.sessions;
  return exhausted(facts) && reach === 'ok' && application.all * 2 < clients && facts.sessions.roleMost < 0;
}

/** For whom it is, where no restart and no ended session helps. */
export const isForTheDatabaseAdmin = (facts: Asked): boolean =>
  databaseDown(facts) || othersHold(facts) || facts.connectivity.reach === 'authentication';

const counted = ({ sessions: { clients, most } }: Pick<Connections, 'sessions'>) => `${clients} of ${most} connections are taken`;
const silence = ({ sessions: { reach, words } }: Pick<Connections, 'sessions'>) =>
  `asked from inside the cluster, the database ${REACHES[reach]}${words ? ` (${words})` : ''}`;

/** Whether ending idle sessions would give the application connections again. */
export function whyEnd(facts: Asked, minutes: number): Reason {
  const { reach, application, role, asker } = facts.sessions;
  if (reach !== 'ok') return notNeeded(silence(facts));
  if (!exhausted(facts)) return notNeeded(counted(facts));
  if (role !== 'ordinary')
    return notNeeded(
      `the application's role is ${role === 'missing' ? 'not there' : 'a superuser'}: its sessions may be an administrator's`,
    );
  if (!asker.seesAll || !asker.mayEnd)
    return notNeeded(
      'the role that asks may not see or end the sessions of others: grant it pg_read_all_stats and pg_signal_backend',
    );
  const { idleLong, active, inTransaction } = application;
  if (idleLong === 0)
    return notNeeded(
      `${counted(facts)}, and none of the application's has been idle for over ${minutes} minutes: ${active} are at work, ${inTransaction} in a transaction`,
    );
  return because(`${counted(facts)}, and ${idleLong} of the application's have been idle for over ${minutes} minutes`);
}

/** Whether new pods, with pools of their own, would have connections where the old ones have none. */
export function whyRestart(facts: Connections): Reason {
  const { sessions, connectivity, deployment, ready } = facts;
  if (deployment.paused) return notNeeded('the deployment is paused: somebody works at it');
  if (deployment.replicas === 0) return notNeeded('the deployment is scaled to nothing: somebody has switched it off');
  if (databaseDown(facts)) return notNeeded(`${silence(facts)}: a restart of the backend would not bring it back`);
  if (connectivity.reach === 'authentication')
    return notNeeded('the database does not take the role or the password of the backend: a restart would not change them');
  if (exhausted(facts)) return whyRestartExhausted(facts);
  if (sessions.reach !== 'ok')
    return notNeeded(`${silence(facts)}: whether the backend alone is ill is not known, so it is not restarted`);
  if (connectivity.reach === 'unknown')
    return notNeeded(`the database answers, and a connection could not be tried from the backend (${connectivity.words})`);
  if (connectivity.reach !== 'ok')
    return because(
      `the database answers from inside the cluster, and for the backend it ${REACHES[connectivity.reach]}: what its pods began with is no longer true`,
    );
  if (!ready.well)
    return because(
      `new connections work, and readiness answers ${ready.status || ready.error || 'nothing'}: the pool holds connections that are dead`,
    );
  return notNeeded(`${counted(facts)}, new ones work, and the application is ready`);
}

/** The pods let go of what they hold. What others hold they cannot. */
function whyRestartExhausted(facts: Connections): Reason {
  const { sessions, connectivity } = facts;
  const all = sessions.application.all;
  if (sessions.reach === 'ok' && !othersHold(facts))
    return because(`${counted(facts)}, ${all} of them by the application: its pools are to begin anew`);
  if (sessions.reach === 'ok')
    return notNeeded(`${counted(facts)}, and only ${all} of them by the application: a restart would give back too few`);
  // Not even the connections that are kept back are left, or the role that asks has no right to them.
  return sessions.reach === 'too-many' && connectivity.reach === 'too-many'
    ? because('neither the backend nor the role that asks gets a connection: the pools of the backend are to begin anew')
    : notNeeded(`${silence(facts)}, and who holds its connections is not known`);
}

/** Well is: the database answers from inside the cluster and for the backend, has connections left, and the application is ready. */
export function connectedAgain({ sessions, connectivity, ready }: Asked & Pick<Connections, 'ready'>): Finding {
  if (sessions.reach === 'starting') return notYet('the database is starting or shutting down');
  if (sessions.reach !== 'ok') return silence({ sessions });
  if (connectivity.reach !== 'ok') return `for the backend the database ${REACHES[connectivity.reach]}: ${connectivity.words}`;
  if (exhausted({ sessions, connectivity })) return counted({ sessions });
  return ready.well || notYet(`the database answers, and readiness answers ${ready.status || ready.error || 'nothing'}`);
}

/** For the page: what is most likely, first. */
export function connectionCause(facts: Connections, minutes: number): string {
  if (databaseDown(facts))
    return `${silence(facts)}, and for the backend it ${REACHES[facts.connectivity.reach]}. Nothing was restarted: that is for the database's own people`;
  if (facts.sessions.reach === 'ok' && exhausted(facts)) {
    const end = whyEnd(facts, minutes);
    return othersHold(facts) ? whyRestart(facts).why : end.why;
  }
  return whyRestart(facts).why;
}

/** Counts, for whoever is paged. */
export function sayConnections({ sessions }: Pick<Connections, 'sessions'>): string {
  const { reach, application, longestActiveSeconds, asker, reserved } = sessions;
  if (reach !== 'ok') return silence({ sessions });
  return [
    `${counted({ sessions })} (${reserved} kept back); of the application's ${application.active} active, ${application.inTransaction} in a transaction, ${application.idle} idle, ${application.idleLong} of them for long`,
    `the longest query runs for ${longestActiveSeconds} s`,
    ...(asker.seesAll ? [] : ['the role that asks does not see what others do (grant it pg_monitor)']),
    ...(asker.keptBack ? [] : ['no connection is kept back for the role that asks']),
  ].join('; ');
}
