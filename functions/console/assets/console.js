// The pages work without this. It fetches the page again every few seconds and puts the parts that have changed in the
// place of the old ones, except where somebody is typing; and it keeps a form from being sent twice.

const shown = new Map(parts(document));
let every = pollOf(document);

function parts(page) {
  return [...page.querySelectorAll('[data-live]')].map((part) => [part.dataset.live, part.innerHTML]);
}

function pollOf(page) {
  return Number(page.querySelector('[data-poll]')?.dataset.poll ?? 0);
}

function isBeingEdited(part) {
  if (part.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')) return true;
  return [...part.querySelectorAll('input, textarea')].some((field) => field.value !== field.defaultValue);
}

function replace(part, html, fresh) {
  const opened = [...part.querySelectorAll('details[open][id]')].map(({ id }) => id);
  part.replaceChildren(...fresh.childNodes);
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
  shown.set(part.dataset.live, html);
}

async function look() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const [name, html] of parts(page)) {
    const part = document.querySelector(`[data-live="${name}"]`);
    if (part && shown.get(name) !== html && !isBeingEdited(part))
      replace(part, html, page.querySelector(`[data-live="${name}"]`));
  }
  every = pollOf(page);
}

async function keepLooking() {
  if (!document.hidden) {
    const stale = document.querySelector('[data-stale]');
    try {
      await look();
      if (stale) stale.hidden = true;
    } catch {
      if (stale) stale.hidden = false;
    }
  }
  if (every > 0) setTimeout(keepLooking, every);
}

if (every > 0) setTimeout(keepLooking, every);

/** A link to a step leads to it opened, with everything that it is folded into. */
function openTarget() {
  let fold = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest('details');
  const first = fold;
  for (; fold; fold = fold.parentElement.closest('details')) fold.open = true;
  first?.scrollIntoView();
}
window.addEventListener('hashchange', openTarget);
openTarget();

document.addEventListener('submit', ({ target }) => {
  // After the browser has gathered what is sent: a disabled button would not be part of it.
  setTimeout(() => {
    for (const button of target.querySelectorAll('button')) button.disabled = true;
  });
});
window.addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button:disabled')) button.disabled = false;
});
