// Rows of claims. A row about a node is a Claim beside its Entity. A row about an edge is a
// relationship of the relation's own type while it stands, and FORMERLY afterwards; both hang at
// canonical nodes and keep the ends as their source said them, where that is another uid.
// Relationships without a claim are other people's, and left alone. Look-ups name their index and are
// fenced in by WITH: a plan made over an empty database, and kept, has to be right over a full one.
// A row has said_in where an earlier commit said it first, and run is that commit's.
// A row that stands has no recorded_to; one that was over in valid time when it was learned is
// FORMERLY from its beginning, and belated. One that is refuted is FORMERLY while that lasts, and says so;
// the commits of its moves there and back stand on it. $known is a commit number, or null for every row ever.

// part edge_columns
  r.key, r.claim, r.scope, type(r), r.relation, coalesce(r.said_subject, s.uid),
  coalesce(r.said_object, o.uid), r.discriminator, r.valid_from, r.valid_to, r.stated, r.content,
  r.marks, r.origin, r.certainty, r.locator, r.run, r.read_at, r.said_in, r.recorded_from, r.recorded_to,
  r.belated, r.refuted, r.moves, s.uid, o.uid

// part node_columns
  c.row, c.claim, c.scope, c.uid, c.valid_from, c.valid_to, c.stated, c.content, c.locator, c.run,
  c.read_at, c.said_in, c.recorded_from, c.recorded_to

// part edge_stood
r.claim IS NOT NULL
  AND ($known IS NULL OR (r.recorded_from <= $known AND coalesce(r.recorded_to, $known + 1) > $known))

// part node_stood
($known IS NULL OR (c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known))

// node_rows
UNWIND $uids AS uid
MATCH (c:Claim {uid: uid})
USING INDEX SEEK c:Claim(uid)
WHERE <<node_stood>>
RETURN <<node_columns>>

// edge_rows_of_subject
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
WITH uid, coalesce(n.canonical, n.uid) AS canonical
MATCH (s:Entity {uid: canonical})
WITH uid, s
MATCH (s)-[r:!CLAIMED]->(o)
WHERE <<edge_stood>> AND coalesce(r.said_subject, s.uid) = uid
RETURN <<edge_columns>>

// edge_rows_of_object
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
WITH uid, coalesce(n.canonical, n.uid) AS canonical
MATCH (o:Entity {uid: canonical})
WITH uid, o
MATCH (s)-[r:!CLAIMED]->(o)
WHERE <<edge_stood>> AND coalesce(r.said_object, o.uid) = uid
RETURN <<edge_columns>>

// edge_rows_between
UNWIND $facts AS fact
MATCH (n:Entity {uid: fact[0]})
WITH fact, coalesce(n.canonical, n.uid) AS subject
MATCH (m:Entity {uid: fact[1]})
WITH fact, subject, coalesce(m.canonical, m.uid) AS object
MATCH (s:Entity {uid: subject})
WITH fact, s, object
MATCH (o:Entity {uid: object})
WITH fact, s, o
MATCH (s)-[r:<<TYPE>>|FORMERLY]->(o)
WHERE <<edge_stood>> AND coalesce(r.relation, type(r)) = $relation
  AND coalesce(r.said_subject, s.uid) = fact[0] AND coalesce(r.said_object, o.uid) = fact[1]
  AND coalesce(r.discriminator, '') = fact[2]
RETURN <<edge_columns>>

// node_rows_of_claims
UNWIND $ids AS id
MATCH (c:Claim {claim: id})
USING INDEX SEEK c:Claim(claim)
WHERE <<node_stood>> AND (NOT $standing OR c.recorded_to IS NULL)
RETURN <<node_columns>>

// edge_rows_of_claims
UNWIND $ids AS id
MATCH (s)-[r:<<TYPE>> {claim: id}]->(o)
USING INDEX SEEK r:<<TYPE>>(claim)
WHERE <<edge_stood>> AND (NOT $standing OR r.recorded_to IS NULL)
RETURN <<edge_columns>>

// standing_node_rows
UNWIND $keys AS key
MATCH (c:Claim {key: key})
USING INDEX SEEK c:Claim(key)
WHERE c.recorded_to IS NULL
RETURN <<node_columns>>

// standing_edge_rows
UNWIND $keys AS key
MATCH (s)-[r:<<TYPE>> {key: key}]->(o)
USING INDEX SEEK r:<<TYPE>>(key)
RETURN <<edge_columns>>

// standing_former_rows
UNWIND $prefixes AS prefix
MATCH (s)-[r:FORMERLY]->(o)
USING INDEX SEEK r:FORMERLY(key)
WHERE r.key STARTS WITH prefix AND r.recorded_to IS NULL
RETURN <<edge_columns>>

// scope_node_rows
MATCH (c:Claim)
USING INDEX SEEK c:Claim(scope, key)
WHERE c.scope = $scope AND c.key > $after AND <<node_stood>>
RETURN <<node_columns>>
ORDER BY c.key
LIMIT $limit

// scope_edge_rows
MATCH (s)-[r:<<TYPE>>]->(o)
USING INDEX SEEK r:<<TYPE>>(scope, key)
WHERE r.scope = $scope AND r.key > $after AND <<edge_stood>>
RETURN <<edge_columns>>
ORDER BY r.key
LIMIT $limit

// page_of_edge_rows
MATCH (s)-[r:<<TYPE>>]->(o)
USING INDEX SEEK r:<<TYPE>>(key)
WHERE r.key > $after AND <<edge_stood>>
RETURN <<edge_columns>>
ORDER BY r.key
LIMIT $limit

// page_of_names
MATCH (n:Entity)
USING INDEX SEEK n:Entity(sort_key)
WHERE n.sort_key > $after
RETURN n.uid, n.sort_key
ORDER BY n.sort_key
LIMIT $limit

// scopes
UNWIND $ids AS id
MATCH (p:Scope {id: id})
RETURN p.id, p.plugin, p.instance, p.name
