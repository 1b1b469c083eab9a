"""What a link leaves out is nowhere in what it shows, whatever the report."""

import re
from collections.abc import Iterator
from typing import Any, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.reports.sharing.pictures import shown_in
from cabinet_service.reports.sharing.reading import for_strangers
from shared_schemas.report.content import Report, ReportHistory, ReportLanguage
from shared_schemas.report.presented import Presented, Reader, Scope
from shared_schemas.report.presenting import present
from shared_schemas.report.presenting.catalogue import SAID
from tests.factories.reports import EXAMPLES, MOSCOW

MARK, WORRY, ADVERT = "zqhistory", "zqworry", "zqadvert"
LEAST_KM: Final = 7_654_000

names = st.sampled_from(sorted(EXAMPLES))
languages = st.sampled_from(("ru", "en"))
readers = st.sampled_from((Reader.BUYER, Reader.SELLER))
scopes = st.builds(Scope, photos=st.booleans(), history=st.booleans())


def marked(report: Report) -> Report:
    """The same report, in which every word and every mileage of a record is known again."""
    claim = report.claim.model_copy(update={"advert_url": f"https://{ADVERT}.example"})
    told = report.model_copy(update={"claim": claim, "worry": WORRY})
    if report.history is None:
        return told
    blocks = [
        block.model_copy(
            update={
                "entries": tuple(
                    entry.model_copy(
                        update={"text": MARK, "place": MARK, "mileage_km": LEAST_KM + number, "id": entry.id}
                    )
                    for number, entry in enumerate(block.entries)
                )
            }
        )
        for block in report.history.blocks
    ]
    history: dict[str, Any] = {
        "blocks": tuple(blocks),
        "mileages": tuple(
            one.model_copy(update={"km": LEAST_KM + 500 + number})
            for number, one in enumerate(report.history.mileages)
        ),
        "recalls": tuple(one.model_copy(update={"text": MARK}) for one in report.history.recalls),
    }
    return told.model_copy(update={"history": report.history.model_copy(update=history)})


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in cast("dict[str, Any]", value).values():
            yield from strings_in(one)
    elif isinstance(value, list):
        for one in cast("list[Any]", value):
            yield from strings_in(one)
    elif value is not None:
        yield str(value)


def shown(name: str, language: ReportLanguage, reader: Reader, scope: Scope) -> tuple[Report, Presented]:
    report = marked(EXAMPLES[name]())
    before = marked(EXAMPLES["one_finding"]()) if report.replaces else None
    told = present(
        for_strangers(report),
        language=language,
        zone=MOSCOW,
        reader=reader,
        scope=scope,
        previous=for_strangers(before) if before else None,
        is_shared=True,
    )
    return report, told


@given(name=names, language=languages, reader=readers, scope=scopes)
def test_nothing_of_a_part_that_is_left_out_is_told(
    name: str, language: ReportLanguage, reader: Reader, scope: Scope
) -> None:
    report, told = shown(name, language, reader, scope)
    texts = list(strings_in(told.model_dump(mode="json")))
    everything = "\n".join(texts)
    assert WORRY not in everything
    assert ADVERT not in everything
    if not scope.photos:
        evidence = {str(photo.evidence_id) for photo in report.photos}
        assert not evidence & set(texts)
        assert not shown_in(told)
    if not scope.history:
        assert MARK not in everything
        numbers = {int(re.sub(r"\D", "", found)) for found in re.findall(r"\d[\d\s]*\d", everything)}
        assert not [one for one in numbers if LEAST_KM <= one < LEAST_KM + 1000]


@pytest.mark.parametrize("name", ["clean", "forty_findings", "all_states"])
def test_what_is_not_left_out_is_told(name: str) -> None:
    """Or the search above would find nothing for not looking."""
    report, told = shown(name, "en", Reader.BUYER, Scope())
    everything = told.model_dump_json()
    assert shown_in(told) == {photo.evidence_id for photo in report.photos}
    history: ReportHistory | None = report.history
    if history is not None and any(block.entries for block in history.blocks):
        assert MARK in everything


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_stranger_is_not_told_what_is_the_clients(
    name: str, reader: Reader, language: ReportLanguage
) -> None:
    """Neither how long they waited, nor what only they can do."""
    _, told = shown(name, language, reader, Scope())
    assert "clock" not in {section.id for section in told.sections}
    texts = set(strings_in(told.model_dump(mode="json")))
    clients = (
        f"{what}.{one}" for what in ("about.share", "about.dispute") for one in (Reader.BUYER, Reader.PARTNER)
    )
    assert not [key for key in clients if SAID[language][key] in texts]
    if reader is not Reader.SELLER:
        assert SAID[language]["about.shared"] in texts
    elif EXAMPLES[name]().decision:
        assert SAID[language]["about.dispute.seller"] in texts
