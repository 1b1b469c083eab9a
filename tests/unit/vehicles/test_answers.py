"""How the blocks of a source's answer stand: silence is told from nothing, and nothing from not asked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.mappings.answers import Answer, read_answer
from bpa_service.vehicles.mappings.files import shapes_of
from bpa_service.vehicles.records.record import Identifier

NOW = datetime(2026, 11, 29, 12, 4, tzinfo=UTC)
VIN = "XTA21144094700001"
ABOUT = Identifier("vin", VIN, "")


def read(source: str, *documents: dict[str, Any], about: Identifier = ABOUT) -> Answer:
    mapping = catalogue.mapping(source)
    return read_answer(documents, mapping, shapes_of(mapping, NOW), about, NOW)


def states(answer: Answer) -> dict[str, tuple[str, str]]:
    return {str(one.kind): (str(one.state), one.reason) for one in answer.coverage}


def report(states: dict[str, str], **content: Any) -> dict[str, Any]:
    sources = [{"_id": name, "state": state} for name, state in states.items()]
    vehicle = {"identifiers": {"vehicle": {"vin": VIN}}}
    return {"state": "ok", "data": [{"state": {"sources": sources}, "content": vehicle | content}]}


def test_each_block_stands_as_the_sources_that_fill_it() -> None:
    answer = read(
        "avtocod",
        report(
            {"gibdd.dtp": "PROGRESS", "gibdd.wanted": "OK", "pledge": "ERROR", "gibdd.history": "OK"},
            ownership={"history": {"items": [{"date": {"start": "2010-02-07 00:00:00"}}], "count": 1}},
            stealings={"items": [], "count": 0},
        ),
    )

    found = states(answer)
    assert found["ownership"] == ("data", "")
    assert found["wanted"] == ("empty", "")
    assert found["accident"] == ("running", "")
    assert found["pledge"] == ("failed", "")
    assert found["customs"] == ("not_covered", "")
    assert answer.is_running
    assert {one.asked_at for one in answer.coverage} == {NOW}


def test_an_item_with_nothing_in_it_is_no_data() -> None:
    hollow = {"items": [{"date": {"stealing": None}, "vehicle": {"vin": None}}], "count": None}

    assert states(read("avtocod", report({"gibdd.wanted": "OK"}, stealings=hollow)))["wanted"] == (
        "empty",
        "",
    )


def test_a_count_without_records_is_a_failure_and_records_without_a_count_are_believed() -> None:
    lying = read("gibdd", {"vin": VIN, "RequestResult": {"count": 3, "records": []}, "status": 200})
    modest = read(
        "gibdd",
        {"vin": VIN, "RequestResult": {"count": 0, "records": [{"ogrkod": 1, "tsVIN": VIN}]}, "status": 200},
    )

    assert states(lying)["restriction"] == ("failed", "count_without_records")
    assert states(modest)["restriction"] == ("data", "records_without_count")
    assert len(modest.batch) == 1


def test_an_error_within_an_answer_fails_every_block() -> None:
    answer = read("gibdd", {"vin": VIN, "RequestResult": {"error": "Сервис недоступен"}, "status": 200})

    assert set(states(answer).values()) == {("failed", "error_in_answer")}
    assert [reject.reason for reject in answer.rejects] == ["source_error"]


def test_what_is_about_another_vehicle_is_rejected() -> None:
    records = [{"ogrkod": 1, "tsVIN": vin} for vin in (VIN, "Z94CT41CBCR134064")]

    answer = read("gibdd", {"vin": VIN, "RequestResult": {"count": 2, "records": records}, "status": 200})

    assert [record.vin for record in answer.batch] == [VIN]
    assert [reject.reason for reject in answer.rejects] == ["other_vehicle"]


@pytest.mark.parametrize(
    ("judgement", "state"),
    [
        ("Logisch", "data"),
        ("Onlogisch", "data"),
        ("Geen oordeel", "declined"),
        ("Niet geregistreerd", "not_covered"),
        (None, "not_covered"),
    ],
)
def test_declining_to_judge_is_told_from_knowing_nothing(judgement: str | None, state: str) -> None:
    document = {"kenteken": "0001TJ", "voertuigsoort": "Personenauto", "tellerstandoordeel": judgement}

    answer = read("rdw", document, about=Identifier("plate", "0001TJ", "NL"))

    assert states(answer)["mileage"][0] == state
    assert states(answer)["description"][0] == "data"


def test_an_answer_of_no_documents_is_empty() -> None:
    assert {state for state, _ in states(read("dvsa_mot_api")).values()} == {"empty"}
