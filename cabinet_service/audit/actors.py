"""Who acts in cabinet, as the audit log names them.

Clients are named by the id of their account alone: an entry cannot be changed when the account is erased.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    id: UUID | None
    display_name: str


OPERATOR: Final = Actor(None, "operator")
"""Whoever sits at the command line."""


def client(account_id: UUID) -> Actor:
    return Actor(account_id, "client")


def link(given_by: UUID) -> Actor:
    """Whoever has a link that a client gave out: the client answers for it."""
    return Actor(given_by, "link given by client")
