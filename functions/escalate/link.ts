import { type Approval, approvalAddress } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';

/** What a person needs to know of this deployment to get to an incident. */
export interface Place {
  config: Pick<Surroundings['config'], 'region' | 'consoleUrl'>;
  names: Pick<Surroundings['names'], 'consoleFunction' | 'approveFunction'>;
}

/** Where an incident is found: its page, or its id where there is no console. Stands at the end of a line. */
export function whereIs({ config }: Pick<Place, 'config'>, incidentId: string): string {
  return config.consoleUrl ? `${config.consoleUrl}/incidents/${incidentId}` : `incident ${incidentId}`;
}

/** Where the review of an incident is found: its page, or the command that shows it where there is no console. */
export function whereIsReview(place: Place, incidentId: string): string[] {
  const { consoleUrl } = place.config;
  if (consoleUrl) return [`${consoleUrl}/reviews/${incidentId}`];
  return ['# show the review', invocation(place, place.names.consoleFunction, { path: `/api/reviews/${incidentId}` })];
}

/** What a person can do to an incident that is open, as the console's API names it; `show` changes nothing. */
const OPEN = ['show', 'acknowledge', 'take-over'] as const;

/**
 * The commands that do what the incident's page would do, each to be pasted as it stands: at three in the morning nobody fills in
 * forms. The name is that of the shell's user, as a person gives it; IAM knows who it really was.
 *
 * @returns lines for a shell, each command under a comment that says what it does; none where there is a console
 */
export function commandsFor(place: Place, incidentId: string, what: readonly (typeof OPEN)[number][] = OPEN): string[] {
  const path = `/api/incidents/${incidentId}`;
  return withoutConsole(place, () =>
    what.flatMap((one) => {
      const payload = one === 'show' ? { path } : { method: 'POST', path: `${path}/${one}`, body: { by: WHO } };
      return [`# ${one}`, invocation(place, place.names.consoleFunction, payload)];
    }),
  );
}

/** The two answers to a question. @returns none where there is a console */
export function commandsToAnswer(place: Place, approval: Pick<Approval, 'incidentId' | 'id'>): string[] {
  return withoutConsole(place, () =>
    ['approve', 'deny'].flatMap((decision) => {
      const payload = { id: approvalAddress(approval), decision, reason: '', by: WHO };
      return [`# ${decision}`, invocation(place, place.names.approveFunction, payload)];
    }),
  );
}

function withoutConsole({ config }: Pick<Place, 'config'>, commands: () => string[]): string[] {
  return config.consoleUrl ? [] : commands();
}

const WHO = '<who>';

/** What is in it is ours alone (ids, names of functions): nothing of an alarm's own words gets into a line that is pasted. */
function invocation({ config }: Place, functionName: string, payload: object): string {
  const text = JSON.stringify(payload).replace(WHO, `'"$USER"'`);
  return `aws lambda invoke --region ${config.region} --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload '${text}' /dev/stdout`;
}
