"""What copies are made of is one thing everywhere: the template, what documents have, and what a server tells."""

import copy
from typing import Any

import pytest

from service_kit.search.documents import NameKind, TextField
from service_kit.search.elastic.documents import ANY_KIND
from service_kit.search.elastic.schema import Schema


def properties(schema: Schema) -> Any:
    return schema.mappings["properties"]


def test_each_kind_of_name_each_text_and_each_facet_has_a_field() -> None:
    found = properties(Schema("cases", ["verdict", "make"]))
    assert set(found["names"]["properties"]) == {ANY_KIND, *NameKind}
    assert set(found["texts"]["properties"]) == set(TextField)
    assert set(found["facets"]["properties"]) == {"verdict", "make"}


def test_nothing_else_can_be_written_and_no_write_makes_an_index() -> None:
    schema = Schema("cases", [])
    assert schema.mappings["dynamic"] == "strict"
    assert schema.template["allow_auto_create"] is False
    assert schema.template["index_patterns"] == ["cases-*"]


def test_another_facet_makes_another_copy_and_another_order_does_not() -> None:
    one = Schema("cases", ["make", "verdict"])
    assert one.made_of == Schema("cases", ["verdict", "make"]).made_of
    assert one.made_of != Schema("cases", ["make"]).made_of


def test_what_was_made_so_does_not_differ() -> None:
    schema = Schema("cases", ["make"])
    assert schema.differs(schema.mappings) is None
    told = copy.deepcopy(dict(schema.mappings))
    told["properties"]["owner"]["ignore_above"] = 1000  # a later server may tell more of a field
    assert schema.differs(told) is None


@pytest.mark.parametrize("change", ["gone", "another type", "another analyser"])
def test_a_field_that_somebody_changed_is_named(change: str) -> None:
    schema = Schema("cases", ["make"])
    told: Any = copy.deepcopy(dict(schema.mappings))
    field = told["properties"]["names"]["properties"]["plate"]["properties"]
    if change == "gone":
        del field["grams"]
    elif change == "another type":
        field["grams"] = {"type": "keyword"}
    else:
        field["grams"]["analyzer"] = "standard"
    assert schema.differs(told) == "somebody changed its field names.plate.grams"


def test_a_copy_of_another_version_differs() -> None:
    assert Schema("cases", ["make"]).differs(Schema("cases", []).mappings) == "it is made by another version"
    assert Schema("cases", []).differs({}) == "it is made by another version"
