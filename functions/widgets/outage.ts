import { html } from 'hono/html';
import { executionUrl } from '../aws-console.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Drawing, frame, type Html } from './frame.ts';

/** What a person can do while the dashboard can't: none of it needs the function that has just failed. */
export function outage({ config, names }: Surroundings, drawing: Drawing): Html | Promise<Html> {
  const { region, account } = config;
  const machine = (name: string) => `arn:aws:states:${region}:${account}:stateMachine:${name}`;
  const states = executionUrl(config, '')?.replace(/#.*$/, '#/statemachines');
  return frame(drawing, {
    content: html`<div class="notice bad" role="alert"><p><strong>Firebreak could not do this now.</strong> That is no sign that all is well. Nothing says whether what you pressed was done: look before you press again.</p></div>
      <p>Try again in a moment. If it stays so:</p>
      <ol>
        <li>Ask the console’s function: <pre>aws lambda invoke --region ${region} --function-name ${names.consoleFunction} --cli-binary-format raw-in-base64-out --payload '{"path":"/api/incidents"}' /dev/stdout</pre></li>
        <li>See why in the log: <pre>aws logs tail /aws/lambda/${names.widgetsFunction} --region ${region} --since 15m</pre></li>
        <li>See what runs${states ? html` (<a href="${states}" target="_blank" rel="noreferrer">Step Functions</a>)` : ''}, and who is being paged: <pre>aws stepfunctions list-executions --region ${region} --state-machine-arn ${machine(names.escalationMachine)} --status-filter RUNNING</pre></li>
        <li>Go by the runbook’s page, by hand: each of its steps has the line to type.</li>
      </ol>`,
  });
}
