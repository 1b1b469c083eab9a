"""Who works here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

Language = Literal["ru", "en"]


class Role(StrEnum):
    """What somebody may do.

    An expert leases cases and decides them; a senior also gives second opinions and amends; a shift lead sees
    to the flow and gives no verdicts; a bpa_admin keeps people, rules and imports; an auditor only reads.
    """

    EXPERT = "expert"
    SENIOR = "senior"
    SHIFT_LEAD = "shift_lead"
    BPA_ADMIN = "bpa_admin"
    AUDITOR = "auditor"


# What several roles may alike outside of a case (for what they do in one, see the RULES of cases).
OVERSEERS: Final = frozenset({Role.SHIFT_LEAD, Role.BPA_ADMIN, Role.AUDITOR})
"""They see who works here, how the shift stands, and the audit log."""
LEADERS: Final = frozenset({Role.SHIFT_LEAD, Role.BPA_ADMIN})
"""They see whether the machinery does its work, and can have something done about it."""
CURATORS: Final = frozenset({Role.SENIOR, Role.BPA_ADMIN})
"""They keep the exemplars, the ready words and the checks."""


class Stage(StrEnum):
    """How far a session has come: one that is enrolling may set up a second factor and do nothing else."""

    ENROLLING = "enrolling"
    FULL = "full"


# A code or a passkey is fresh for so long: what gives others access asks for one that is.
CONFIRMED_FOR: Final = timedelta(minutes=5)


def is_confirmed(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether a session that last showed a second factor then may change who may do what."""
    return confirmed_at is not None and now - confirmed_at <= CONFIRMED_FOR


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who works here, in whatever role."""

    id: UUID
    login: str
    display_name: str
    role: Role
    active: bool
