"""Reports as PDF, as others read them: veraPDF holds them to the standards, pdf.js opens and reads them."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.pdf.typesetting_process import typeset
from deploy.web import CLIENT
from shared_schemas.report.content import Report
from shared_schemas.report.presented import Presented, Short
from tests.factories import reports as examples
from tests.factories.report_files import paper, presented, previews, shortened
from tests.factories.report_keys import a_key, signed
from tests.factories.reports import photos
from tests.servers.verapdf import validator

pytestmark = pytest.mark.busless
READER: Final = Path(__file__).with_name("read_pdf.mjs")


def sixty_photos() -> Report:
    return examples.one_finding().model_copy(update={"photos": photos(60)})


REPORTS: Final = {
    "one": examples.one_finding,
    "forty": examples.forty_findings,
    "history": examples.vehicle,
    "sixty": sixty_photos,
    "rtl": examples.right_to_left,
    "long": examples.long_words,
}


@pytest.fixture(scope="module")
def told() -> Mapping[str, Presented | Short]:
    """What each file says, by its name."""
    full = {f"{name}-ru": presented(report(), "ru") for name, report in REPORTS.items()}
    english = {f"{name}-en": presented(REPORTS[name](), "en") for name in ("one", "history")}
    short = {f"short-{name}": shortened(REPORTS[name]()) for name in ("one", "rtl")}
    return full | english | short


@pytest.fixture(scope="module")
def files(
    told: Mapping[str, Presented | Short], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Path]:
    """The files, by name: each as it is given out, and one of each form before it was signed."""
    folder = tmp_path_factory.mktemp("standards")
    key = a_key(folder)
    shown = {str(one): path for one, path in previews(sixty_photos(), folder).items()}
    made: dict[str, Path] = {}
    for name, report in told.items():
        form = Form.SHORT if isinstance(report, Short) else Form.FULL
        pdf = typeset(report, shown, paper(form))
        made[name] = folder / f"{name}.pdf"
        made[name].write_bytes(signed(pdf, key, folder))
        if name.endswith("one-ru") or name == "short-one":
            made[f"unsigned-{name}"] = folder / f"unsigned-{name}.pdf"
            made[f"unsigned-{name}"].write_bytes(pdf)
    return made


@pytest.mark.skipif(not validator.is_here(), reason="no veraPDF: python -m tests.servers.verapdf")
def test_each_keeps_to_the_standards_before_and_after_it_is_signed(files: Mapping[str, Path]) -> None:
    judged = validator.judge(list(files.values()))
    assert {(one.file, one.standard) for one in judged} == {
        (path.name, standard) for path in files.values() for standard in ("2b", "ua1")
    }
    assert [one for one in judged if one.broken] == []


@pytest.mark.skipif(not validator.is_here(), reason="no veraPDF: python -m tests.servers.verapdf")
def test_the_validator_sees_what_breaks_a_standard(files: Mapping[str, Path], tmp_path: Path) -> None:
    """Or nothing would be shown by the test above."""
    pdf = files["unsigned-one-ru"].read_bytes()
    broken = tmp_path / "broken.pdf"
    assert pdf.count(b"pdfuaid:part>1<") == 1
    broken.write_bytes(
        pdf.replace(b"pdfuaid:part>1<", b"pdfuaid:part>9<").replace(b"pdfaid:part>2<", b"pdfaid:part>9<")
    )
    assert all(one.broken for one in validator.judge([broken]))


@pytest.mark.skipif(
    shutil.which("node") is None or not (CLIENT / "node_modules" / "pdfjs-dist").exists(),
    reason="no Node.js, or no pdf.js: python -m deploy.web",
)
def test_every_page_opens_in_pdf_js_and_its_text_can_be_read(
    told: Mapping[str, Presented | Short], files: Mapping[str, Path]
) -> None:
    read = _read_by_pdf_js(list(files.values()))
    for name, report in told.items():
        pages = read[f"{name}.pdf"]
        said = "".join("".join(pages).replace("\u200b", "").split())
        assert all(page.strip() for page in pages)
        titles = [one.title for one in report.sections] if isinstance(report, Presented) else [report.reason]
        assert [words for words in titles if "".join(words.split()) not in said] == []


def _read_by_pdf_js(files: list[Path]) -> dict[str, list[str]]:
    """The text of each page of each file."""
    done = subprocess.run(["node", READER, CLIENT, *files], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
