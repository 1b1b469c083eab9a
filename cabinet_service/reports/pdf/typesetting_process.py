"""The process that sets reports in type: it makes their pictures, and the PDF. Nothing of it lies on the disk."""

import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Final

os.environ["RAYON_NUM_THREADS"] = "1"  # more would only be faster where nobody else wants a processor

import typst  # it reads that when it is imported first

from cabinet_service.reports.pdf.laying_out import Drawn, Form, Paper, laid_out
from cabinet_service.reports.pdf.letters import FONTS
from cabinet_service.reports.pdf.pictures import LARGE_EDGE, SMALL_EDGE, printable, share_of
from cabinet_service.reports.pdf.refusal import UNSETTABLE, ReportRefused
from service_kit.decoding import decode_questions
from service_kit.pictures import refusing
from service_kit.scratch import nameless_file
from shared_schemas.report.presented import FindingCard, Picture, PictureGrid, Presented, Section, Short

# Sixty photos take 250 MiB, and what a library has mapped without using it counts as well.
MEMORY_LIMIT: Final = 1024**3
IDLE_SECONDS: Final = 60.0
NICENESS: Final = 2
TEMPLATE: Final = Path(__file__).with_name("report.typ")
# PDF/A-2b keeps for decades; PDF/UA-1 is read aloud, and has every part tagged with what it is.
STANDARDS: Final[list[Any]] = ["a-2b", "ua-1"]


class Sheet:
    """The files of one report while it is set: without names, so that nothing is left of them."""

    def __init__(self, report: Presented | Short, previews: Mapping[str, Path], closing: ExitStack) -> None:
        self._previews = previews
        self._closing = closing
        self._drawn: dict[tuple[Any, ...], Drawn | None] = {}
        large = len(set(_pictures_of(report, FindingCard)))
        small = len(set(_pictures_of(report, PictureGrid)))
        self._share = share_of(small, large)

    def lay(self, data: bytes) -> str:
        """Keep the bytes in a file, and say where the template finds it."""
        path = self._closing.enter_context(nameless_file())
        path.write_bytes(data)
        return str(path)

    def draw(self, picture: Picture, is_large: bool) -> Drawn | None:
        """The picture, the same again where it was drawn before; none if there is no preview of it."""
        key = (picture.evidence_id, picture.region, is_large)
        if key not in self._drawn:
            edge, most = (LARGE_EDGE, 2 * self._share) if is_large else (SMALL_EDGE, self._share)
            self._drawn[key] = self._made(picture, edge, most)
        return self._drawn[key]

    def _made(self, picture: Picture, edge: int, most: int) -> Drawn | None:
        preview = self._previews.get(str(picture.evidence_id))
        if preview is None:
            return None
        try:
            with refusing(ReportRefused, UNSETTABLE):
                made = printable(preview, picture.region, edge=edge, most=most)
        except ReportRefused:  # the report says what it says without a picture that does not open
            return None
        return Drawn(file=self.lay(made.data), width=made.width, height=made.height)


def _pictures_of(report: Presented | Short, kind: type[FindingCard | PictureGrid]) -> list[tuple[Any, ...]]:
    blocks = (block for section in _sections(report) for block in section.blocks if isinstance(block, kind))
    return [(one.evidence_id, one.region) for block in blocks for one in block.pictures]


def _sections(report: Presented | Short) -> tuple[Section, ...]:
    return report.sections if isinstance(report, Presented) else ()


def typeset(report: Presented | Short, previews: Mapping[str, Path], paper: Paper) -> bytes:
    """The report as a PDF, the same bytes each time. Raises ReportRefused if it cannot be set."""
    with ExitStack() as closing:
        sheet = Sheet(report, previews, closing)
        if paper.logo is not None:
            laid = paper.logo.model_copy(update={"file": sheet.lay(Path(paper.logo.file).read_bytes())})
            paper = paper.model_copy(update={"logo": laid})
        data = laid_out(report, paper, draw=sheet.draw, lay=sheet.lay)
        where = sheet.lay(json.dumps(data, ensure_ascii=False).encode())
        compiler = typst.Compiler(
            TEMPLATE.read_bytes(),
            root="/",  # where a template reads is what its data say, which are ours
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": where},
        )
        try:
            made = compiler.compile(
                format="pdf",
                pdf_standards=STANDARDS,
                timestamp=report.made_at.astimezone(UTC).replace(microsecond=0),
            )
        except typst.TypstError as error:
            raise ReportRefused(UNSETTABLE, why=error.message[:200]) from error
    assert isinstance(made, bytes)  # noqa: S101 - one PDF, whatever there may be of other formats
    return made + b"\n"  # so that what is appended to it, a signature, begins on a line, as PDF/A asks


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _work(question: dict[str, Any]) -> dict[str, int]:
    paper = Paper.model_validate(question["paper"])
    kind = Short if paper.form is Form.SHORT else Presented
    previews = {evidence_id: Path(path) for evidence_id, path in question["previews"].items()}
    made = typeset(kind.model_validate(question["report"]), previews, paper)
    return {"size": Path(question["target"]).write_bytes(made)}


if __name__ == "__main__":
    decode_questions(
        _work, undecodable=UNSETTABLE, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS, niceness=NICENESS
    )
