"""The events on the wire: golden examples are understood by the consumer, and every event has somebody for it."""

import json
from pathlib import Path
from typing import Final

import pytest

import bpa_service.wiring
import cabinet_service.wiring
from api_contracts import generate
from bpa_service.api_ports import ApiPorts as BpaPorts
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from service_kit.inbox import parse
from shared_schemas.envelope import Event, name_of
from shared_schemas.events import BPA_EVENTS, CABINET_EVENTS

EXAMPLES: Final = Path(generate.__file__).parent / "examples"
EVENTS: Final = [
    *(("cabinet", event) for event in CABINET_EVENTS),
    *(("bpa", event) for event in BPA_EVENTS),
]


def example(producer: str, event: type[Event]) -> bytes:
    return (EXAMPLES / producer / f"{name_of(event)}.json").read_bytes()


@pytest.mark.parametrize(("producer", "event"), EVENTS, ids=lambda value: getattr(value, "TYPE", value))
def test_the_consumer_understands_the_golden_example(producer: str, event: type[Event]) -> None:
    envelope = parse(example(producer, event))
    assert envelope.name == name_of(event)
    assert event.model_validate(envelope.data).model_dump(mode="json") == envelope.data


@pytest.mark.parametrize(("producer", "event"), EVENTS, ids=lambda value: getattr(value, "TYPE", value))
def test_the_consumer_tolerates_what_a_newer_producer_adds(producer: str, event: type[Event]) -> None:
    newer = json.loads(example(producer, event))
    newer["trace"] = newer["data"]["mood"] = {"unheard": "of"}
    envelope = parse(json.dumps(newer).encode())
    assert event.model_validate(envelope.data) == event.model_validate(parse(example(producer, event)).data)


def test_every_example_belongs_to_an_event() -> None:
    known = {f"{producer}/{name_of(event)}.json" for producer, event in EVENTS}
    assert {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.json")} == known


async def test_every_event_has_a_handler_or_a_stated_nobody_yet(
    cabinet_ports: CabinetPorts, bpa_ports: BpaPorts
) -> None:
    assert set(CABINET_EVENTS) <= set(bpa_service.wiring.event_handlers(bpa_ports))
    assert set(BPA_EVENTS) <= set(cabinet_service.wiring.event_handlers(cabinet_ports))


def test_the_committed_contracts_are_in_order() -> None:
    assert generate.problems() == []
