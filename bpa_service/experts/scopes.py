"""What an expert's transactions may see and change: settings that the policies of bpa's tables read.

`app.scope` is `desk`, or `person` before their role is known; `app.expert_id` and `app.role` say who it is.
"""

from uuid import UUID

from bpa_service.experts.domain import Expert
from service_kit.db import Scope


def of_person(expert_id: UUID) -> Scope:
    """The scope of somebody of whom nothing is known but who they are: their own sessions."""
    return _scope("person", expert_id, role="")


def of(expert: Expert) -> Scope:
    """The scope of somebody signed in."""
    return _scope("desk", expert.id, role=expert.role)


def _scope(name: str, expert_id: UUID, *, role: str) -> Scope:
    return Scope((("app.scope", name), ("app.expert_id", str(expert_id)), ("app.role", role)))
