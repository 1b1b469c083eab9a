"""Barcodes as makers' stickers carry them."""

from typing import Any

import numpy as np
import zxingcpp
from PIL import Image


def sticker(content: str, form: zxingcpp.BarcodeFormat) -> Image.Image:
    """A white sticker on a grey pillar with nothing but the code on it."""
    untyped: Any = zxingcpp
    code = untyped.create_barcode(content, form).to_image(scale=3)
    bars = Image.fromarray(np.asarray(code)).convert("L")
    pillar = Image.new("RGB", (1280, 960), (120, 124, 128))
    pillar.paste(bars, ((1280 - bars.width) // 2, (960 - bars.height) // 2))
    return pillar
