"""Templates and checks as the API speaks of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from bpa_service.playbook.models import Check, Language, Template, TemplateKind
from bpa_service.playbook.service import Question, Words
from service_kit.http.schemas import ApiInput, ApiOutput, LongText, ShortText
from shared_schemas.words import Shot, Verdict

CheckText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class TemplateIn(ApiInput):
    """`text` may name `{number}`, `{vin}`, `{car}` and `{shot}`, which the case fills in.

    With a `verdict` the words are offered under that one only; `language` is the one they are in.
    """

    kind: TemplateKind
    title: ShortText
    text: LongText
    shot: Shot | None = None
    verdict: Verdict | None = None
    language: Language | None = None

    def words(self) -> Words:
        return Words(
            kind=self.kind,
            title=self.title,
            text=self.text,
            shot=self.shot,
            verdict=self.verdict,
            language=self.language,
        )


class TemplateOut(ApiOutput):
    """Ready words."""

    template_id: UUID
    kind: TemplateKind
    title: str
    text: str
    shot: Shot | None
    verdict: Verdict | None
    language: Language | None
    changed_at: datetime

    @classmethod
    def of(cls, template: Template) -> "TemplateOut":
        return cls(
            template_id=template.id,
            kind=TemplateKind(template.kind),
            title=template.title,
            text=template.text,
            shot=Shot(template.shot) if template.shot else None,
            verdict=Verdict(template.verdict) if template.verdict else None,
            language=Language(template.language) if template.language else None,
            changed_at=template.changed_at,
        )


class TemplateList(ApiOutput):
    """All of them, by kind and title."""

    items: list[TemplateOut]


class CheckIn(ApiInput):
    """Without a `shot` it is asked in every case. An open required check keeps a decision from being final.

    `text_en` is what the desk in English shows in place of `text`. `odd_text` and `odd_text_en` are what a
    finding says where it is odd.
    """

    shot: Shot | None = None
    text: CheckText
    text_en: CheckText | None = None
    odd_text: CheckText | None = None
    odd_text_en: CheckText | None = None
    required: bool
    position: Annotated[int, Field(ge=0, le=10_000)]

    def question(self) -> Question:
        return Question(
            shot=self.shot,
            text=self.text,
            text_en=self.text_en,
            odd_text=self.odd_text,
            odd_text_en=self.odd_text_en,
            required=self.required,
            position=self.position,
        )


class CheckOut(ApiOutput):
    """A check of the checklist."""

    check_id: UUID
    shot: Shot | None
    text: str
    text_en: str | None = None
    odd_text: str | None = None
    odd_text_en: str | None = None
    required: bool
    position: int

    @classmethod
    def of(cls, check: Check) -> "CheckOut":
        return cls(
            check_id=check.id,
            shot=Shot(check.shot) if check.shot else None,
            text=check.text,
            text_en=check.text_en,
            odd_text=check.odd_text,
            odd_text_en=check.odd_text_en,
            required=check.required,
            position=check.position,
        )


class CheckList(ApiOutput):
    """All that are asked for, in their order."""

    items: list[CheckOut]
