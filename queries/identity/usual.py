"""Words that say little: names that things of many owners have, desks, titles, sorts of things."""

from typing import Final

_COMMON: Final = """
    access account admin administrator agent aggregate all analyst api app application archive audit auditor
    aws backend backup base baseline bot bucket build certificate chat ci cd client cloud cluster common
    config configuration console contributor core credential credentials cron customer customers data
    database dataset db dbt default demo deploy deployer deployment dev developer development dim docs
    editor employee endpoint engineer event everyone example external fact features filesystem first
    frontend gateway git github gitlab group guest helm home host index info infra infrastructure internal
    job key kubernetes latest lib library live local localhost login logs mail main maintainer manager
    master member memory metrics mlflow model monitoring my new node notebook npm old openai operator ops
    order orders output owner password pipeline platform postgres private prod production project proxy
    public read reader redis registry release repo repository result results role root runner sample
    scheduler search secret security server service shared slack staff staging storage store support
    system table tags team temp terraform test tests tls tmp token tool train training ui url user users
    utils vault viewer web webhook website wildcard worker write writer www
"""
_DESKS: Final = """
    abuse accounts admin alerts all billing careers contact data devops do-not-reply donotreply dpo
    engineering enquiries finance frontdesk help helpdesk hello hostmaster hr info it jobs legal mail
    marketing no-reply noreply office operations ops platform postmaster press privacy procurement
    reception root sales security service support team webmaster
"""
_TITLES: Final = """
    dr prof professor mr mrs ms miss sir dipl ing msc bsc phd mba ext external extern contractor guest
"""
_SORTS: Final = """
    agent api app application bot dataset group job model pipeline server service table team the topic
"""

COMMON: Final = frozenset(_COMMON.split())
"""Names that things of many owners have; that two have one says next to nothing."""

SHARED_MAILBOXES: Final = frozenset(_DESKS.split())
"""Addresses that a desk has and not a person (many of them from RFC 2142)."""

TITLES: Final = frozenset(_TITLES.split())
"""What stands before or behind a person's name and is no part of it."""

SORTS: Final = frozenset(_SORTS.split())
"""What stands before or behind a thing's name and only says which sort of thing it is."""
