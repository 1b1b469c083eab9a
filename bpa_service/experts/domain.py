"""Who works here."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody may do.

    An expert leases cases and decides them; a senior also gives second opinions and amends; a shift lead sees
    to the flow and gives no verdicts; a bpa_admin keeps people and rules; an auditor only reads.
    """

    EXPERT = "expert"
    SENIOR = "senior"
    SHIFT_LEAD = "shift_lead"
    BPA_ADMIN = "bpa_admin"
    AUDITOR = "auditor"


class Stage(StrEnum):
    """How far a session has come: one that is enrolling may set up a second factor and do nothing else."""

    ENROLLING = "enrolling"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who works here, in whatever role."""

    id: UUID
    login: str
    display_name: str
    role: Role
    active: bool
