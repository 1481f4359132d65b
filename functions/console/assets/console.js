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
  copyButtons(fresh);
  morph(part, fresh);
  shown.set(part.dataset.live, html);
}

/** By what an element is known while others come and go beside it: a button, by what it does. Else Enter would do something else. */
function keyOf(node) {
  return node.id || node.getAttribute?.('formaction') || '';
}

/** Makes one piece of a page like another and leaves alone what is the same: the focus, open folds and what is scrolled stay. */
function morph(old, fresh) {
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf));
  for (const child of [...old.children]) if (!keys.has(keyOf(child))) child.remove();
  for (const [at, node] of wanted.entries()) {
    const key = keyOf(node);
    const same = key ? [...old.children].find((child) => keyOf(child) === key) : old.childNodes[at];
    // Whoever is moved loses the focus, so rather what stands before it goes.
    while (key && same && old.childNodes[at] !== same && !keyOf(old.childNodes[at])) old.childNodes[at].remove();
    const there = old.childNodes[at];
    if (!same || same.nodeName !== node.nodeName || keyOf(same) !== key) {
      old.insertBefore(node, there ?? null);
      continue;
    }
    if (same !== there) old.insertBefore(same, there);
    if (same.isEqualNode(node)) continue;
    if (same.nodeType !== Node.ELEMENT_NODE) same.nodeValue = node.nodeValue;
    else {
      sameAttributes(same, node);
      morph(same, node);
    }
  }
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}

function sameAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes)
    if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name);
}

// What time it is for Firebreak, which may pass faster than here: as the page said it, and since when it has been here.
let clock;

function setClock(page) {
  const { now, speed } = page.querySelector('[data-now]')?.dataset ?? {};
  clock = now && { told: Date.parse(now), at: performance.now(), speed: Number(speed) };
}

function spoken(seconds) {
  if (seconds <= 0) return 'now';
  if (seconds < 60) return `in ${Math.ceil(seconds)} s`;
  if (seconds < 600) return `in ${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  if (seconds < 3600) return `in ${Math.ceil(seconds / 60)} min`;
  return seconds < 86_400 ? `in ${Math.floor(seconds / 3600)} h` : `in ${Math.floor(seconds / 86_400)} d`;
}

function countDown() {
  if (!clock) return;
  const now = clock.told + (performance.now() - clock.at) * clock.speed;
  for (const time of document.querySelectorAll('[data-countdown]')) {
    const text = spoken((Date.parse(time.dateTime) - now) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}

setClock(document);
countDown();
setInterval(countDown, 1000);

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
  setClock(page);
  countDown();
  find();
}

/** What is typed is found in what is on the page; to look through all that there is, the form is sent. */
const form = document.querySelector('[data-find]');
const field = form?.querySelector('input');

function find() {
  if (!field) return;
  const wanted = field.value.trim().toLowerCase();
  // The page was made for what its address looks for: that is shown as it came.
  if (field.value === field.defaultValue && !form.classList.contains('typed')) return;
  form.classList.add('typed');
  const steps = [...document.querySelectorAll('[data-live="steps"] details.step')];
  for (const step of steps) step.hidden = wanted !== '' && !step.textContent.toLowerCase().includes(wanted);
  const found = steps.filter((step) => !step.hidden).length;
  form.querySelector('[data-found]').textContent =
    wanted === '' ? '' : `${found} of ${steps.length} steps on this page have it. Enter looks through all of the evidence.`;
  for (const pass of document.querySelectorAll('[data-live="steps"] details.pass'))
    if (wanted !== '' && pass.querySelector('.step:not([hidden])')) pass.open = true;
}
field?.addEventListener('input', find);

/** A button beside each text that somebody may want elsewhere. */
function copyButtons(place) {
  for (const text of place.querySelectorAll('pre')) {
    if (text.previousElementSibling?.matches('.copy')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    text.before(button);
  }
}
copyButtons(document);

document.addEventListener('click', async ({ target }) => {
  if (!target.matches('.copy')) return;
  const text = target.nextElementSibling;
  try {
    await navigator.clipboard.writeText(text.textContent);
    target.textContent = 'Copied';
  } catch {
    // The browser does not let a page write there: then the text is selected, for the keys that copy it.
    getSelection().selectAllChildren(text);
    target.textContent = 'Selected';
  }
});

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
