// Finding uids: by page, by text, by external id; and the kinds that ends of edges have.

// part described_then
EXISTS {
  MATCH (at)-[:CLAIMED]->(c:Claim)
  WHERE c.uid = n.uid AND c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known
}

// part mentioned_then
EXISTS {
  MATCH (at)-[r:!CLAIMED]->()
  WHERE coalesce(r.said_subject, at.uid) = n.uid
    AND r.recorded_from <= $known AND coalesce(r.recorded_to, $known + 1) > $known
}
OR EXISTS {
  MATCH (at)<-[r:!CLAIMED]-()
  WHERE coalesce(r.said_object, at.uid) = n.uid
    AND r.recorded_from <= $known AND coalesce(r.recorded_to, $known + 1) > $known
}

// part found_then
coalesce(n.folded, n.uid) CONTAINS $text
OR EXISTS {
  MATCH (at)-[:CLAIMED]->(c:Claim)
  WHERE c.uid = n.uid AND c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known
    AND (
      any(said IN c.texts WHERE said CONTAINS $text)
      OR EXISTS {
        MATCH (p:Personal {claim: c.claim})
        USING INDEX SEEK p:Personal(claim)
        WHERE p.commitment IN c.commitments AND any(said IN p.texts WHERE said CONTAINS $text)
      }
    )
}

// uids
MATCH (n:Entity)
USING INDEX SEEK n:Entity(sort_key)
WHERE n.sort_key > $after
MATCH (at:Entity {uid: coalesce(n.canonical, n.uid)})
WHERE <<described_then>> OR <<mentioned_then>>
RETURN n.uid
ORDER BY n.sort_key
LIMIT $limit

// uids_with_text
MATCH (n:Entity)
USING INDEX SEEK n:Entity(sort_key)
WHERE n.sort_key > $after
MATCH (at:Entity {uid: coalesce(n.canonical, n.uid)})
WHERE (<<found_then>>) AND (<<described_then>> OR <<mentioned_then>>)
RETURN n.uid
ORDER BY n.sort_key
LIMIT $limit

// descriptions
UNWIND $uids AS uid
MATCH (c:Claim {uid: uid})
USING INDEX SEEK c:Claim(uid)
WHERE c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known
RETURN c.uid, c.kind, c.claim, c.scope, c.content, c.valid_from, c.valid_to

// subject_kinds
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
WITH uid, coalesce(n.canonical, n.uid) AS canonical
MATCH (s:Entity {uid: canonical})
WITH uid, s
MATCH (s)-[r:!CLAIMED]->()
WHERE r.claim IS NOT NULL AND r.recorded_to IS NULL AND r.refuted IS NULL
  AND coalesce(r.said_subject, s.uid) = uid
RETURN DISTINCT uid, coalesce(r.relation, type(r)) AS relation, r.subject_kind AS said, r.scope AS scope

// object_kinds
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
WITH uid, coalesce(n.canonical, n.uid) AS canonical
MATCH (o:Entity {uid: canonical})
WITH uid, o
MATCH ()-[r:!CLAIMED]->(o)
WHERE r.claim IS NOT NULL AND r.recorded_to IS NULL AND r.refuted IS NULL
  AND coalesce(r.said_object, o.uid) = uid
RETURN DISTINCT uid, coalesce(r.relation, type(r)) AS relation, r.object_kind AS said, r.scope AS scope

// shared_external_ids
MATCH (x:ExternalId)
WHERE COUNT { (x)<-[:ASSERTS]-() } > 1
WITH x
MATCH (x)<-[:ASSERTS]-(c:Claim)
WHERE c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known
WITH x, collect([c.uid, c.kind, c.scope, c.valid_from, c.valid_to]) AS said, count(DISTINCT c.uid) AS uids
WHERE uids > 1
UNWIND said AS one
RETURN x.scheme, x.value, one[0], one[1], one[2], one[3], one[4]

// external_ids_of
UNWIND $uids AS uid
MATCH (c:Claim {uid: uid})-[:ASSERTS]->(x:ExternalId)
USING INDEX SEEK c:Claim(uid)
WHERE c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known
RETURN x.scheme, x.value, c.uid, c.kind, c.scope, c.valid_from, c.valid_to

// find_external_id
MATCH (x:ExternalId {id: $id})<-[:ASSERTS]-(c:Claim)
WHERE c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known
RETURN x.scheme, x.value, c.uid, c.kind, c.scope, c.valid_from, c.valid_to

// uids_sharing_external_ids
UNWIND $uids AS uid
MATCH (c:Claim {uid: uid})-[:ASSERTS]->(x:ExternalId)
USING INDEX SEEK c:Claim(uid)
WHERE EXISTS { MATCH (x)<-[:ASSERTS]-(other:Claim) WHERE other.uid <> uid }
RETURN DISTINCT uid
LIMIT 1
