"""What is marked as personal goes from an event, what is not marked stays, and an event it remains."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, get_args
from uuid import UUID

import pytest
from pydantic import BaseModel

from api_contracts import generate
from shared_schemas.base import Contract
from shared_schemas.envelope import Event, name_of
from shared_schemas.events import BPA_EVENTS, CABINET_EVENTS
from shared_schemas.personal import ERASED, NOBODY, PERSONAL, Personal, redact

EVENTS: Final = (*CABINET_EVENTS, *BPA_EVENTS)
EXAMPLES: Final = Path(generate.__file__).parent / "examples"
# Texts that say nothing of a client: whoever adds one to an event decides here, or marks it.
NOT_PERSONAL: Final = {
    "ClientRef.language",
    "EvidenceRef.media_type",
    "ExpertRef.display_name",
    "FindingView.rule_ref",
    "InfoTaskNotifiedV1.channel",
    "HistoryOrderedV1.number",
    "InspectionSubmittedV1.number",
    "HistoryReadyV1.sha256",
    "ReportReadyV1.sha256",  # of a report: it stays when that is erased, and says nothing of it
}


class Inner(Contract):
    word: Annotated[str, PERSONAL]
    number: int


class Outer(Contract):
    who: Annotated[UUID, PERSONAL]
    maybe: Annotated[str | None, PERSONAL]
    words: Annotated[tuple[str, ...], PERSONAL]
    state: str
    one: Inner
    many: tuple[Inner, ...]
    none: Inner | None = None


def test_what_is_marked_goes_however_deep_it_is() -> None:
    inner = Inner(word="secret", number=7)
    outer = Outer(
        who=UUID(int=5), maybe="secret", words=("secret",), state="open", one=inner, many=(inner, inner)
    )
    gone = Inner(word=ERASED, number=7)
    assert redact(outer) == Outer(
        who=NOBODY, maybe=None, words=(), state="open", one=gone, many=(gone, gone), none=None
    )


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_a_redacted_event_is_an_event_and_redacting_it_again_changes_nothing(event: type[Event]) -> None:
    [path] = EXAMPLES.glob(f"*/{name_of(event)}.json")
    redacted = redact(event.model_validate(json.loads(path.read_text())["data"]))
    assert event.model_validate(redacted.model_dump(mode="json")) == redacted
    assert redact(redacted) == redacted


def test_every_text_of_an_event_is_marked_or_known_to_be_nobodys() -> None:
    unmarked = {name for event in EVENTS for name in _unmarked_texts(event)}
    assert unmarked == NOT_PERSONAL


def _unmarked_texts(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if any(isinstance(mark, Personal) for mark in field.metadata):
            continue
        for part in _parts(field.annotation):
            if part is str:
                yield f"{model.__name__}.{name}"
            elif isinstance(part, type) and issubclass(part, BaseModel):
                yield from _unmarked_texts(part)


def _parts(annotation: Any) -> Iterator[Any]:
    """The types of which an annotation consists."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
