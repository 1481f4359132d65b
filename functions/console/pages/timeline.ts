import { html } from 'hono/html';
import type { TimelineEvent } from '../../incident/timeline.ts';
import { clockTime, day } from '../views/moment.ts';
import { type Line, timelineLines } from '../views/timeline.ts';
import type { Html } from './layout.ts';
import { cut, type Room } from './room.ts';

/** So many lines stand at the beginning, whatever is left out after them. */
const FIRST = 6;
const SAYS = 1_500;
const MOST_SAID = 30;
const TITLE = 300;

/** The story of an incident, the earliest first. A new day says so. Of a long one the middle is left out, and said to be. */
export function timelineSection(id: string, events: readonly TimelineEvent[], seen: number, room: Room): Html {
  const lines = timelineLines(events, seen);
  const drawn = (line: Line, at: number) => html`${newDay(line, lines[at - 1])}${entry(line)}`;
  const begins = room.fit(lines.slice(0, FIRST), drawn).shown;
  const rest = lines.slice(begins.length).map((line, at) => ({ line, at: at + begins.length }));
  const ends = room.fit(rest.toReversed(), ({ line, at }) => drawn(line, at));
  return html`<h2 id="timeline">Timeline <span class="meta">times in UTC${lines[0] ? `, ${day(lines[0].at)}` : ''}</span></h2>
    <ol class="timeline">${begins}${ends.left > 0 ? html`<li class="day">${ends.left} lines are left out here: <a href="/incidents/${id}/timeline.txt">all of it as text</a></li>` : ''}${ends.shown.toReversed()}</ol>`;
}

function newDay(line: Line, before: Line | undefined): Html | '' {
  return before && day(before.at) !== day(line.at) ? html`<li class="day">${day(line.at)}</li>` : '';
}

function entry({ at, tone, title, host, says, took, step }: Line): Html {
  return html`<li class="line tone-${tone}">
    <time datetime="${at}">${clockTime(at)}</time>
    <p class="title">${step ? html`<a href="#${step}">${cut(title, TITLE)}</a>` : cut(title, TITLE)}${host ? html` <span class="host">${cut(host, TITLE)}</span>` : ''}</p>
    <div class="says">${says.slice(0, MOST_SAID).map((line) => html`<p>${cut(line, SAYS)}</p>`)}</div>
    <p class="took">${took}</p>
  </li>`;
}
