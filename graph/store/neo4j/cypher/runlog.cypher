// The run log, which makes no commits, what was seen in passing, and retained payloads.

// add_run
CREATE (:Run {
  position: $position, run: $run, source: $source, read_at: $read_at, started_at: $started_at,
  finished_at: $finished_at, completed: $completed, report: $report
})

// add_complete_reads
MATCH (l:Run {position: $position})
UNWIND $scopes AS scope
MATCH (p:Scope {id: scope})
CREATE (l)-[:READ_COMPLETELY]->(p)

// runs
MATCH (l:Run)
WHERE l.position < $before
RETURN l.position, l.run, l.source, l.read_at, l.started_at, l.finished_at, l.completed, l.report
ORDER BY l.position DESC
LIMIT $limit

// complete_reads
MATCH (l:Run)-[:READ_COMPLETELY]->(p:Scope)
RETURN p.id, l.read_at
ORDER BY p.id, l.read_at

// complete_reads_of
MATCH (p:Scope {id: $scope})
CALL (p) {
  MATCH (l:Run)-[:READ_COMPLETELY]->(p)
  RETURN l.read_at AS read_at
  UNION
  MATCH (g:Reading)
  USING INDEX SEEK g:Reading(scope, read_at)
  WHERE g.scope = $scope AND g.read_at > $before_all AND g.complete
  RETURN g.read_at AS read_at
}
RETURN read_at
ORDER BY read_at

// number_reading
MERGE (p:Scope {id: $scope})
MERGE (g:Reading {id: $id})
ON CREATE SET p.readings = coalesce(p.readings, 0) + 1, g.scope = $scope, g.read_at = $read_at,
  g.number = p.readings, g.complete = false
RETURN g.number

// mark_complete
MATCH (g:Reading {id: $id})
SET g.complete = true

// mentions_go_on
UNWIND $rows AS row
MATCH (m:Mention {of: row.of})
USING INDEX SEEK m:Mention(of)
WHERE m.last = $before
SET m.last = $number

// mentions_begin
UNWIND $rows AS row
OPTIONAL MATCH (m:Mention {of: row.of})
USING INDEX SEEK m:Mention(of)
WHERE m.first <= $number AND m.last >= $number
WITH row, m
WHERE m IS NULL
CREATE (:Mention {
  of: row.of, claim: row.claim, start: row.start, said: row.said, first: $number, last: $number
})

// mentions
MATCH (g:Reading)
USING INDEX SEEK g:Reading(scope, read_at)
WHERE g.scope = $scope AND g.read_at > $after
WITH collect([g.number, g.read_at]) AS later
WHERE size(later) > 0
UNWIND $ids AS id
MATCH (m:Mention {claim: id})
USING INDEX SEEK m:Mention(claim)
UNWIND later AS reading
WITH m, reading
WHERE m.first <= reading[0] AND m.last >= reading[0]
RETURN m.claim, m.start, m.said, min(reading[1])

// keep_volatile
UNWIND $rows AS row
MERGE (v:Volatile {id: row.id})
ON CREATE SET v.uid = row.uid, v.name = row.name, v.observed_at = row.observed_at
WITH v, row
WHERE row.observed_at >= v.observed_at
SET v.value = row.value, v.observed_at = row.observed_at, v.run = row.run

// volatile
UNWIND $uids AS uid
MATCH (v:Volatile {uid: uid})
USING INDEX SEEK v:Volatile(uid)
RETURN v.uid, v.name, v.value, v.observed_at, v.run

// known_raw
UNWIND $ids AS id
MATCH (w:Raw {id: id})
RETURN w.id

// add_raw
UNWIND $rows AS row
CREATE (:Raw {
  id: row.id, source: row.source, group: row.group, group_id: row.group_id, digest: row.digest,
  occurred_at: row.occurred_at, arrived_at: row.arrived_at, payload: row.payload, redacted: row.redacted,
  sort_key: row.sort_key
})

// raw
MATCH (w:Raw {group_id: $group})
WHERE w.occurred_at > $occurred_at OR (w.occurred_at = $occurred_at AND w.sort_key > $digest)
RETURN w.source, w.group, w.digest, w.occurred_at, w.arrived_at, w.payload, w.redacted
ORDER BY w.occurred_at, w.sort_key
LIMIT $limit
