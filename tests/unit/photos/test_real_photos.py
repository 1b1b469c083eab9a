"""Real photos, mostly by phones, that lie beside the repository where it is developed."""

from pathlib import Path

import pytest
from PIL import Image

from cabinet_service.photos.intake import MediaType, examine
from cabinet_service.photos.preview import make_preview

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "photos"
PHOTOS = sorted(FOLDER.glob("*.jpg"))


@pytest.mark.skipif(not PHOTOS, reason="no real photos beside this checkout")
def test_every_real_photo_is_taken_and_previewed_without_its_location(tmp_path: Path) -> None:
    with_location = 0
    for photo in PHOTOS:
        facts = examine(photo)
        assert facts.media_type is MediaType.JPEG
        with_location += facts.has_location
        target = tmp_path / photo.name
        preview = make_preview(photo, target)
        with Image.open(target) as image:
            assert image.size == (preview.width, preview.height)
            assert not image.getexif()
    assert with_location > 0
