"""The words that the vocabulary, the questions and the pages use, each explained once."""

from typing import Final

GLOSSARY: Final = (
    ("node", "One thing of the estate: an asset, an identity, a secret, a dataset, a rule, a record."),
    ("edge", "One fact that joins two nodes, read as a sentence: subject, relation, object."),
    ("kind", "The sort of thing a node is. Kinds are fixed; harm rules speak of them."),
    ("type", "The finer sort within a kind. New types need no new release."),
    ("claim", "What one source says about one node or edge, and for which stretch of time."),
    ("origin", "How a claim came about: declared, observed, derived from other claims, or assumed."),
    ("mark", "A word on an edge that harm rules ask for."),
    ("discriminator", "What keeps two facts apart that have relation, subject and object in common."),
    ("harm", "Something bad that can be true of a node."),
    ("harm rule", "How a harm at one end of a fact brings a harm at the other end."),
    ("implication", "How a harm brings another one at the same node."),
    ("seed", "A node and a harm that a question starts from."),
    ("hop", "One edge of a path. An implication is not a hop."),
    ("path", "Edges and implications that explain how a harm got from a seed to a node."),
    ("blast radius", "Every node and harm that follows from the seeds."),
    ("exposure", "Every node and harm from which a given harm at a given node could follow."),
    ("lineage", "Where data came from and where it went, whether or not harm goes the same way."),
    ("upstream", "In lineage: towards where the data came from."),
    ("downstream", "In lineage: towards where the data goes."),
    ("as of", "The moment in the world that an answer is about."),
    ("known at", "The commit up to which the ledger is believed for an answer."),
    ("instant", "A whole number: milliseconds since the start of 1970, UTC."),
    ("instance", "One installation that a source reads: one cluster, one server, one directory."),
    ("scope", "As an asset: an account, project, cluster, namespace or database. Of a read: what it covers."),
    ("typed sub-scope", "All resources of one type within a scope, for a grant that reaches just those."),
    ("referenced, not described", "Said of a node that others mention and no source has described."),
    ("external id", "A name that a thing has in some naming scheme, by which sources can meet."),
    ("accountable", "Said of the owner who answers for a node; stewards and contacts do not."),
)
