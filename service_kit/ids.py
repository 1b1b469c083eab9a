"""Identifiers: UUIDv7 (RFC 9562), made in Python because PostgreSQL 15 cannot make them."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A UUID that sorts by the time of its making, so that an index grows at its end."""
    return uuid_utils.compat.uuid7()
