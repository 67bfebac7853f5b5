"""What was claimed, by whom, when it held and when it was learned; and the chain that proves it.

``canonical`` fixes the bytes that are hashed, ``operations`` what a commit is made
of, ``plan`` turns what a source said into operations, ``fold`` turns rows of claims
into nodes and edges, ``identity`` says which uids are one thing, ``coverage`` what
absence means, ``chain`` links commits, ``verifying`` holds a store against them, ``port``
is what a store must offer, and ``ledger`` is the one door through which everybody else comes in.
"""
