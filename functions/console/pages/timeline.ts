import { html } from 'hono/html';
import type { TimelineEvent } from '../../incident/timeline.ts';
import { clockTime, day } from '../views/moment.ts';
import { type Line, timelineLines } from '../views/timeline.ts';
import type { Html } from './layout.ts';

/** The story of an incident, the earliest first. A new day says so. */
export function timelineSection(events: readonly TimelineEvent[], seen: number): Html {
  const lines = timelineLines(events, seen);
  return html`<h2 id="timeline">Timeline <span class="meta">times in UTC${lines[0] ? `, ${day(lines[0].at)}` : ''}</span></h2>
    <ol class="timeline">${lines.map((line, at) => html`${newDay(line, lines[at - 1])}${entry(line)}`)}</ol>`;
}

function newDay(line: Line, before: Line | undefined): Html | '' {
  return before && day(before.at) !== day(line.at) ? html`<li class="day">${day(line.at)}</li>` : '';
}

function entry({ at, tone, title, host, says, took, step }: Line): Html {
  return html`<li class="line tone-${tone}">
    <time datetime="${at}">${clockTime(at)}</time>
    <p class="title">${step ? html`<a href="#${step}">${title}</a>` : title}${host ? html` <span class="host">${host}</span>` : ''}</p>
    <div class="says">${says.map((line) => html`<p>${line}</p>`)}</div>
    <p class="took">${took}</p>
  </li>`;
}
