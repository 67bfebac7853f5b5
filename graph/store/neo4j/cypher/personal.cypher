// Personal values behind commitments; they can be erased without touching the chain.

// keep_personal
UNWIND $rows AS row
CREATE (:Personal {
  commitment: row.commitment, claim: row.claim, field: row.field, salt: row.salt, value: row.value,
  texts: row.texts
})

// personal
UNWIND $commitments AS commitment
MATCH (p:Personal {commitment: commitment})
RETURN p.commitment, p.value

// personal_values
UNWIND $ids AS id
MATCH (p:Personal {claim: id})
USING INDEX SEEK p:Personal(claim)
RETURN p.commitment, p.claim, p.field, p.salt, p.value

// erase_external_ids
UNWIND $commitments AS commitment
MATCH (p:Personal {commitment: commitment})
WITH commitment, p.claim AS claim
MATCH (c:Claim {claim: claim})
USING INDEX SEEK c:Claim(claim)
MATCH (c)-[a:ASSERTS {commitment: commitment}]->(x:ExternalId)
DELETE a
WITH DISTINCT x
WHERE NOT EXISTS { (x)<-[:ASSERTS]-() }
DELETE x

// erase_personal
UNWIND $commitments AS commitment
MATCH (p:Personal {commitment: commitment})
DELETE p

// erase_volatile
UNWIND $uids AS uid
MATCH (v:Volatile {uid: uid})
USING INDEX SEEK v:Volatile(uid)
DELETE v
