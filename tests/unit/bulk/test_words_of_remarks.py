"""Whatever is remarked on of a row has words in both languages, where a person reads it."""

import ast
import json
import re
from pathlib import Path
from typing import Final

import pytest

from cabinet_service import bulk
from deploy import web
from shared_schemas import identifiers

SECTION: Final = "bulk/remarks."
READERS: Final = [
    *Path(identifiers.__file__).parent.glob("*.py"),
    *(Path(bulk.__file__).with_name(name) for name in ("cells.py", "rows.py", "judging.py", "making.py")),
]
A_CODE: Final = re.compile(r"(identifier|vin|frame|plate|cell|row|value|year|mileage)_[a-z]+(_[a-z]+)*")
OTHER_NAMES: Final = {"identifier_kind", "mileage_km", "vin_facts"}
"""What is called alike and is none."""


def codes() -> set[str]:
    """Every code that the readers of rows and of numbers tell, as they stand in the source."""
    nodes = (node for path in READERS for node in ast.walk(ast.parse(path.read_text())))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if A_CODE.fullmatch(text)} - OTHER_NAMES


@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_remark_has_words(language: str) -> None:
    texts = json.loads((web.CLIENT / "messages" / f"{language}.arb").read_text())
    said = {key.removeprefix(SECTION) for key in texts if key.startswith(SECTION)}
    assert codes() ^ said == {"other_error", "other_info"}
