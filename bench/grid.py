"""The grid over a number: whether values depend on who laid it, on a real stamping beside the checkout."""

import json
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from PIL import Image

from bench.harness import Figure
from deploy.embedded.stack import CHECKOUT
from deploy.web import run as run_script

WEB: Final = CHECKOUT / "bpa_service" / "web"
STAMPED: Final = CHECKOUT.parent / "shared" / "photos" / "vin-stamped-SAL1A2A40SA606662.jpg"
TEXT: Final = "SAL1A2A40SA606662"
PART: Final = (0.0548, 0.345, 0.9352, 0.63)
"""What is cut out of the photo, left, top, right and bottom as shares."""
BOX: Final = (0.14, 0.43, 0.85, 0.555)
"""Around the number without its stars: the proposed grid fits each character there."""
WIDTH: Final = 1475


def run() -> list[Figure]:
    if not STAMPED.exists():
        return []
    hands = figures_by_hand()
    pairs = [
        (one[at][which], other[at][which])
        for one, other in combinations(hands, 2)
        for at in range(len(TEXT))
        for which in ("baseline", "height")
    ]
    held = [(one, other) for one, other in pairs if one["held"] and other["held"]]
    apart = [
        pair for pair in held if abs(pair[0]["off"] - pair[1]["off"]) > pair[0]["spread"] + pair[1]["spread"]
    ]
    all_held = [
        one[at][which] for one in hands for at in range(len(TEXT)) for which in ("baseline", "height")
    ]
    return [
        Figure(
            name=f"values that two of three hands tell apart by more than their spread (of {len(held)} pairs)",
            unit="pairs",
            product=len(apart),
            at_most=0,
        ),
        Figure(
            name=f"values that can be measured (of {len(all_held)})",
            unit="values",
            product=sum(figure["held"] for figure in all_held),
        ),
        Figure(
            name="the largest value that a genuine number shows",
            unit="of the height",
            product=max(abs(figure["off"]) for figure in all_held if figure["held"]),
        ),
    ]


def figures_by_hand() -> list[list[dict[str, Any]]]:
    """The figures of each character, under the grids of three hands."""
    photo = Image.open(STAMPED).convert("L")
    left, top = PART[0] * photo.width, PART[1] * photo.height
    part = photo.crop((round(left), round(top), round(PART[2] * photo.width), round(PART[3] * photo.height)))
    scale = WIDTH / part.width
    part = part.resize((WIDTH, round(part.height * scale)), Image.Resampling.LANCZOS)
    box = {
        "x": (BOX[0] * photo.width - left) * scale,
        "y": (BOX[1] * photo.height - top) * scale,
        "width": (BOX[2] - BOX[0]) * photo.width * scale,
        "height": (BOX[3] - BOX[1]) * photo.height * scale,
    }
    with tempfile.TemporaryDirectory() as folder:
        path, asked, answered = (Path(folder) / name for name in ("pixels", "asked.json", "answered.json"))
        path.write_bytes(part.tobytes())
        size = {"width": part.width, "height": part.height}
        asked.write_text(json.dumps({"path": str(path), **size, "box": box, "text": TEXT}))
        run_script(WEB, "grid", str(asked), str(answered))
        return json.loads(answered.read_text())["figures"]
