// Whether a database is ours, and beginning an empty one.

// holds_anything
MATCH (n)
RETURN labels(n)
LIMIT 1

// schema
MATCH (g:Holdfast)
RETURN g.schema

// begin
MERGE (g:Holdfast {id: 'holdfast'})
ON CREATE SET g.schema = $schema, g.gate = true
MERGE (h:Head {id: 'head'})
ON CREATE SET h.sequence = 0, h.hash = $genesis, h.recorded_at = $recorded_at, h.runs = 0, h.relations = []
