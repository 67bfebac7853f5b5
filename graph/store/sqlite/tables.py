"""The tables of the embedded store, and the marks by which its file is recognised.

Uids and scopes are kept once and referred to by number. Texts compare byte for byte
(SQLite's BINARY collation; UTF-8 keeps the order of code points). A row of ``claims``
stands from ``recorded_from`` until before ``recorded_to``; what hangs on it (external
ids, texts) has no times of its own, so that the two can never disagree.
"""

from __future__ import annotations

from typing import Final

from graph.model import OPEN_RECORD

APPLICATION_ID: Final = 0x486F6C64
"""``Hold`` in ASCII: stands in the header of every file of ours."""

TABLES: Final = (
    """CREATE TABLE head (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        sequence INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at INTEGER NOT NULL
    )""",
    """CREATE TABLE commits (
        sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL,
        recorded_at INTEGER NOT NULL, actor TEXT NOT NULL, source TEXT, run TEXT,
        summary TEXT NOT NULL, digests BLOB NOT NULL
    )""",
    "CREATE UNIQUE INDEX commits_by_time ON commits (recorded_at)",
    """CREATE TABLE operations (
        sequence INTEGER NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL,
        PRIMARY KEY (sequence, part)
    )""",
    # ``folded`` only where it differs from the uid.
    "CREATE TABLE uids (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, folded TEXT)",
    """CREATE TABLE scopes (
        id INTEGER PRIMARY KEY, plugin TEXT NOT NULL, instance TEXT NOT NULL, name TEXT NOT NULL,
        UNIQUE (plugin, instance, name)
    )""",
    # A node row has no relation and no object; its kind is the subject's kind.
    """CREATE TABLE claims (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, claim_id TEXT NOT NULL, scope INTEGER NOT NULL,
        relation TEXT, subject INTEGER NOT NULL, object INTEGER, discriminator TEXT,
        subject_kind TEXT, object_kind TEXT,
        valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, basis TEXT NOT NULL,
        content TEXT NOT NULL, content_digest TEXT NOT NULL, locator TEXT,
        read_at INTEGER, said_in INTEGER NOT NULL,
        recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL,
        UNIQUE (key, recorded_from)
    )""",
    f"CREATE UNIQUE INDEX claims_standing ON claims (key) WHERE recorded_to = {OPEN_RECORD}",
    "CREATE INDEX claims_by_claim ON claims (claim_id)",
    "CREATE INDEX claims_by_scope ON claims (scope, key)",
    """CREATE INDEX claims_by_node ON claims (subject, recorded_to, recorded_from)
        WHERE object IS NULL""",
    """CREATE INDEX claims_by_subject ON claims (subject, recorded_to, recorded_from)
        WHERE object IS NOT NULL""",
    """CREATE INDEX claims_by_object ON claims (object, recorded_to, recorded_from)
        WHERE object IS NOT NULL""",
    """CREATE TABLE external_ids (
        claim INTEGER NOT NULL, subject INTEGER NOT NULL, scheme TEXT NOT NULL, value TEXT NOT NULL,
        commitment TEXT
    )""",
    "CREATE INDEX external_ids_by_value ON external_ids (scheme, value, subject)",
    "CREATE INDEX external_ids_by_subject ON external_ids (subject)",
    """CREATE INDEX external_ids_by_commitment ON external_ids (commitment)
        WHERE commitment IS NOT NULL""",
    # One row holds all plain texts of a claim, joined by NUL (which no text holds).
    "CREATE TABLE texts (claim INTEGER NOT NULL, folded TEXT NOT NULL, commitment TEXT)",
    "CREATE INDEX texts_by_commitment ON texts (commitment) WHERE commitment IS NOT NULL",
    """CREATE TABLE personal (
        commitment TEXT PRIMARY KEY, claim_id TEXT NOT NULL, field TEXT NOT NULL,
        salt TEXT NOT NULL, value TEXT NOT NULL
    )""",
    "CREATE INDEX personal_by_claim ON personal (claim_id)",
    """CREATE TABLE same_as (
        id INTEGER PRIMARY KEY, first TEXT NOT NULL, second TEXT NOT NULL, same INTEGER NOT NULL,
        recorded_from INTEGER NOT NULL, reason TEXT NOT NULL
    )""",
    """CREATE TABLE refutations (
        id INTEGER PRIMARY KEY, claim_id TEXT NOT NULL, content_digest TEXT NOT NULL,
        reason TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL,
        lift_reason TEXT
    )""",
    "CREATE INDEX refutations_by_claim ON refutations (claim_id)",
    """CREATE TABLE coverage (
        id INTEGER PRIMARY KEY, scope INTEGER NOT NULL, kinds TEXT NOT NULL, relations TEXT NOT NULL,
        read_at INTEGER NOT NULL, recorded_from INTEGER NOT NULL, restates INTEGER NOT NULL
    )""",
    "CREATE INDEX coverage_by_scope ON coverage (scope)",
    """CREATE TABLE runs (
        position INTEGER PRIMARY KEY, run TEXT NOT NULL, source TEXT NOT NULL, read_at INTEGER,
        started_at INTEGER NOT NULL, finished_at INTEGER NOT NULL, completed TEXT NOT NULL,
        report TEXT NOT NULL
    )""",
    "CREATE TABLE complete_reads (scope INTEGER NOT NULL, read_at INTEGER NOT NULL)",
    "CREATE INDEX complete_reads_by_scope ON complete_reads (scope, read_at)",
    # Readings of a scope, numbered as they came; what one of them said again, by number.
    """CREATE TABLE readings (
        scope INTEGER NOT NULL, number INTEGER NOT NULL, read_at INTEGER NOT NULL,
        complete INTEGER NOT NULL, PRIMARY KEY (scope, read_at)
    ) WITHOUT ROWID""",
    """CREATE TABLE mentions (
        claim_id TEXT NOT NULL, start INTEGER, said TEXT NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL
    )""",
    "CREATE INDEX mentions_by_claim ON mentions (claim_id, last)",
    """CREATE TABLE volatile (
        uid TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, observed_at INTEGER NOT NULL,
        run TEXT NOT NULL, PRIMARY KEY (uid, name)
    )""",
    """CREATE TABLE raw (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, group_name TEXT NOT NULL, digest TEXT NOT NULL,
        occurred_at INTEGER NOT NULL, arrived_at INTEGER NOT NULL, payload BLOB NOT NULL,
        redacted TEXT NOT NULL, UNIQUE (source, digest)
    )""",
    "CREATE INDEX raw_by_group ON raw (source, group_name, occurred_at, digest)",
)
"""The statements that begin a new file, in order."""
