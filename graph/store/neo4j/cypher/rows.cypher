// Rows of claims. A row about a node is a Claim beside its Entity. A row about an edge is a
// relationship of the relation's own type while it stands, and FORMERLY afterwards; both hang at
// canonical nodes and keep the ends as their source said them, where that is another uid.
// A row that stands has no recorded_to; one that was over in valid time when it was learned is
// FORMERLY from its beginning, and belated. $known is a commit number, or null for every row ever.

// part edge_columns
  r.key, r.claim, r.scope, type(r), r.relation, coalesce(r.said_subject, s.uid),
  coalesce(r.said_object, o.uid), r.discriminator, r.valid_from, r.valid_to, r.stated, r.content,
  r.marks, r.origin, r.certainty, r.locator, r.run, r.recorded_from, r.recorded_to, r.belated

// part node_columns
  c.row, c.claim, c.scope, c.uid, c.valid_from, c.valid_to, c.stated, c.content, c.locator, c.run,
  c.recorded_from, c.recorded_to

// part edge_stood
($known IS NULL OR (r.recorded_from <= $known AND coalesce(r.recorded_to, $known + 1) > $known))

// part node_stood
($known IS NULL OR (c.recorded_from <= $known AND coalesce(c.recorded_to, $known + 1) > $known))

// node_rows
UNWIND $uids AS uid
MATCH (c:Claim {uid: uid})
WHERE <<node_stood>>
RETURN <<node_columns>>

// edge_rows_of_subject
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
MATCH (s:Entity {uid: coalesce(n.canonical, n.uid)})-[r:!CLAIMED]->(o:Entity)
WHERE <<edge_stood>> AND coalesce(r.said_subject, s.uid) = uid
RETURN <<edge_columns>>

// edge_rows_of_object
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
MATCH (s:Entity)-[r:!CLAIMED]->(o:Entity {uid: coalesce(n.canonical, n.uid)})
WHERE <<edge_stood>> AND coalesce(r.said_object, o.uid) = uid
RETURN <<edge_columns>>

// edge_rows_between
UNWIND $facts AS fact
MATCH (n:Entity {uid: fact[0]})
MATCH (m:Entity {uid: fact[1]})
MATCH (s:Entity {uid: coalesce(n.canonical, n.uid)})
MATCH (o:Entity {uid: coalesce(m.canonical, m.uid)})
MATCH (s)-[r:<<TYPE>>|FORMERLY]->(o)
WHERE <<edge_stood>> AND coalesce(r.relation, type(r)) = $relation
  AND coalesce(r.said_subject, s.uid) = fact[0] AND coalesce(r.said_object, o.uid) = fact[1]
  AND coalesce(r.discriminator, '') = fact[2]
RETURN <<edge_columns>>

// node_rows_of_claims
UNWIND $ids AS id
MATCH (c:Claim {claim: id})
WHERE <<node_stood>> AND (NOT $standing OR c.recorded_to IS NULL)
RETURN <<node_columns>>

// edge_rows_of_claims
UNWIND $ids AS id
MATCH (s)-[r:<<TYPE>> {claim: id}]->(o)
WHERE <<edge_stood>> AND (NOT $standing OR r.recorded_to IS NULL)
RETURN <<edge_columns>>

// standing_node_rows
UNWIND $keys AS key
MATCH (c:Claim {key: key})
WHERE c.recorded_to IS NULL
RETURN <<node_columns>>

// standing_edge_rows
UNWIND $keys AS key
MATCH (s)-[r:<<TYPE>> {key: key}]->(o)
RETURN <<edge_columns>>

// standing_former_rows
UNWIND $prefixes AS prefix
MATCH (s)-[r:FORMERLY]->(o)
WHERE r.key STARTS WITH prefix AND r.recorded_to IS NULL
RETURN <<edge_columns>>

// scope_node_rows
MATCH (c:Claim)
WHERE c.scope = $scope AND c.key > $after AND <<node_stood>>
RETURN <<node_columns>>
ORDER BY c.key
LIMIT $limit

// scope_edge_rows
MATCH (s)-[r:<<TYPE>>]->(o)
WHERE r.scope = $scope AND r.key > $after AND <<edge_stood>>
RETURN <<edge_columns>>
ORDER BY r.key
LIMIT $limit

// page_of_edge_rows
MATCH (s)-[r:<<TYPE>>]->(o)
WHERE r.key > $after AND <<edge_stood>>
RETURN <<edge_columns>>
ORDER BY r.key
LIMIT $limit

// page_of_names
MATCH (n:Entity)
WHERE n.sort_key > $after
RETURN n.uid
ORDER BY n.sort_key
LIMIT $limit

// scopes
UNWIND $ids AS id
MATCH (p:Scope {id: id})
RETURN p.id, p.plugin, p.instance, p.name
