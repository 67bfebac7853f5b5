// Small helpers that make elements. Text always goes in as text: names come from outside.

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/**
 * A table with a caption; cells are texts or nodes.
 * @param {string} caption
 * @param {string[]} columns
 * @param {(Node | string | null)[][]} rows
 */
export function table(caption, columns, rows) {
  const head = h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, name))));
  const body = h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell) =>
    h('td', {}, ...(typeof cell === 'string' ? breakable(cell) : [cell]))))));
  const whole = h('table', {}, h('caption', {}, caption), head, body);
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, whole);
}

/** A node's name with its uid below it, leading to its blast radius. */
export function nodeCell(node) {
  const asked = new URLSearchParams(location.hash.split('?')[1] ?? '');
  const target = new URLSearchParams({ uid: node.uid });
  for (const name of ['asOf', 'knownAt']) if (asked.get(name)) target.set(name, asked.get(name));
  const label = node.name ?? uid(node.uid);
  const link = h('a', { href: `#/blast-radius?${target}` }, label);
  return h('span', {}, link, node.name ? uid(node.uid) : null);
}

/** A uid: it goes on in a new line after a separator and nowhere else, but for parts that fit no line. */
export function uid(text) {
  return h('span', { class: 'uid' }, ...breakable(text));
}

const LONGEST_PART = 60;

/** A text as parts between which a line may end; long words end lines after their separators. */
function breakable(text) {
  const parts = text.split(/(?<=[/:#@%=])(?=[^/:#@%=\s])|(?<=[.])(?=[A-Za-z])/);
  return parts.flatMap((part, index) => {
    const whole = part.length <= LONGEST_PART && !/\s/.test(part) ? h('span', { class: 'part' }, part) : part;
    return index ? [h('wbr'), whole] : [whole];
  });
}

/** Words for a place where there is nothing, each an own line. */
export function empty(...lines) {
  return h('div', { class: 'empty' }, ...lines.map((line) => h('p', {}, line)));
}

/** @param {string} label @param {HTMLElement} control */
export function labelled(label, control) {
  return h('label', {}, label, control);
}

/** @param {string} name @param {string[]} choices @param {string} chosen */
export function select(name, choices, chosen) {
  const element = h('select', { name });
  for (const choice of choices) {
    const option = h('option', { value: choice }, choice);
    if (choice === chosen) option.setAttribute('selected', '');
    element.append(option);
  }
  return element;
}

/** @param {string} text */
export function announce(text) {
  document.getElementById('status').textContent = text;
}

/** A button that asks for more and puts it in its own place; where that fails it says so and can be pressed again. */
export function moreButton(label, load) {
  const button = h('button', { type: 'button' }, label);
  const failure = h('span', { class: 'warn', role: 'alert' });
  const part = h('p', {}, button, ' ', failure);
  button.addEventListener('click', async () => {
    button.setAttribute('disabled', '');
    failure.textContent = '';
    try {
      const more = await load();
      more.setAttribute('tabindex', '-1');
      part.replaceWith(more);
      more.focus();
    } catch (error) {
      failure.textContent = `That could not be asked. ${error.message}`;
      button.removeAttribute('disabled');
      button.focus();
    }
  });
  return part;
}
