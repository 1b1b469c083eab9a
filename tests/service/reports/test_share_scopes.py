"""What a link leaves out is not in what it shows: neither in the report nor among the photos."""

import io
from typing import Any
from uuid import uuid4

from PIL import Image

from cabinet_service.api_ports import ApiPorts
from tests.factories.photos import with_exif
from tests.service.inspections.conftest import Bpa, Case, Person
from tests.service.reports.conftest import HISTORY, Answered, NewGuest


async def test_a_link_shows_its_scope_and_nothing_else(
    answered: Answered, guest: NewGuest, work: Any
) -> None:
    await work()
    evidence_id = answered.case.evidence_id
    for photos in (True, False):
        for history in (True, False):
            one = guest(await answered.share(scope={"photos": photos, "history": history}))
            for amended in (False, True):
                if amended:
                    await answered.amend()
                told = await one.ask()
                assert told.status_code == 200, told.text
                assert told.json()["presented"]["scope"] == {"photos": photos, "history": history}
                assert (str(evidence_id) in told.text) is photos
                assert (HISTORY in told.text) is history
                assert "Цифры неровные" in told.text
            picture = await one.photo(evidence_id)
            assert picture.status_code == (200 if photos else 404)


async def test_a_photo_that_the_report_does_not_show_is_not_given_out(
    answered: Answered, guest: NewGuest, client: Person, photo: Any, work: Any
) -> None:
    """One that came later, and one of another inspection of the same client."""
    later = await client.send_file(str(answered.case.id), photo())
    draft = await client.start()
    other = await client.send_file(draft["id"], photo())
    await work()
    one = guest(await answered.share())
    # Nothing was shown yet, so nothing is given out.
    assert (await one.photo(answered.case.evidence_id)).status_code == 404
    await one.read()
    assert (await one.photo(answered.case.evidence_id)).status_code == 200
    for evidence_id in (later.json()["id"], other.json()["id"], uuid4()):
        assert (await one.photo(evidence_id)).status_code == 404
    assert (await one.photo("original")).status_code == 422


async def test_a_photo_is_a_small_copy_that_says_nothing_of_where_it_was_taken(
    cabinet_ports: ApiPorts, bpa: Bpa, client: Person, guest: NewGuest, work: Any
) -> None:
    draft = await client.start()
    sent = await client.send_file(draft["id"], with_exif())
    assert sent.json()["has_location"] is True
    inspection = (await client.post(f"/inspections/{draft['id']}/submit")).json()
    case = Case(bpa, inspection)
    await case.queue()
    await case.claim()
    answered = Answered(cabinet_ports, bpa, case, client)
    await answered.amend()
    await work()
    one = guest(await answered.share())
    await one.read()
    picture = await one.photo(case.evidence_id)
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["content-disposition"].startswith("inline")
    assert "noindex" in picture.headers["x-robots-tag"]
    image = Image.open(io.BytesIO(picture.content))
    assert not dict(image.getexif())
    assert not {"exif", "xmp", "comment", "icc_profile"} & image.info.keys()
    # The browser of a stranger, which others may use after them, keeps nothing of it.
    assert picture.headers["cache-control"] == "private, no-store"
    assert "etag" not in picture.headers
