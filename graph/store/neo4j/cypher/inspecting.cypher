// Going through all that is kept beside rows, so that it can be held against the log.

// page_of_personal
MATCH (p:Personal)
USING INDEX SEEK p:Personal(commitment)
WHERE p.commitment > $after
RETURN p.commitment, p.claim, p.field, p.salt, p.value
ORDER BY p.commitment
LIMIT $limit

// page_of_findable
MATCH (c:Claim)
USING INDEX SEEK c:Claim(row)
WHERE c.row > $after
WITH c ORDER BY c.row LIMIT $limit
CALL (c) {
  MATCH (c)-[a:ASSERTS]->(x:ExternalId)
  RETURN collect([x.id, x.scheme, x.value, a.commitment]) AS ids
}
CALL (c) {
  UNWIND c.commitments AS commitment
  MATCH (p:Personal {commitment: commitment})
  RETURN collect([commitment, p.texts]) AS personal
}
RETURN c.row, c.recorded_from, c.kind, c.texts, personal, ids
ORDER BY c.row

// page_of_end_kinds
MATCH ()-[r:<<TYPE>>]->()
USING INDEX SEEK r:<<TYPE>>(key)
WHERE r.key > $after
WITH r ORDER BY r.key LIMIT $limit
RETURN r.key, r.recorded_from, r.subject_kind, r.object_kind, r.claim IS NOT NULL
ORDER BY r.key

// page_of_portraits
MATCH (n:Entity)
USING INDEX SEEK n:Entity(sort_key)
WHERE n.sort_key > $after
RETURN n.uid, n.canonical, n.kind, n.type, n.name, n.described, n.shown_at, n.sort_key,
  coalesce(n.folded, n.uid)
ORDER BY n.sort_key
LIMIT $limit
