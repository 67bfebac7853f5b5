// What nobody answers for.

import { h, moreButton, nodeCell, table } from '/assets/dom.mjs';
import { BASIS, OUTCOMES, ask, basisBox, nothing, outcome, standpoint } from '/assets/graphql.mjs';

const QUERY = `query ($after: String, $at: At) {
  ownershipGaps(after: $after, at: $at, first: 50) {
    __typename
    ... on OwnershipGaps {
      ${BASIS} totalCount kindUnknown
      standings { standing count }
      gaps {
        node { uid kind type name } reasons because
        consequence { assessed harm weight states unknownCriticality complete }
        suggestions { label strength because }
      }
      pageInfo { hasNextPage endCursor }
    }
    ${OUTCOMES}
  }
}`;

/** @param {URLSearchParams} parameters */
export async function ownershipGaps(parameters) {
  const view = h('section', {}, h('h2', {}, 'Ownership gaps'));
  const variables = { at: standpoint(parameters) };
  const { ownershipGaps: found } = await ask(QUERY, variables);
  const none = outcome(found);
  if (none) return [h('div', {}, view, none), 'No answer'];
  const count = (name) => found.standings.find((s) => s.standing === name)?.count ?? 0;
  const all = found.standings.reduce((sum, s) => sum + s.count, 0);
  const said = `${found.totalCount} ownership gaps among ${all} nodes; ${count('owned')} are owned, ` +
    `${count('inherited')} by inheritance. Unknown: ${count('unknown')} depend on what no source says ` +
    `or on what is only possible, ${count('not_assessed')} are covered by no source of owners, ${found.kindUnknown} are of unknown kind.`;
  view.append(h('p', {}, said));
  if (found.gaps.length) view.append(page(found, variables));
  else if (!all) view.append(await nothing('At these times there is no node that should have an owner.'));
  else {
    view.append(await nothing('No gap is known.', 'That is a finding only for what a source of owners covers: ' +
      'for a node, once it has read all of a scope that describes it. `holdfast ingest people` reads such a source.'));
  }
  view.append(basisBox(found.basis));
  return [view, said];
}

function page(found, variables) {
  const rows = found.gaps.map((gap) => [
    nodeCell(gap.node),
    gap.reasons.join(', '),
    gap.because,
    weight(gap.consequence),
    gap.suggestions.length
      ? `${gap.suggestions[0].label} (${gap.suggestions[0].strength}): ${gap.suggestions[0].because.join('; ')}`
      : 'nobody',
  ]);
  const part = h('div', {}, table('Gaps, the gravest first', ['Node', 'Reasons', 'Because', 'Can harm', 'Perhaps'], rows));
  if (found.pageInfo.hasNextPage) {
    part.append(moreButton('More gaps', async () => {
      const next = await ask(QUERY, { ...variables, after: found.pageInfo.endCursor });
      return outcome(next.ownershipGaps) ?? page(next.ownershipGaps, variables);
    }));
  }
  return part;
}

function weight(consequence) {
  if (!consequence.assessed) return 'not walked';
  const least = consequence.complete ? '' : 'at least ';
  const unknown = consequence.unknownCriticality ? `, ${consequence.unknownCriticality} of unknown criticality` : '';
  return `${least}${consequence.states} states if ${consequence.harm}, weight ${least}${consequence.weight}${unknown}`;
}
