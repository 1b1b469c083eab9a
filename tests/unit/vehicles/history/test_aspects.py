"""What sources say that a car is: synonyms agree, and what differs stands side by side."""

from typing import Any

import pytest

from bpa_service.vehicles.history.aspects import Aspect, aspects_of
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Kind
from shared_schemas.vin.claims import DoubtSeverity
from tests.factories.vehicle_records import record

CONTRADICTION, ANOMALY, UNUSUAL = DoubtSeverity


def said(**given: Any) -> Record:
    field = next(iter(given))
    if field in Record.__dataclass_fields__:
        return record(Kind.DESCRIPTION, **given)
    return record(Kind.DESCRIPTION, attributes=given)


def aspect(name: str, *texts: Any) -> Aspect:
    found = {one.name: one for one in aspects_of([said(**{name: text}) for text in texts])}
    return found[name]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("colour", ["grey", "gray", "СЕРЫЙ", "Темно-серый", "Серый темный", "GRIS FONCE", "сірий"]),
        ("colour", ["серебристый", "silver", "ГРАФИТОВЫЙ МЕТАЛ."]),
        ("colour", ["вишневый", "RED", "бордовый"]),
        ("colour", ["GOUD", "бежевый", "золотистый"]),
        ("colour", ["мокрый асфальт", "чёрный"]),
        ("colour", ["балтика", "красный"]),  # a word that nobody knows is held against nobody
        ("make", ["ВАЗ", "LADA", "ВАЗ (LADA)", "BAЗ"]),
        ("make", ["МЕРСЕДЕС", "Mercedes-Benz"]),
        ("make", ["Toyota", "Lexus"]),  # one concern
        ("make", ["Богдан", "LADA"]),
        ("model", ["211440", "ВАЗ 211440 LADA SAMARA", "Самара"]),
        (
            "model",
            ["RIO", "Rio Comfort", "Solaris"],
        ),  # of no other maker is it known what it calls its models
        ("year", [2009, 2010]),
        ("engine", ["21126, 1234567", "1234567"]),
        ("fuel", ["БЕНЗИНОВЫЙ", "Petrol", "ES", "GAS", "Benzine", "бензин/газ"]),
        ("fuel", ["hybrid", "Petrol"]),
        ("transmission", ["AUTOMATIC", "АКПП", "вариатор"]),
        ("drive", ["4WD", "Полноприводной", "передний"]),
        ("engine_cc", ["1598", "1600", "1.6"]),
        ("power_hp", ["150", "163"]),
        ("mass_kg", ["1390", "1465"]),
        ("doors", ["4", "5"]),
    ],
)
def test_synonyms_and_slack_are_no_disagreement(name: str, texts: list[Any]) -> None:
    assert aspect(name, *texts).severity is None


@pytest.mark.parametrize(
    ("name", "texts", "severity"),
    [
        ("make", ["LADA", "Мерседес"], CONTRADICTION),
        ("make", ["Nissan", "Renault"], UNUSUAL),  # built by each other
        ("model", ["Калина", "ВАЗ 2107"], ANOMALY),
        ("year", [2009, 2011], UNUSUAL),
        ("year", [2009, 2014], ANOMALY),
        ("colour", ["белый", "BLACK"], UNUSUAL),
        ("engine", ["21126 1234567", "7654321"], UNUSUAL),
        ("fuel", ["дизель", "Petrol"], ANOMALY),
        ("engine_cc", ["1598", "1998"], UNUSUAL),
        ("steering", ["LEFT", "правый"], UNUSUAL),
        ("seats", ["5", "9"], UNUSUAL),
    ],
)
def test_what_does_not_agree_is_told_with_both_statements(
    name: str, texts: list[Any], severity: DoubtSeverity
) -> None:
    found = aspect(name, *texts)

    assert found.severity is severity
    assert {text for one in found.statements for text in one.texts} == {str(text) for text in texts}
    assert all(one.severity is severity for one in found.statements)
    assert all(one.records for one in found.statements)


def test_the_statement_of_most_records_comes_first_and_agrees_with_none_it_does_not() -> None:
    found = aspect("colour", "красный", "серый", "grey", "чёрный")

    assert [(one.means, one.severity) for one in found.statements] == [
        ("grey", UNUSUAL),
        ("black", UNUSUAL),
        ("red", UNUSUAL),
    ]


def test_the_sources_own_text_is_shown_where_it_was_read_otherwise() -> None:
    repaired = record(Kind.DESCRIPTION, make="ВАЗ", as_written={"make": "BAЗ"})

    [make] = aspects_of([repaired])

    assert make.statements[0].texts == ("BAЗ",)
