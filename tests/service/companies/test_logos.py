"""The logo of a company: drawn anew of whatever was sent, given and taken away by whoever runs it."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.models import AuditEntry
from cabinet_service.companies.logos.limits import HIGHEST, MOST_FILE_BYTES, WIDEST
from cabinet_service.companies.logos.models import CompanyLogo
from tests.factories import photos
from tests.service.companies.conftest import Firm
from tests.service.inspections.conftest import Json, Person

RED = (200, 30, 30)


def a_logo(size: tuple[int, int] = (1300, 400)) -> bytes:
    """Red on nothing, with what a program of its designer wrote beside it."""
    drawn = Image.new("RGBA", size, (0, 0, 0, 0))
    drawn.paste((*RED, 255), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x010E] = "secret draft"
    return photos.encoded(drawn, "PNG", exif=exif)


async def given(person: Person, firm: Firm, file: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/octet-stream"}
    return await person.send("PUT", f"{firm.path}/logo", content=file, headers=headers)


async def logo_of(firm: Firm) -> Json | None:
    return (await firm.boss.get(firm.path)).json()["logo"]


async def test_it_is_drawn_anew_on_white_and_shown_with_the_name_of_the_company(firm: Firm) -> None:
    assert await logo_of(firm) is None
    answer = await given(firm.boss, firm, a_logo())
    assert answer.status_code == 200, answer.text
    logo: Json = answer.json()
    assert logo == await logo_of(firm)
    assert logo["alt"] == "Motors"
    kind, _, content = logo["src"].partition(",")
    png = b64decode(content)
    assert kind == "data:image/png;base64"
    assert b"secret" not in png
    picture = Image.open(BytesIO(png)).convert("RGB")
    assert picture.size == (logo["width"], logo["height"]) == (520, HIGHEST)
    assert picture.getpixel((5, 5)) == (255, 255, 255)
    middle: Any = picture.getpixel((520 * 3 // 8, HIGHEST * 3 // 8))
    assert all(abs(one - other) < 12 for one, other in zip(middle, RED, strict=True))


@pytest.mark.parametrize("file", [photos.jpeg(2000, 100), photos.webp(2000, 100)], ids=["jpeg", "webp"])
async def test_other_kinds_of_pictures_fit_the_place_too(firm: Firm, file: bytes) -> None:
    logo = (await given(firm.boss, firm, file)).json()
    assert (logo["width"], logo["height"]) == (WIDEST, 32)


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        (b"", 422, "logo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "logo_type_unknown"),
        (photos.heic(100, 100), 415, "logo_type_unknown"),
        (photos.png(20, 20), 422, "logo_too_small"),
        (photos.png(4001, 40), 422, "logo_too_large"),
        (photos.bomb_png(), 422, "logo_too_large"),
        (photos.truncated_jpeg(), 422, "logo_unreadable"),
        (photos.jpeg() + b"MZ\x90", 422, "logo_unreadable"),
        (photos.png()[:60] + bytes(200), 422, "logo_unreadable"),
        (bytes(MOST_FILE_BYTES + 1), 413, "body_too_large"),
    ],
    ids=["empty", "svg", "heic", "small", "large", "bomb", "truncated", "polyglot", "damaged", "heavy"],
)
async def test_what_is_no_logo_is_refused_in_words_and_changes_nothing(
    firm: Firm, file: bytes, status: int, code: str
) -> None:
    kept = (await given(firm.boss, firm, a_logo())).json()
    answer = await given(firm.boss, firm, file)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "{" not in answer.json()["detail"]
    assert await logo_of(firm) == kept


async def test_only_whoever_runs_the_company_gives_or_takes_it(
    firm: Firm, client: Person, stranger: Person
) -> None:
    await firm.join(client)
    for person, status in ((client, 403), (stranger, 404)):
        assert (await given(person, firm, a_logo())).status_code == status
        assert (await person.delete(f"{firm.path}/logo")).status_code == status
    await given(firm.boss, firm, a_logo())
    assert (await client.get(firm.path)).json()["logo"] is not None


async def test_it_is_replaced_and_taken_away_and_the_log_says_so(firm: Firm, cabinet_ports: ApiPorts) -> None:
    first = (await given(firm.boss, firm, a_logo())).json()
    second = (await given(firm.boss, firm, photos.png(100, 100))).json()
    assert first != second == await logo_of(firm)
    for _ in range(2):
        assert (await firm.boss.delete(f"{firm.path}/logo")).status_code == 204
    assert await logo_of(firm) is None
    async with cabinet_ports.backbone.database.reading() as session:
        log = select(AuditEntry.act).where(AuditEntry.act.startswith("company_logo"))
        acts = (await session.scalars(log.order_by(AuditEntry.position))).all()
    assert acts == ["company_logo_put", "company_logo_put", "company_logo_removed"]


async def test_it_goes_with_whoever_was_left(firm: Firm, cabinet_ports: ApiPorts) -> None:
    await given(firm.boss, firm, a_logo())
    assert (await firm.boss.post("/me/erasure")).status_code == 202
    async with cabinet_ports.backbone.database.reading() as session:
        assert (await session.scalars(select(CompanyLogo))).all() == []
