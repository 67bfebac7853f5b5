// Which requirements are proved for which subjects.

import { empty, h, moreButton, table } from '/assets/dom.mjs';
import { BASIS, OUTCOMES, ask, basisBox, outcome, standpoint } from '/assets/graphql.mjs';

const QUERY = `query ($after: String, $at: At) {
  evidence(after: $after, at: $at, first: 50) {
    __typename
    ... on EvidenceMatrix {
      ${BASIS} totalCount nextChange
      scores { complete strict filed satisfied gaps notAssessable cells { applies count } slots { state count } notCovered }
      catalogs { title status requirements leftOut unreadable }
      untyped { uid }
      cells {
        subject subjectLabel environment label title applies appliesBecause state worst because
        slots { title state because repair }
      }
      pageInfo { hasNextPage endCursor }
    }
    ${OUTCOMES}
  }
}`;

/** @param {URLSearchParams} parameters */
export async function evidence(parameters) {
  const view = h('section', {}, h('h2', {}, 'Evidence'));
  const variables = { at: standpoint(parameters) };
  const { evidence: found } = await ask(QUERY, variables);
  const none = outcome(found);
  if (none) return [h('div', {}, view, none), 'No answer'];
  const { scores } = found;
  const share = (value) => (value === null ? 'none in force' : `${Math.round(value * 1000) / 10} %`);
  const unknown = scores.cells.find((c) => c.applies === 'UNKNOWN')?.count ?? 0;
  const said = `Of the duties modelled: proved ${share(scores.complete)}, satisfied in full ${share(scores.strict)}, ` +
    `on paper ${share(scores.filed)}. ${scores.satisfied} requirements satisfied, ${scores.gaps} with gaps, ` +
    `${scores.notAssessable} not assessable. Unknown: whether ${unknown} requirements apply, and whether ` +
    `${found.untyped.length} nodes are subjects, as their type is not known.`;
  view.append(h('p', {}, said));
  if (!found.catalogs.length) {
    view.append(empty('No catalog has been read in: the command `holdfast ingest catalog` reads those shipped.'));
  } else {
    view.append(table('Catalogs', ['Edition', 'Status', 'Requirements', 'Left out', 'Cannot be read'],
      found.catalogs.map((c) => [
        c.title, c.status ?? 'unknown', String(c.requirements), c.leftOut ?? '', c.unreadable.join('; '),
      ])));
    view.append(table('Slots', ['State', 'Count'], scores.slots.map((s) => [
      s.state, s.state === 'MISSING' && scores.notCovered ? `${s.count}, of these ${scores.notCovered} not covered` : String(s.count),
    ])));
  }
  if (found.cells.length) view.append(page(found, variables));
  else if (found.catalogs.length) view.append(empty('No requirement is about anything that there is at these times.'));
  if (Date.parse(found.basis.commit.recordedAt) > Date.parse(found.basis.asOf)) {
    view.append(h('p', {}, 'A decision, such as an approval, counts from the commit that recorded it on: those ' +
      `recorded after ${found.basis.asOf} do not count here, whatever date they bear.`));
  }
  view.append(basisBox(found.basis));
  return [view, said];
}

function page(found, variables) {
  const rows = found.cells.map((cell) => [
    cell.environment ? `${cell.subjectLabel} (${cell.environment})` : cell.subjectLabel,
    `${cell.label}: ${cell.title}`,
    cell.applies,
    cell.state ?? '',
    cell.slots.length ? slots(cell.slots) : cell.because || cell.appliesBecause,
  ]);
  const part = h('div', {}, table('Requirements by subject', ['Subject', 'Requirement', 'Applies', 'State', 'Slots'], rows));
  if (found.pageInfo.hasNextPage) {
    part.append(moreButton('More requirements', async () => {
      const next = await ask(QUERY, { ...variables, after: found.pageInfo.endCursor });
      return outcome(next.evidence) ?? page(next.evidence, variables);
    }));
  }
  return part;
}

function slots(all) {
  const list = h('ul', {});
  for (const slot of all) {
    const repair = slot.repair ? ` ${slot.repair}` : '';
    list.append(h('li', {}, `${slot.state}: ${slot.title}; ${slot.because}.${repair}`));
  }
  return list;
}
