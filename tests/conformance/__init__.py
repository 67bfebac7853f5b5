"""What must hold of every store, and of the ledger on every store: one suite for all engines."""
