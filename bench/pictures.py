"""Photos to send."""

from functools import cache

from PIL import Image

from deploy.demo.photos import as_phone_jpeg


def small() -> bytes:
    """Enough to be accepted."""
    return as_phone_jpeg(Image.new("RGB", (320, 240)))


@cache
def of_345_kb(number: int) -> bytes:
    """A photo as a messenger would pass it on: 1600 x 1200, about 345 KB. Each number has its own."""
    noise = Image.effect_noise((1600, 1200), 15).convert("RGB")
    noise.putpixel((number, 0), (255, 0, 0))
    return as_phone_jpeg(noise, quality=88)
