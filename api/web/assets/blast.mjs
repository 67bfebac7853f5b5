// What else is harmed if a harm comes to a node.

import { empty, h, labelled, moreButton, nodeCell, select, table } from '/assets/dom.mjs';
import { BASIS, OUTCOMES, ask, basisBox, outcome, standpoint } from '/assets/graphql.mjs';

const HARMS_SHOWN = ['CONTROLLED', 'DISCLOSED', 'TAINTED', 'UNAVAILABLE', 'UNPROVEN'];
const CALLED = `query ($text: String!, $at: At) {
  search(text: $text, at: $at, first: 20) {
    __typename ... on SearchResults { matches nodes { uid kind type name } }
  }
}`;
const HARMS = 'query { vocabulary { kinds { kind harms } } }';
const KIND = `query ($uid: ID!, $at: At) {
  node(id: $uid, at: $at) { __typename ... on Node { brief { uid kind name } } ${OUTCOMES} }
}`;
const QUERY = `query ($seeds: [ID!]!, $harm: Harm!, $after: String, $at: At) {
  blastRadius(seeds: $seeds, harm: $harm, after: $after, at: $at, first: 50) {
    __typename
    ... on BlastRadius {
      ${BASIS} walkedStates
      totals { complete nodes seeds states unknownCriticality harms { harm certain possible } }
      states { harm hops certainty sentence node { uid kind type name criticality } }
      pageInfo { hasNextPage endCursor }
    }
    ${OUTCOMES}
  }
}`;

/** @param {URLSearchParams} parameters @param {(changes: object) => void} go */
export async function blastRadius(parameters, go) {
  const view = h('section', {}, h('h2', {}, 'Blast radius'));
  const uid = parameters.get('uid');
  if (!uid) {
    view.append(form(parameters, go, HARMS_SHOWN));
    view.append(empty('Give a uid or a name, or come here from a node that a search found.'));
    return [view, 'Blast radius'];
  }
  const at = standpoint(parameters);
  const [{ vocabulary }, { node }] = await Promise.all([ask(HARMS), ask(KIND, { uid, at })]);
  const missing = outcome(node);
  if (missing) {
    const found = await matching(uid, at);
    const named = found.nodes.filter((match) => match.name === uid);
    if (named.length === 1) return takenFor(named[0], parameters, go);
    view.append(form(parameters, go, HARMS_SHOWN), ...(found.nodes.length ? offered(uid, found) : [missing]));
    return [view, 'No node has this uid'];
  }
  const harms = vocabulary.kinds.find((k) => k.kind === node.brief.kind)?.harms ?? ['DISCLOSED'];
  const asked = parameters.get('harm');
  const harm = asked ?? harms[0];
  view.append(form(parameters, go, harms, harm));
  if (!harms.length) {
    view.append(empty('No harm can come to nodes of this kind.'));
    return [view, 'No harm'];
  }
  if (!harms.includes(harm)) {
    const said = `${harm} cannot come to ${node.brief.name ?? uid}, which is of kind ${node.brief.kind}.`;
    view.append(empty(said, `What can: ${harms.join(', ')}.`));
    return [view, said];
  }
  const variables = { seeds: [uid], harm, at };
  const { blastRadius: found } = await ask(QUERY, variables);
  const none = outcome(found);
  if (none) return [h('div', {}, view, none), 'No answer'];
  const certain = found.totals.harms.reduce((sum, h) => sum + h.certain, 0);
  const least = found.totals.complete ? '' : 'at least ';
  const said = `If ${node.brief.name ?? uid} is ${harm}: ${least}${found.totals.states} states at ` +
    `${found.totals.nodes} nodes (${found.totals.seeds} asked about), ${certain} certain and ${found.totals.states - certain} possible. ` +
    `Criticality is unknown for ${found.totals.unknownCriticality} of these nodes.`;
  view.append(h('p', {}, said));
  view.append(table('By harm', ['Harm', 'Certain', 'Possible'],
    found.totals.harms.map((count) => [count.harm, String(count.certain), String(count.possible)])));
  if (found.totals.nodes < 2) view.append(empty('Nothing else is known to be harmed. What no source covers is listed below.'));
  view.append(page(found, variables), basisBox(found.basis));
  return [view, said];
}

/** The nodes that match what was taken for a uid. */
async function matching(text, at) {
  const { search: found } = await ask(CALLED, { text, at });
  return { nodes: found.nodes ?? [], matches: found.matches };
}

/** The answer for the only node of a name, which says whose it is. */
async function takenFor(node, parameters, go) {
  const asked = new URLSearchParams(parameters);
  asked.set('uid', node.uid);
  const [view, said] = await blastRadius(asked, go);
  view.querySelector('form').after(h('p', {}, `${node.name} is ${node.uid} (${node.kind}).`));
  return [view, said];
}

/** The nodes that match what no node has as its uid. */
function offered(text, found) {
  const rows = found.nodes.map((node) => [nodeCell(node), node.kind, node.type ?? '']);
  const more = found.matches > rows.length ? ` These are the best of ${found.matches}.` : '';
  return [
    h('p', {}, `No node has the uid ${text} at these times. Perhaps one of these is meant?${more}`),
    table('Nodes that match', ['Name', 'Kind', 'Type'], rows),
  ];
}

function page(found, variables) {
  const rows = found.states.map((state) => [
    state.harm,
    nodeCell(state.node),
    state.node.type ?? state.node.kind,
    state.certainty,
    String(state.hops),
    state.sentence || 'The node asked about.',
  ]);
  const part = h('div', {}, table('What is harmed', ['Harm', 'Node', 'Type', 'Certainty', 'Hops', 'Because'], rows));
  if (found.pageInfo.hasNextPage) {
    part.append(moreButton('More of what is harmed', async () => {
      const next = await ask(QUERY, { ...variables, after: found.pageInfo.endCursor });
      return outcome(next.blastRadius) ?? page(next.blastRadius, variables);
    }));
  }
  return part;
}

function form(parameters, go, harms, chosen) {
  const uid = h('input', { name: 'uid', required: '', size: '50', value: parameters.get('uid') ?? '' });
  const harm = select('harm', harms, chosen ?? parameters.get('harm') ?? 'DISCLOSED');
  const element = h('form', {}, labelled('Uid or name', uid), labelled('Harm', harm), h('button', {}, 'Ask'));
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    go({ uid: uid.value, harm: harm.value });
  });
  return element;
}
