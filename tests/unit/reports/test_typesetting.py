"""Reports as PDF: everything that can be in one is set, can be read again, and keeps."""

from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.pdf.refusal import SetTooLong
from cabinet_service.reports.pdf.typesetting import Typesetter
from cabinet_service.reports.pdf.typesetting_process import typeset
from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import FindingCard, Quotation, Quoted, Section
from tests.factories import reports as examples
from tests.factories.report_files import (
    CODE,
    a_preview,
    facts_of,
    fonts_of,
    needs_poppler,
    paper,
    presented,
    previews,
    shortened,
    text_of,
)
from tests.factories.reports import EXAMPLES, photos

pytestmark = pytest.mark.busless
LARGEST_USUAL = 600 * 1024


def together(pdf: bytes) -> str:
    """What it says, with breaks of lines and of words undone."""
    return " ".join(text_of(pdf).replace("\u200b", "").split())


@pytest.fixture
async def typesetter() -> AsyncGenerator[Typesetter]:
    made = Typesetter()
    yield made
    await made.close()


@needs_poppler
@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_example_is_set(example: Callable[[], Report], language: ReportLanguage) -> None:
    """PDF/A-2b and PDF/UA-1 are what it is compiled to: what breaks their rules is no PDF at all."""
    report = presented(example(), language)
    pdf = typeset(report, {}, paper())
    facts = facts_of(pdf)
    assert facts["Page size"].endswith("(A4)")
    assert facts["Tagged"] == "yes"
    assert facts["Keywords"] == CODE
    pages = text_of(pdf).rstrip("\f").split("\f")
    assert len(pages) == int(facts["Pages"])
    for number, page in enumerate(pages, 1):
        line = " ".join(page.split())
        assert report.labels.page.format(page=number, pages=len(pages)) in line
        assert CODE in line
        assert report.fine_print[:60] in line
    said = together(pdf)
    for section in report.sections:
        assert section.title in said


@needs_poppler
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_the_short_form_is_one_page(example: Callable[[], Report]) -> None:
    report = shortened(example())
    pdf = typeset(report, {}, paper(Form.SHORT))
    assert facts_of(pdf)["Pages"] == "1"
    assert report.reason in together(pdf)


@needs_poppler
def test_all_fonts_are_in_the_file_and_say_what_they_mean() -> None:
    fonts = fonts_of(typeset(presented(examples.right_to_left()), {}, paper()))
    assert {"NotoSans-Regular", "NotoSansArabic-Regular", "NotoSansHebrew-Regular"} <= {
        one[0].partition("+")[2] for one in fonts
    }
    assert all(
        one[-5:-2] == ["yes", "yes", "yes"] for one in fonts
    )  # embedded, a part of it, with its characters


@needs_poppler
def test_code_of_a_page_or_of_a_typesetter_in_words_stays_words() -> None:
    assert examples.HTML in together(typeset(presented(examples.html()), {}, paper()))
    assert examples.TYPST in together(typeset(presented(examples.typst()), {}, paper()))


def test_a_usual_report_is_small_enough_to_be_sent(tmp_path: Path) -> None:
    report = examples.one_finding().model_copy(update={"photos": photos(12)})
    pdf = typeset(presented(report), _by_text(report, tmp_path), paper())
    assert 100_000 < len(pdf) <= LARGEST_USUAL


def test_nothing_of_a_photo_but_its_pixels_is_in_the_file(tmp_path: Path) -> None:
    report = examples.one_finding()
    assert b"secret place" in a_preview()
    pdf = typeset(presented(report), _by_text(report, tmp_path), paper())
    assert b"secret place" not in pdf
    assert b"\xff\xd8\xff" in pdf


@needs_poppler
def test_a_photo_that_is_gone_or_does_not_open_has_its_place(tmp_path: Path) -> None:
    report = examples.one_finding()
    whole = typeset(presented(report), _by_text(report, tmp_path), paper())
    given_previews = _by_text(report, tmp_path)
    first, second, *_ = given_previews
    given_previews.pop(first)
    given_previews[second].write_bytes(b"\xff\xd8\xff no picture")
    holed = typeset(presented(report), given_previews, paper())
    assert "Этот снимок удалён" not in together(whole)
    assert together(holed).count("Этот снимок удалён") >= 2


@needs_poppler
@pytest.mark.parametrize("form", Form)
def test_what_a_test_system_makes_says_so_on_every_page(form: Form) -> None:
    report = examples.one_finding()
    made = shortened(report) if form is Form.SHORT else presented(report)
    for page in text_of(typeset(made, {}, paper(form, development=True))).rstrip("\f").split("\f"):
        assert "Недействителен: сделан на тестовой системе" in " ".join(page.split())
    assert "Недействителен" not in together(typeset(made, {}, paper(form)))


def test_the_same_report_is_the_same_file() -> None:
    made = examples.one_finding()
    report = presented(made.model_copy(update={"made_at": made.made_at.replace(microsecond=123456)}))
    assert typeset(report, {}, paper()) == typeset(report, {}, paper())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300), min_size=1, max_size=8
    )
)
def test_whatever_people_write_is_set(written: list[str]) -> None:
    report = presented(examples.clean())
    finding = FindingCard(
        finding_id=report.report_id,
        number=1,
        tone=report.masthead.tone,
        mark="!",
        fact=Quoted(words=written[0]),
        meaning=Quoted(words=written[-1]),
    )
    blocks = (finding, *(Quotation(quoted=Quoted(words=one)) for one in written))
    told = report.model_copy(update={"sections": (Section(id="found", title="?", blocks=blocks),)})
    assert typeset(told, {}, paper()).startswith(b"%PDF-")


async def test_it_is_set_in_a_process_of_its_own(typesetter: Typesetter, tmp_path: Path) -> None:
    report = examples.one_finding()
    target = tmp_path / "report.pdf"
    made = previews(report, tmp_path)
    size = await typesetter.typeset(presented(report), made, paper(), target=target)
    assert target.stat().st_size == size
    assert target.read_bytes() == typeset(presented(report), _named(made), paper())
    assert typesetter.process.pid is not None


async def test_one_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    report = examples.forty_findings()
    hurried = Typesetter(seconds=0.01)
    with pytest.raises(SetTooLong):
        await hurried.typeset(presented(report), {}, paper(), target=tmp_path / "report.pdf")
    assert hurried.process.pid is None


def _by_text(report: Report, folder: Path) -> dict[str, Path]:
    return _named(previews(report, folder))


def _named(made: Mapping[UUID, Path]) -> dict[str, Path]:
    return {str(evidence_id): path for evidence_id, path in made.items()}
