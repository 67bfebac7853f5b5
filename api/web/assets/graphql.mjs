// Asking the API, and what every answer says about itself.

import { empty, h } from '/assets/dom.mjs';

export const BASIS = `basis {
  asOf rulesVersion lookedAt referencedNotDescribed
  commit { sequence recordedAt }
  bounds { name value }
  truncated { reason limit completeToHops hidden }
  coverage { uncoveredRelations { relation nodes } uncoveredKinds }
  stale { source cadence lastReported staleSince }
}`;

export const OUTCOMES = `
  ... on NotFound { uid message }
  ... on InvalidQuestion { code message }`;

/**
 * @param {string} query
 * @param {Record<string, unknown>} variables
 * @returns {Promise<any>} the data; an Error with words for people where there is none
 */
export async function ask(query, variables = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  const errors = answer.errors?.map((error) => error.message) ?? (answer.detail ? [answer.detail] : []);
  if (errors.length) throw new Error(errors.join(' '));
  return answer.data;
}

/** What an outcome without an answer says, in the words of this page; null where there is an answer. */
export function outcome(result) {
  if (result.__typename === 'InvalidQuestion') return empty(result.message);
  if (result.__typename !== 'NotFound') return null;
  return empty(`No source says anything about ${result.uid} at these times.`,
    'Search finds a node by its name or external id. Under As of and Known at, above, are the times asked about.');
}

/** What to say where there is nothing: that nothing has been read in yet, or else these lines. */
export async function nothing(...lines) {
  const { head } = await ask('query { head { commit { sequence } } }');
  if (head.commit.sequence) return empty(...lines);
  return empty('Nothing has been read in yet.',
    'The command `holdfast ingest SOURCE PATH` reads a source in, and `holdfast sources` lists them.');
}

/** The standpoint in the address as the API takes it. */
export function standpoint(parameters) {
  const at = {};
  const asOf = parameters.get('asOf');
  const knownAt = parameters.get('knownAt')?.trim();
  if (asOf) at.asOf = `${asOf}T00:00:00Z`;
  if (knownAt) {
    if (/^\d{1,9}$/.test(knownAt)) at.knownCommit = Number(knownAt);
    else at.knownAt = /^\d{4}-\d\d-\d\d$/.test(knownAt) ? `${knownAt}T00:00:00Z` : knownAt;
  }
  return at;
}

/** What an answer is an answer to, and what it does not know. */
export function basisBox(basis) {
  const bounds = basis.bounds.filter((b) => b.value !== null).map((b) => `${b.name} ${b.value}`);
  const box = h('div', { class: 'basis' });
  const recorded = basis.commit.recordedAt ? ` (recorded ${basis.commit.recordedAt})` : '';
  const within = bounds.length ? `, within ${bounds.join(', ')}` : '';
  box.append(
    h('p', {}, `As of ${basis.asOf}, known up to commit ${basis.commit.sequence}${recorded}, ` +
      `rules version ${basis.rulesVersion}${within}.`),
  );
  if (basis.truncated) {
    const cut = basis.truncated;
    const whole = cut.completeToHops === null ? '' : ` Complete up to ${cut.completeToHops} hops.`;
    box.append(h('p', { class: 'warn' }, `Cut short by ${cut.reason} (${cut.limit}).${whole}`));
  }
  if (basis.referencedNotDescribed) {
    box.append(h('p', {}, `${basis.referencedNotDescribed} of the ${basis.lookedAt} nodes looked at are only ` +
      'mentioned; no source describes them.'));
  }
  const { uncoveredRelations: relations, uncoveredKinds: kinds } = basis.coverage;
  if (relations.length) {
    const named = relations.map((r) => `${r.relation} (${r.nodes})`).join(', ');
    box.append(h('details', {}, h('summary', {}, `Unknown: ${relations.length} relations`),
      h('p', {}, `No source says whether there is more of these, each for so many nodes: ${named}.`)));
  }
  if (kinds.length) box.append(h('p', {}, `No source reports all nodes of kind ${kinds.join(', ')}.`));
  for (const { source, cadence, lastReported, staleSince } of basis.stale) {
    const last = lastReported === null ? 'had not reported at all by then' : `last reported ${lastReported}`;
    box.append(h('p', { class: 'warn' }, `Stale${staleSince ? ` since ${staleSince}` : ''}: ${source} ${last}; ` +
      `it is to report every ${cadence}.`));
  }
  return box;
}
