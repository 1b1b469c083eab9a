"""Finding cases and inspections by whatever somebody remembers of them (ADR 0054).

`asking` reads what was typed into a `Question`; a `SearchIndex` (`port`) answers it with ids, whichever engine
it is; `keeping` keeps the index as the database is. What is shown of a hit is read from the database, by the
rights of whoever asks: an index is never a source.
"""
