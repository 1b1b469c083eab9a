"""A preview of a 12 MP photo against Pillow's bare `draft` + thumbnail + save. Goal: at most 1.3 times."""

import io
import tempfile
from pathlib import Path

from PIL import Image

from bench.harness import Figure, compare
from cabinet_service.photos.preview import make_preview


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        original, target = Path(folder) / "original.jpg", Path(folder) / "preview.jpg"
        # Weak noise: about the 3 MB that such a photo has.
        Image.effect_noise((4032, 3024), 12).convert("RGB").save(original, "JPEG", quality=88)

        def bare() -> None:
            with Image.open(original) as image:
                image.draft("RGB", (1600, 1600))
                image.thumbnail((1600, 1600))
                image.save(io.BytesIO(), "JPEG", quality=82, progressive=True)

        figure = compare(
            "preview of a 12 MP JPEG",
            baseline=bare,
            product=lambda: make_preview(original, target),
            at_most=1.3,
        )
        return [figure]
