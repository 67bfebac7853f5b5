// Where things hang: claims and relationships at the canonical Entity of a class, whose other
// members are Entities too, with the label Alias and the canonical uid.

// aliases
MATCH (n:Alias)
RETURN n.uid, n.canonical

// make_aliases
UNWIND $rows AS row
MATCH (n:Entity {uid: row.uid})
SET n:Alias, n.canonical = row.canonical

// unmake_aliases
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
REMOVE n:Alias, n.canonical

// rehang_claims
UNWIND $rows AS row
MATCH (c:Claim {uid: row.uid})<-[k:CLAIMED]-()
USING INDEX SEEK c:Claim(uid)
MATCH (n:Entity {uid: row.canonical})
DELETE k
CREATE (n)-[:CLAIMED]->(c)

// rehang_edges
UNWIND $rows AS row
MATCH ()-[r:<<TYPE>> {key: row.key}]->()
WITH row, r, properties(r) AS said
DELETE r
WITH row, said
MATCH (s:Entity {uid: row.subject})
MATCH (o:Entity {uid: row.object})
CREATE (s)-[n:<<TYPE>>]->(o)
SET n = said, n.eid = row.eid, n.said_subject = row.said_subject, n.said_object = row.said_object

// portraits
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
RETURN n.uid, labels(n), keys(n)

// undescribed_among
UNWIND $uids AS uid
MATCH (n:Entity {uid: uid})
WHERE NOT n.described
RETURN n.uid

// draw
UNWIND $rows AS row
MATCH (n:Entity {uid: row.uid})
REMOVE n:$(row.labels_gone)
SET n:$(row.labels)
SET n += row.properties

// aliases_of
UNWIND $uids AS uid
MATCH (n:Alias {canonical: uid})
USING INDEX SEEK n:Alias(canonical)
RETURN n.uid, n.canonical
