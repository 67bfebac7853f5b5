"""Tests of the ledger: what is recorded, chained, folded and read."""
