"""Keeping templates and checks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from bpa_service.experts.domain import Expert
from bpa_service.playbook.domain import VARIABLES, unknown_variables
from bpa_service.playbook.errors import PlaybookFull, UnknownVariable
from bpa_service.playbook.models import Check, Language, Template, TemplateKind
from service_kit import audit
from service_kit.audit import Detail
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.words import Shot, Verdict

MAX_TEMPLATES: Final = 500
MAX_CHECKS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a template says, and where it is offered."""

    kind: TemplateKind
    title: str
    text: str
    shot: Shot | None = None
    verdict: Verdict | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a check asks of whom looks at a photo of `shot`, or of every case. `position` orders them."""

    shot: Shot | None
    text: str
    text_en: str | None = None
    odd_text: str | None = None
    odd_text_en: str | None = None
    required: bool
    position: int


async def add_template(session: Session, words: Words, *, by: Expert, now: datetime) -> Template:
    """Raises UnknownVariable or PlaybookFull."""
    _check_variables(words.text)
    if await session.scalar(select(func.count()).select_from(Template)) == MAX_TEMPLATES:
        raise PlaybookFull(limit=MAX_TEMPLATES)
    template = Template(id=new_id(), changed_at=now, **asdict(words))
    session.add(template)
    _leave_trace(session, "template_added", template.id, by=by, now=now)
    return template


async def change_template(
    session: Session, template_id: UUID, words: Words, *, by: Expert, now: datetime
) -> Template:
    """Let it say this instead. Raises NotFound or UnknownVariable."""
    _check_variables(words.text)
    template = await session.get(Template, template_id, lock=True)
    if template is None:
        raise NotFound
    _take(template, asdict(words))
    template.changed_at = now
    _leave_trace(session, "template_changed", template.id, by=by, now=now)
    return template


async def remove_template(session: Session, template_id: UUID, *, by: Expert, now: datetime) -> None:
    """What was written with it stays. Raises NotFound."""
    template = await session.get(Template, template_id)
    if template is None:
        raise NotFound
    session.delete(template)
    _leave_trace(session, "template_removed", template.id, by=by, now=now)


async def add_check(session: Session, question: Question, *, by: Expert, now: datetime) -> Check:
    """Ask for it from now on, also in the cases that are open. Raises PlaybookFull."""
    asked = select(func.count()).select_from(Check).where(Check.retired_at.is_(None))
    if await session.scalar(asked) == MAX_CHECKS:
        raise PlaybookFull(limit=MAX_CHECKS)
    check = Check(id=new_id(), **asdict(question))
    session.add(check)
    _leave_trace(session, "check_added", check.id, by=by, now=now)
    return check


async def change_check(
    session: Session, check_id: UUID, question: Question, *, by: Expert, now: datetime
) -> Check:
    """Ask this instead. Raises NotFound, also for one that is retired."""
    check = await _check(session, check_id)
    _take(check, asdict(question))
    _leave_trace(session, "check_changed", check.id, by=by, now=now)
    return check


async def retire_check(session: Session, check_id: UUID, *, by: Expert, now: datetime) -> None:
    """Ask for it no more. Raises NotFound."""
    check = await _check(session, check_id)
    check.retired_at = now
    _leave_trace(session, "check_retired", check.id, by=by, now=now)


async def _check(session: Session, check_id: UUID) -> Check:
    check = await session.get(Check, check_id, lock=True)
    if check is None or check.retired_at is not None:
        raise NotFound
    return check


def _take(row: Template | Check, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _check_variables(text: str) -> None:
    unknown = unknown_variables(text)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise UnknownVariable(names=", ".join(f"{{{name}}}" for name in unknown), known=known)


def _leave_trace(session: Session, act: str, thing_id: UUID, *, by: Expert, now: datetime) -> None:
    details: Mapping[str, Detail] = {"id": thing_id}
    audit.record(session, act, by=by, now=now, details=details)
