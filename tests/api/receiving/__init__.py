"""Tests of what waits between an answer and the ledger."""
