// The one head, under whose lock all writing happens, and the chain of commits behind it.

// lock_head
MATCH (h:Head)
SET h.locked = true

// head
MATCH (h:Head)
RETURN h.sequence, h.hash, h.recorded_at, h.runs, h.relations

// move_head
MATCH (h:Head)
SET h.sequence = $sequence, h.hash = $hash, h.recorded_at = $recorded_at, h.relations = $relations

// count_run
MATCH (h:Head)
SET h.runs = h.runs + 1
RETURN h.runs

// hold_gate
MATCH (g:Holdfast)
SET g.gate = true

// write_commit
CREATE (:Commit {
  seq: $sequence, previous: $previous, hash: $hash, recorded_at: $recorded_at,
  actor: $actor, source: $source, run: $run, summary: $summary
})

// write_operations
UNWIND $pieces AS piece
CREATE (:Operations {seq: $sequence, part: piece[0], bytes: piece[1], digests: piece[2]})

// commits
MATCH (c:Commit)
WHERE c.seq > $after AND c.seq <= $until
WITH c ORDER BY c.seq LIMIT $limit
CALL (c) {
  MATCH (o:Operations)
  WHERE o.seq = c.seq AND o.part >= 0
  WITH o ORDER BY o.part
  RETURN collect(o.digests) AS digests
}
RETURN c.seq, c.previous, c.hash, c.recorded_at, c.actor, c.source, c.run, c.summary, digests
ORDER BY c.seq

// operations
MATCH (o:Operations)
WHERE o.seq = $sequence AND o.part >= 0 AND o.bytes IS NOT NULL
RETURN o.bytes
ORDER BY o.part

// newest_at
MATCH (c:Commit)
WHERE c.recorded_at <= $moment AND c.seq <= $until
RETURN c.seq
ORDER BY c.recorded_at DESC
LIMIT 1
