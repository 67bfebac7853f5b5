// Finding nodes by what they are called.

import { h, labelled, moreButton, nodeCell, select, table } from '/assets/dom.mjs';
import { BASIS, OUTCOMES, ask, basisBox, nothing, outcome, standpoint } from '/assets/graphql.mjs';

const QUERY = `query ($text: String!, $match: Match!, $after: String, $at: At) {
  search(text: $text, match: $match, after: $after, at: $at, first: 50) {
    __typename
    ... on SearchResults {
      ${BASIS} matches matchesComplete
      nodes { uid kind type name described environment criticality }
      pageInfo { hasNextPage endCursor }
    }
    ${OUTCOMES}
  }
}`;

/** @param {URLSearchParams} parameters @param {(changes: object) => void} go */
export async function search(parameters, go) {
  const view = h('section', {}, h('h2', {}, 'Search'), form(parameters, go));
  const text = parameters.get('text');
  if (!text) {
    view.append(await nothing('Type a part of a name, of a uid or of an external id, or a word of a text.'));
    return [view, 'Search'];
  }
  const variables = { text, match: parameters.get('match') ?? 'substring', at: standpoint(parameters) };
  const { search: found } = await ask(QUERY, variables);
  const none = outcome(found);
  if (none) return [h('div', {}, view, none), 'No answer'];
  const said = `${found.matchesComplete ? '' : 'At least '}${found.matches} nodes match.`;
  view.append(h('p', {}, said));
  if (found.nodes.length) view.append(page(found, variables));
  else {
    view.append(await nothing(`Nothing matches ${text} at these times.`,
      'With the match substring it is found anywhere. Without dates, above, the question is about now.'));
  }
  view.append(basisBox(found.basis));
  return [view, said];
}

function page(found, variables) {
  const rows = found.nodes.map((node) => [
    nodeCell(node),
    node.kind,
    node.type ?? '',
    node.environment,
    node.criticality === null ? 'unknown' : String(node.criticality),
    node.described ? 'yes' : 'only mentioned',
  ]);
  const part = h('div', {}, table('Nodes', ['Name', 'Kind', 'Type', 'Environment', 'Criticality', 'Described'], rows));
  if (found.pageInfo.hasNextPage) {
    part.append(moreButton('More nodes', async () => {
      const next = await ask(QUERY, { ...variables, after: found.pageInfo.endCursor });
      return outcome(next.search) ?? page(next.search, variables);
    }));
  }
  return part;
}

function form(parameters, go) {
  const text = h('input', { name: 'text', type: 'search', required: '', size: '40', 'aria-keyshortcuts': '/', value: parameters.get('text') ?? '' });
  const match = select('match', ['substring', 'prefix', 'words'], parameters.get('match') ?? 'substring');
  const element = h('form', { role: 'search' }, labelled('Name, uid or text', text), labelled('Match', match),
    h('button', {}, 'Search'));
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    go({ text: text.value, match: match.value });
  });
  return element;
}
