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
MATCH (l:Run)-[:READ_COMPLETELY]->(:Scope {id: $scope})
RETURN l.read_at
ORDER BY l.read_at

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
