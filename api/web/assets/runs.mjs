// What was read in.

import { empty, h, moreButton, table } from '/assets/dom.mjs';
import { OUTCOMES, ask, outcome } from '/assets/graphql.mjs';

const COUNTS = 'created changed unchanged closed withdrawn';
const QUERY = `query ($before: Int) {
  runs(before: $before, first: 20) {
    __typename
    ... on Runs {
      nextBefore
      runs {
        source state finishedAt readAt seconds recordsRead accepted rejectedCount commits pending
        pendingNodes { uid place }
        nodes { ${COUNTS} } edges { ${COUNTS} }
        scopes { scope complete why refused }
        rejected { place part reason expected } skipped { what count } warnings warningsNotListed
      }
    }
    ${OUTCOMES}
  }
}`;

export async function runs() {
  const view = h('section', {}, h('h2', {}, 'Ingest runs'));
  const { runs: found } = await ask(QUERY);
  const none = outcome(found);
  if (none) return [h('div', {}, view, none), 'No answer'];
  if (found.runs.length) view.append(page(found));
  else view.append(empty('Nothing has been read in: `holdfast ingest SOURCE PATH` does, `holdfast sources` lists sources.'));
  return [view, `${found.runs.length} runs`];
}

function page(found) {
  const rows = found.runs.map((run) => [
    run.source, run.state, run.readAt ?? '', run.finishedAt ?? '',
    `${run.recordsRead} read, ${run.accepted} accepted, ${run.rejectedCount} rejected`,
    h('ul', {}, h('li', {}, `nodes: ${counts(run.nodes)}`), h('li', {}, `edges: ${counts(run.edges)}`),
      h('li', {}, `${run.pending} nodes are only mentioned`)),
    String(run.commits),
    `${run.seconds.toFixed(1)} s`,
    problems(run),
  ]);
  const columns = ['Source', 'State', 'Read at', 'Finished', 'Records', 'Claims', 'Commits', 'Took', 'Problems'];
  const part = h('div', {}, table('Runs, newest first', columns, rows));
  if (found.nextBefore !== null) {
    part.append(moreButton('Older runs', async () => {
      const next = await ask(QUERY, { before: found.nextBefore });
      return outcome(next.runs) ?? page(next.runs);
    }));
  }
  return part;
}

function counts(of) {
  return `${of.created} created, ${of.changed} changed, ${of.unchanged} unchanged, ${of.closed} closed, ` +
    `${of.withdrawn} withdrawn`;
}

/** What is wrong with a run, the gravest first: what was not closed, then what was not read. */
function problems(run) {
  const hidden = run.rejectedCount - run.rejected.length;
  const lines = [
    ...run.scopes.filter((s) => s.why).map((s) => `${s.scope} ${s.refused ? 'was not closed' : 'is not complete'}: ${s.why}`),
    ...run.rejected.map((r) => `${r.place} ${r.part}: ${r.reason}; expected ${r.expected}`),
    ...(hidden > 0 ? [`${hidden} more were rejected`] : []),
    ...run.warnings,
    ...(run.warningsNotListed > 0 ? [`${run.warningsNotListed} more warnings`] : []),
    ...run.pendingNodes.map((node) => `${node.place} mentions ${node.uid}, which no source describes`),
    ...(run.pending > run.pendingNodes.length ? [`${run.pending - run.pendingNodes.length} more that no source describes`] : []),
    ...run.skipped.map((s) => `knowingly not mapped: ${s.what} (${s.count})`),
  ];
  return lines.length ? h('ul', {}, ...lines.map((line) => h('li', {}, line))) : '';
}
