"""Numbers by which people name things. Sequences give them, which are called `…_numbers`."""

from typing import Final

AHEAD: Final = 100_000
"""More than are given in the time between a backup and its restore."""

SKIP_AHEAD: Final = f"""
    SELECT count(nextval(pg_class.oid::regclass)) FROM pg_class, generate_series(1, {AHEAD})
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND relname LIKE '%\\_numbers'
"""  # noqa: S608 - our own number
"""Passes over numbers that were given after the moment to which the database was restored: the other side, and
people, know them. With the rights of the service, which may not set a sequence."""
