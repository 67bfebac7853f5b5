// Applying the operations of a commit. Rows come sorted by the ends that they touch.

// use_scopes
UNWIND $rows AS row
MERGE (p:Scope {id: row.id})
ON CREATE SET p.plugin = row.plugin, p.instance = row.instance, p.name = row.name

// use_entities
UNWIND $rows AS row
MERGE (n:Entity {uid: row.uid})
ON CREATE SET n.sort_key = row.sort_key, n.folded = row.folded, n.kind = 'unknown', n.described = false

// aliases_among
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
WHERE n.canonical IS NOT NULL
RETURN n.uid, n.canonical

// record_nodes
UNWIND $rows AS row
MATCH (n:Entity {uid: row.at})
CREATE (n)-[:CLAIMED]->(:Claim {
  row: row.row, key: row.key, claim: row.claim, scope: row.scope, uid: row.uid, kind: row.kind,
  valid_from: row.valid_from, valid_to: row.valid_to, stated: row.stated, content: row.content,
  locator: row.locator, run: row.run, read_at: row.read_at, said_in: row.said_in,
  recorded_from: $sequence, recorded_to: row.recorded_to, texts: row.texts, commitments: row.commitments
})

// assert_external_ids
UNWIND $rows AS row
MATCH (c:Claim {row: row.row})
MERGE (x:ExternalId {id: row.id})
ON CREATE SET x.scheme = row.scheme, x.value = row.value
CREATE (c)-[:ASSERTS {commitment: row.commitment}]->(x)

// record_edges
UNWIND $rows AS row
MATCH (s:Entity {uid: row.subject})
MATCH (o:Entity {uid: row.object})
CREATE (s)-[:<<TYPE>> {
  eid: row.eid, key: row.key, claim: row.claim, scope: row.scope, marks: row.marks, origin: row.origin,
  certainty: row.certainty, environment: row.environment, condition: row.condition,
  subject_kind: row.subject_kind, object_kind: row.object_kind, discriminator: row.discriminator,
  valid_from: row.valid_from, valid_to: row.valid_to, stated: row.stated, content: row.content,
  locator: row.locator, run: row.run, read_at: row.read_at, said_in: row.said_in,
  said_subject: row.said_subject, said_object: row.said_object,
  relation: row.relation, recorded_from: $sequence, recorded_to: row.recorded_to,
  belated: row.belated
}]->(o)

// end_nodes
UNWIND $rows AS row
MATCH (c:Claim {row: row.row})
WHERE c.recorded_to IS NULL
SET c.recorded_to = $sequence
RETURN c.row

// end_edges
UNWIND $rows AS row
MATCH (s)-[r:<<TYPE>> {key: row.key}]->(o)
WHERE r.recorded_from = row.recorded_from
WITH s, o, r, row, properties(r) AS said
DELETE r
CREATE (s)-[f:FORMERLY]->(o)
SET f = said, f.key = row.row, f.relation = $relation, f.recorded_to = $sequence
RETURN row.row

// end_former_edges
UNWIND $rows AS row
MATCH ()-[f:FORMERLY {key: row.row}]->()
WHERE f.recorded_to IS NULL
SET f.recorded_to = $sequence
RETURN f.key

// edges_of_claims
UNWIND $ids AS id
MATCH (s)-[r:<<TYPE>> {claim: id}]->(o)
USING INDEX SEEK r:<<TYPE>>(claim)
RETURN r.key, r.claim, r.relation, r.recorded_from, r.recorded_to, r.belated, r.refuted, r.content, r.marks,
  r.origin, r.certainty

// refute_edges
UNWIND $rows AS row
MATCH (s)-[r:<<TYPE>> {key: row.key}]->(o)
WITH s, o, r, row, properties(r) AS said
DELETE r
CREATE (s)-[f:FORMERLY]->(o)
SET f = said, f.key = row.row, f.relation = $relation, f.refuted = true,
  f.moves = coalesce(said.moves, []) + $sequence

// reinstate_edges
UNWIND $rows AS row
MATCH (s)-[f:FORMERLY {key: row.row}]->(o)
WITH s, o, f, row, properties(f) AS said
DELETE f
CREATE (s)-[r:<<TYPE>>]->(o)
SET r = said, r.key = row.key, r.relation = null, r.refuted = null, r.moves = said.moves + $sequence

// flag_former_edges
UNWIND $rows AS row
MATCH ()-[f:FORMERLY {key: row.row}]->()
SET f.refuted = row.refuted
