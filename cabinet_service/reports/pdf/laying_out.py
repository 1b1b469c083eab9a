"""What the template is given: a report as data, in words that can be set, and where its drawings lie."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from pydantic import Field

from cabinet_service.reports.pdf import drawing
from cabinet_service.reports.pdf.letters import is_right_to_left, settable
from shared_schemas.base import Contract
from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presented import MileageGraph, Picture, Presented, Short

_MESSAGES: Final = Path(__file__).with_name("messages")


class Form(StrEnum):
    """`short`: one page, for a file."""

    FULL = "full"
    SHORT = "short"


class Logo(Contract):
    """A PNG of ours that lies at `file`, and whose logo it is."""

    file: str
    width: int
    height: int
    name: str


class Paper(Contract):
    """What stands on the paper beside the report: its code, and the address at which a reader checks it.

    `development`: it says on every page that it is not valid. `logo` is that of whoever ordered it.
    """

    form: Form
    code: str = Field(pattern=r"^[A-Z0-9-]{4,40}$")
    check_at: str
    development: bool
    logo: Logo | None = None


class Drawn(Contract):
    """A picture that lies at `file`."""

    file: str
    width: int
    height: int


Draw = Callable[[Picture, bool], Drawn | None]
"""Makes a picture of what is meant, a large one for a finding; none where the photo is gone."""

Lay = Callable[[bytes], str]
"""Puts a drawing where the template finds it, and says where that is."""


@cache
def labels(language: ReportLanguage) -> Mapping[str, str]:
    """What the paper says beside the report."""
    said: dict[str, str] = json.loads((_MESSAGES / f"{language}.arb").read_text(encoding="utf-8"))
    return {key: words for key, words in said.items() if not key.startswith("@")}


def laid_out(report: Presented | Short, paper: Paper, *, draw: Draw, lay: Lay) -> dict[str, Any]:
    """The data of the template."""
    says = labels(report.language)
    made = report.made_at.astimezone(UTC)
    data = _plain(report.model_dump(mode="json"))
    if isinstance(report, Presented):
        for section, shown in zip(report.sections, data["sections"], strict=True):
            for block, its in zip(section.blocks, shown["blocks"], strict=True):
                _illustrate(block, its, draw, lay)
            shown["blocks"] = _side_by_side(shown["blocks"])
    return {
        "report": data,
        "form": paper.form,
        "development": paper.development,
        "labels": says,
        "page_line": data["labels"]["page"] if isinstance(report, Presented) else "{page} / {pages}",
        "code": paper.code,
        "code_line": says["code"].format(code=paper.code),
        "check_at": paper.check_at,
        "made": {name: getattr(made, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "qr": lay(drawing.code(paper.check_at)),
        "logo": paper.logo and paper.logo.model_dump() | {"name": settable(paper.logo.name)},
    }


def _illustrate(block: Contract, data: dict[str, Any], draw: Draw, lay: Lay) -> None:
    if isinstance(block, MileageGraph):
        data["file"] = lay(drawing.mileages(block.points, block.falls))
    if (pictures := getattr(block, "pictures", None)) is not None:
        is_large = data["type"] == "finding"
        for one, shown in zip(pictures, data["pictures"], strict=True):
            drawn = draw(one, is_large)
            shown.update(drawn.model_dump() if drawn else {"file": None})


def _side_by_side(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups of pictures that follow each other fill rows together; each picture says of which group it is."""
    filled: list[dict[str, Any]] = []
    for block in blocks:
        if block["type"] != "pictures":
            filled.append(block)
            continue
        pictures = [one | {"title": block["title"]} for one in block["pictures"]]
        if filled and filled[-1]["type"] == "pictures":
            filled[-1]["pictures"] += pictures
        else:
            filled.append(block | {"pictures": pictures})
    return filled


def _plain(value: Any) -> Any:
    """The value with all words settable; of what somebody wrote it says in which direction it is read."""
    if isinstance(value, str):
        return settable(value)
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        of = cast("dict[str, Any]", value)
        plain = {key: _plain(one) for key, one in of.items()}
        return plain | {"rtl": is_right_to_left(of["words"])} if "words" in of else plain
    return value
