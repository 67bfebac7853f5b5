// What people decided about identity and about claims, and what scopes cover.

// decide_same_as
CREATE (:SameAs {
  first: $first, second: $second, same: $same, reason: $reason, recorded_from: $sequence, place: $place
})

// same_as
MATCH (d:SameAs)
WHERE d.recorded_from <= $known
RETURN d.first, d.second, d.same, d.recorded_from, d.reason
ORDER BY d.recorded_from, d.place

// refute
CREATE (:Refutation {
  claim: $claim, content: $content, reason: $reason, recorded_from: $sequence, place: $place
})

// lift
MATCH (d:Refutation {claim: $claim})
WHERE d.content = $content AND d.recorded_to IS NULL
SET d.recorded_to = $sequence, d.lift_reason = $reason
RETURN d.recorded_from

// refutations
MATCH (d:Refutation)
WHERE $known IS NULL OR (d.recorded_from <= $known AND coalesce(d.recorded_to, $known + 1) > $known)
RETURN d.claim, d.content, d.recorded_from, d.reason, d.recorded_to, d.lift_reason
ORDER BY d.recorded_from, d.place

// refutations_of
UNWIND $ids AS id
MATCH (d:Refutation {claim: id})
USING INDEX SEEK d:Refutation(claim)
WHERE d.recorded_to IS NULL
RETURN d.claim, d.content, d.recorded_from, d.reason, d.recorded_to, d.lift_reason
ORDER BY d.recorded_from, d.place

// claims_judged_since
MATCH (d:Refutation)
WHERE d.recorded_from > $since OR d.recorded_to > $since
RETURN DISTINCT d.claim

// cover
UNWIND $rows AS row
CREATE (:Coverage {
  scope: row.scope, kinds: row.kinds, relations: row.relations, read_at: row.read_at,
  recorded_from: $sequence, place: row.place, restates: row.restates
})

// coverage
MATCH (v:Coverage)
WHERE v.recorded_from <= $known
RETURN v.scope, v.kinds, v.relations, v.read_at, v.recorded_from, v.restates
ORDER BY v.recorded_from, v.place

// coverage_of
MATCH (v:Coverage {scope: $scope})
RETURN v.scope, v.kinds, v.relations, v.read_at, v.recorded_from, v.restates
ORDER BY v.recorded_from, v.place
