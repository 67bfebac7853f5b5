// Which question the address asks, and putting its answer on the page.

import { announce, h } from '/assets/dom.mjs';
import { blastRadius } from '/assets/blast.mjs';
import { evidence } from '/assets/evidence.mjs';
import { onSearchKey } from '/assets/keys.mjs';
import { ownershipGaps } from '/assets/ownership.mjs';
import { runs } from '/assets/runs.mjs';
import { search } from '/assets/search.mjs';

const VIEWS = {
  '/search': search,
  '/blast-radius': blastRadius,
  '/ownership-gaps': ownershipGaps,
  '/evidence': evidence,
  '/runs': runs,
};
const TIMES = ['asOf', 'knownAt'];
const main = document.getElementById('main');
const times = document.getElementById('times');
let turn = 0;
let isSearching = false;

function address() {
  const [path, query = ''] = (location.hash.slice(1) || '/search').split('?');
  return [path, new URLSearchParams(query)];
}

function go(changes) {
  const [path, parameters] = address();
  for (const [name, value] of Object.entries(changes)) {
    if (value) parameters.set(name, value);
    else parameters.delete(name);
  }
  location.hash = `${path}?${parameters}`;
}

async function show() {
  const mine = ++turn;
  const [path, parameters] = address();
  for (const name of TIMES) times.elements[name].value = parameters.get(name) ?? '';
  for (const link of document.querySelectorAll('nav a')) {
    const target = link.getAttribute('href').slice(1).split('?')[0];
    const kept = new URLSearchParams(TIMES.filter((n) => parameters.get(n)).map((n) => [n, parameters.get(n)]));
    link.setAttribute('href', `#${target}${kept.size ? `?${kept}` : ''}`);
    if (target === path) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  announce('Asking');
  main.setAttribute('aria-busy', 'true');
  let view;
  let said;
  try {
    [view, said] = await (Object.hasOwn(VIEWS, path) ? VIEWS[path] : nowhere)(parameters, go);
  } catch (error) {
    said = `The question could not be asked. ${error.message}`;
    view = h('p', { class: 'empty warn', role: 'alert' }, said);
  }
  if (mine !== turn) return;
  main.replaceChildren(view);
  main.removeAttribute('aria-busy');
  announce(said);
}

times.addEventListener('submit', (event) => {
  event.preventDefault();
  go(Object.fromEntries(TIMES.map((name) => [name, times.elements[name].value])));
});
// Its address would be taken for that of a page.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', async () => {
  await show();
  const box = isSearching ? searchBox() : null;
  isSearching = false;
  (box ?? main).focus();
});
onSearchKey(() => {
  const box = searchBox();
  if (box) {
    box.focus();
    box.select();
    return;
  }
  isSearching = true;
  location.hash = document.querySelector('nav a[href^="#/search"]').getAttribute('href');
});
show();

/** What stands under an address that is none. */
async function nowhere() {
  const said = `There is no page ${location.hash}.`;
  return [h('p', { class: 'empty' }, `${said} The pages that there are stand above.`), said];
}

/** The box that is searched with; null on the other pages. */
function searchBox() {
  return document.querySelector('main form[role="search"] input');
}
