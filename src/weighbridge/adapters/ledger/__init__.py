"""The ledger on SQLite: an append-only chain, and an erasable store beside it."""
