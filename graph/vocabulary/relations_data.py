"""Relations of data: where it lies, who reads and writes it, what came out of it."""

from typing import Final

from graph.vocabulary.notation import pairs, relation, same_kind, to_object, to_subject
from graph.vocabulary.terms import End, Harm, Kind

CONTROLLED, DISCLOSED, TAINTED = Harm.CONTROLLED, Harm.DISCLOSED, Harm.TAINTED
UNAVAILABLE, UNPROVEN = Harm.UNAVAILABLE, Harm.UNPROVEN
ASSET, SECRET, DATASET = Kind.ASSET, Kind.SECRET, Kind.DATASET

DATA: Final = (
    relation(
        "STORED_IN",
        pairs([SECRET, DATASET], [ASSET]),
        to_subject(CONTROLLED, DISCLOSED),
        to_subject(CONTROLLED, TAINTED, only=[DATASET]),
        to_subject(DISCLOSED, DISCLOSED, only=[DATASET]),
        to_subject(UNAVAILABLE, UNAVAILABLE),
        reads=("is stored in", "stores"),
        description="The vault, vector store or other storage holds the secret or the data.",
    ),
    relation(
        "ENCRYPTED_BY",
        pairs([DATASET], [SECRET]),
        to_subject(UNAVAILABLE, UNAVAILABLE),
        to_subject(DISCLOSED, DISCLOSED, possible=True),
        reads=("is encrypted by", "encrypts"),
        description="Without the key the data cannot be read.",
    ),
    relation(
        "SIGNED_BY",
        pairs([ASSET], [SECRET]),
        to_subject(DISCLOSED, TAINTED, possible=True),
        reads=("is signed by", "signs"),
        description="The signing key vouches for the asset's content.",
    ),
    relation(
        "READS",
        pairs([ASSET], [DATASET]),
        to_subject(TAINTED, TAINTED, lacking=["refined", "coarse"]),
        to_subject(TAINTED, TAINTED, having=["coarse"], possible=True),
        to_subject(UNAVAILABLE, UNAVAILABLE, lacking=["optional"]),
        to_object(CONTROLLED, DISCLOSED),
        reads=("reads", "is read by"),
        data_flow=End.OBJECT,
        description="The asset takes the data as input.",
    ),
    relation(
        "WRITES",
        pairs([ASSET], [DATASET]),
        to_object(TAINTED, TAINTED),
        to_object(UNAVAILABLE, UNAVAILABLE, possible=True),
        reads=("writes", "is written by"),
        data_flow=End.SUBJECT,
        description="The asset puts out the data.",
    ),
    relation(
        "PRODUCES",
        same_kind(ASSET),
        to_object(TAINTED, TAINTED),
        reads=("produces", "is produced by"),
        data_flow=End.SUBJECT,
        description="A pipeline makes a model version, an image, a package.",
    ),
    relation(
        "DERIVED_FROM",
        same_kind(DATASET, ASSET),
        to_subject(TAINTED, TAINTED),
        to_subject(UNPROVEN, UNPROVEN, possible=True),
        reads=("is derived from", "is what was used to derive"),
        data_flow=End.OBJECT,
        description="A dataset computed from another, or a model adapted from a base model.",
    ),
    relation(
        "TRAINED_ON",
        pairs([ASSET], [DATASET]),
        to_subject(TAINTED, TAINTED),
        to_subject(UNPROVEN, UNPROVEN),
        to_object(DISCLOSED, DISCLOSED, possible=True),
        reads=("was trained on", "was used to train"),
        data_flow=End.OBJECT,
        description="The data shaped the model; a disclosed model may give some of it away.",
    ),
    relation(
        "EVALUATED_ON",
        pairs([ASSET], [DATASET]),
        to_subject(TAINTED, UNPROVEN),
        to_subject(UNPROVEN, UNPROVEN),
        reads=("was evaluated on", "was used to evaluate"),
        data_flow=End.OBJECT,
        description="The data decided what is believed about the asset.",
    ),
)
