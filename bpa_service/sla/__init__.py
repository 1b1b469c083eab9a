"""The clock: its rules (`domain`, `hours`) and the append-only ledger that it is read from."""
