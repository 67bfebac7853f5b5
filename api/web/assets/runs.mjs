// What was read in.

import { empty, h, moreButton, table } from '/assets/dom.mjs';
import { OUTCOMES, ask, outcome } from '/assets/graphql.mjs';

const QUERY = `query ($before: Int) {
  runs(before: $before, first: 20) {
    __typename
    ... on Runs {
      nextBefore
      runs {
        source state finishedAt readAt recordsRead accepted rejectedCount created changed unchanged closed commits
        rejected { place part reason expected } warnings
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
    `${run.created} created, ${run.changed} changed, ${run.unchanged} unchanged, ${run.closed} closed`,
    String(run.commits),
    problems(run),
  ]);
  const columns = ['Source', 'State', 'Read at', 'Finished', 'Records', 'Claims', 'Commits', 'Problems'];
  const part = h('div', {}, table('Runs, newest first', columns, rows));
  if (found.nextBefore !== null) {
    part.append(moreButton('Older runs', async () => {
      const next = await ask(QUERY, { before: found.nextBefore });
      return outcome(next.runs) ?? page(next.runs);
    }));
  }
  return part;
}

function problems(run) {
  const lines = [
    ...run.rejected.map((r) => `${r.place} ${r.part}: ${r.reason}; expected ${r.expected}`),
    ...run.warnings,
  ];
  return lines.length ? h('ul', {}, ...lines.map((line) => h('li', {}, line))) : '';
}
