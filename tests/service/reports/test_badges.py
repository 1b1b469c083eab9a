"""Badges for adverts: what they say, when they say nothing, and who makes and ends them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from sqlalchemy import select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.inspections.answers.models import Decision
from cabinet_service.reports.badges.models import ReportBadge
from cabinet_service.settings import Settings
from service_kit.db import database_now
from service_kit.link_tokens import hash_of
from shared_schemas.words import Verdict
from tests.service.inspections.conftest import VIN, Company, Person
from tests.service.reports.conftest import ADVERT, WORRY, Answered, AnsweredFor, Json
from tests.support.api import running
from tests.support.limits import UNLIMITED

CLEAN_RU = "Признаков изменения маркировки на снимках не видно"
CLEAN_EN = "No signs of altered markings are seen on the photos"
OVER_RU, OVER_EN = "Сейчас этот значок недействителен", "This badge is not valid now"


@pytest.fixture
async def clean(answered: Answered) -> Answered:
    """The client's inspection; its newest answer is that all is well."""
    answered.verdict = Verdict.CLEAN
    await answered.amend()
    return answered


def path_of(answered: Answered) -> str:
    return f"{answered.case.path}/badge"


async def put(answered: Answered, by: Person | None = None) -> httpx.Response:
    return await (by or answered.owner).send("PUT", path_of(answered))


async def made(answered: Answered) -> Json:
    answer = await put(answered)
    assert answer.status_code == 200, answer.text
    return answer.json()["badge"]


class Advert:
    """A page of somebody else's, into which a badge was pasted."""

    def __init__(self, api: httpx.AsyncClient, badge: Json) -> None:
        self._api = api
        pasted: list[Json] = badge["paste"]
        self.pictures: dict[str, str] = {one["language"]: one["picture"] for one in pasted}
        self.html: dict[str, str] = {one["language"]: one["html"] for one in pasted}
        self.token = urlsplit(self.pictures["ru"]).path.split("/")[4]

    async def fetch(self, language: str = "ru", **headers: str) -> httpx.Response:
        address = urlsplit(self.pictures[language])
        return await self._api.get(f"{address.path}?{address.query}", headers=headers)

    async def says(self, language: str = "ru") -> str:
        answer = await self.fetch(language)
        assert answer.status_code == 200, answer.text
        title = ET.fromstring(answer.text).findtext("{http://www.w3.org/2000/svg}title")
        assert title is not None
        return title

    async def leads_to(self) -> str:
        answer = await self._api.get(f"/api/v1/badges/{self.token}/verify")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


NewAdvert = Callable[[Json], Advert]


@pytest.fixture
def advert(cabinet_api: httpx.AsyncClient) -> NewAdvert:
    return lambda badge: Advert(cabinet_api, badge)


async def test_a_badge_says_what_the_answer_is_of_which_day_and_car(
    clean: Answered, advert: NewAdvert
) -> None:
    assert (await clean.owner.get(path_of(clean))).json() == {"may_be_made": True, "badge": None}
    page = advert(await made(clean))
    said = await page.says("ru")
    assert said.startswith(
        "Автодетектив. Консультационное заключение специалиста по фотографиям. " + CLEAN_RU
    )
    assert f"VIN …{VIN[-4:]}" in said
    assert CLEAN_EN in await page.says("en")
    [_, newest] = (await clean.owner.get(f"{clean.case.path}/reports")).json()
    assert said.endswith(f"127.0.0.1/verify/{newest['code']}")
    assert await page.leads_to() == f"http://127.0.0.1/verify/{newest['code']}"
    shown = (await clean.owner.get(path_of(clean))).json()["badge"]
    assert (shown["is_shown"], shown["paste"][0]["picture"]) == (True, page.pictures["ru"])


async def test_its_day_is_the_one_on_which_the_car_was_looked_at(clean: Answered, advert: NewAdvert) -> None:
    """However often the answer is amended after that."""
    looked_at = datetime(2026, 3, 8, 9, tzinfo=UTC)
    async with clean.ports.backbone.database.writing() as session:
        first = (Decision.inspection_id == clean.case.id, Decision.version == 1)
        await session.execute(update(Decision).where(*first).values(decided_at=looked_at))
    page = advert(await made(clean))
    assert "Checked on 8 March 2026 ·" in await page.says("en")
    await clean.amend()
    assert "Проверено 8 марта 2026" in await page.says("ru")


async def test_nothing_else_of_the_car_or_of_people_is_in_it(clean: Answered, advert: NewAdvert) -> None:
    picture = (await advert(await made(clean)).fetch()).text
    expert = "Анна Сергеевна"
    for private in (VIN, VIN[:-4], WORRY, ADVERT, expert, str(clean.case.id), str(clean.owner.account_id)):
        assert private not in picture


async def test_pages_of_others_may_show_it_and_it_can_do_nothing_there(
    clean: Answered, advert: NewAdvert
) -> None:
    answer = await advert(await made(clean)).fetch(Origin="https://adverts.example", Referer=ADVERT)
    headers = answer.headers
    assert headers["content-type"].startswith("image/svg+xml")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in headers
    names = {one.tag.rpartition("}")[2] for one in ET.fromstring(answer.text).iter()}
    assert names == {"svg", "title", "rect", "g", "path", "text"}
    assert not {"href", "style", "onload"} & {
        key for one in ET.fromstring(answer.text).iter() for key in one.attrib
    }


async def test_whoever_has_the_picture_is_told_so(clean: Answered, advert: NewAdvert) -> None:
    page = advert(await made(clean))
    etag = (await page.fetch()).headers["etag"]
    again = await page.fetch(**{"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await page.fetch("en", **{"If-None-Match": etag})).status_code == 200
    assert (await clean.owner.delete(path_of(clean))).status_code == 204
    assert (await page.fetch(**{"If-None-Match": etag})).status_code == 200


async def test_what_is_pasted_is_html_without_a_word_that_may_become_untrue(
    clean: Answered, advert: NewAdvert
) -> None:
    page = advert(await made(clean))
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    Reader().feed(page.html["ru"])
    [(link, of_link), (picture, of_picture)] = seen
    assert (link, picture) == ("a", "img")
    assert of_link["href"] == f"http://127.0.0.1/api/v1/badges/{page.token}/verify"
    assert of_picture["src"] == page.pictures["ru"]
    assert of_picture["referrerpolicy"] == "no-referrer"
    assert CLEAN_RU not in page.html["ru"]


async def end(answered: Answered) -> None:
    assert (await answered.owner.delete(path_of(answered))).status_code == 204


async def expire(answered: Answered) -> None:
    async with answered.ports.backbone.database.writing() as session:
        await session.execute(update(ReportBadge).values(expires_at=await database_now(session)))


async def dispute(answered: Answered) -> None:
    answer = await answered.owner.post(f"{answered.case.path}/disputes", {"reason": "Look again"})
    assert answer.status_code == 201, answer.text


async def doubt(answered: Answered) -> None:
    answered.verdict = Verdict.DOUBTS
    await answered.amend()


async def accuse(answered: Answered) -> None:
    answered.verdict = Verdict.FORGERY_SIGNS
    await answered.amend()


async def amend_without_a_report_yet(answered: Answered) -> None:
    await answered.decide()


async def erase(answered: Answered) -> None:
    answer = await answered.owner.post("/me/erasure")
    assert answer.status_code < 300, answer.text


@pytest.mark.parametrize(
    "happens",
    [end, expire, dispute, doubt, accuse, amend_without_a_report_yet, erase],
    ids=lambda it: it.__name__,
)
async def test_it_is_neutral_as_soon_as_what_it_said_may_not_hold(
    clean: Answered, advert: NewAdvert, happens: Callable[[Answered], Awaitable[None]]
) -> None:
    page = advert(await made(clean))
    before = (await page.fetch()).headers["etag"]
    await happens(clean)
    after = await page.fetch()
    assert (after.status_code, after.headers["cache-control"]) == (200, "public, max-age=60")
    assert after.headers["etag"] != before
    for language, over, clean_words in (("ru", OVER_RU, CLEAN_RU), ("en", OVER_EN, CLEAN_EN)):
        said = await page.says(language)
        assert over in said
        assert clean_words not in said
        assert VIN[-4:] not in said
    assert await page.leads_to() == "http://127.0.0.1/verify"


async def test_an_amendment_shows_the_newest_answer_under_the_same_address(
    clean: Answered, advert: NewAdvert
) -> None:
    page = advert(await made(clean))
    code = (await page.leads_to()).rpartition("/")[2]
    await doubt(clean)
    assert OVER_RU in await page.says()
    clean.verdict = Verdict.CLEAN
    await clean.amend()
    assert CLEAN_RU in await page.says()
    assert code not in await page.leads_to()


@pytest.mark.parametrize(
    "verdict", [Verdict.DOUBTS, Verdict.FORGERY_SIGNS, Verdict.INSUFFICIENT_DATA], ids=str
)
async def test_an_answer_that_could_harm_a_car_makes_no_badge(answered: Answered, verdict: Verdict) -> None:
    answered.verdict = verdict
    await answered.amend()
    assert (await answered.owner.get(path_of(answered))).json() == {"may_be_made": False, "badge": None}
    refused = await put(answered)
    assert (refused.status_code, refused.json()["code"]) == (409, "badge_not_possible")


async def test_what_is_not_answered_or_is_disputed_makes_none(
    client: Person, submitted: Any, clean: Answered
) -> None:
    for one in (await client.start(), await submitted()):
        refused = await client.send("PUT", f"/inspections/{one['id']}/badge")
        assert (refused.status_code, refused.json()["code"]) == (409, "badge_not_possible")
    await dispute(clean)
    assert (await put(clean)).json()["code"] == "badge_not_possible"


async def test_made_again_it_is_the_same_for_as_long_again_and_another_once_it_was_ended(
    clean: Answered, cabinet_ports: ApiPorts, advert: NewAdvert
) -> None:
    first = await made(clean)
    await expire(clean)
    assert (await clean.owner.get(path_of(clean))).json()["badge"]["is_shown"] is False
    again = await made(clean)
    assert again["paste"] == first["paste"]
    assert again["expires_at"] >= first["expires_at"]
    await end(clean)
    await end(clean)
    assert (await clean.owner.get(path_of(clean))).json()["badge"] is None
    other = await made(clean)
    assert advert(other).token != advert(first).token
    assert OVER_RU in await advert(first).says()
    assert CLEAN_RU in await advert(other).says()
    log = cabinet_ports.backbone.audit_log
    async with cabinet_ports.backbone.database.reading() as session:
        rows = (await session.scalars(select(log).order_by(log.position))).all()
    acts = [row.act for row in rows if row.subject_id == clean.case.id and row.act.startswith("badge")]
    assert acts == ["badge_made", "badge_prolonged", "badge_revoked", "badge_made"]


async def test_the_address_is_stored_nowhere(
    clean: Answered, cabinet_ports: ApiPorts, advert: NewAdvert
) -> None:
    token = advert(await made(clean)).token
    assert len(token) == 32
    async with cabinet_ports.backbone.database.reading() as session:
        for (table,) in await session.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            rows = await session.fetch(f'SELECT t::text FROM "{table}" t')
            assert not [row for row in rows if token in row[0]], table


async def test_once_its_key_is_gone_it_works_on_and_is_given_out_no_more(
    clean: Answered, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient
) -> None:
    await made(clean)
    of_another_key = "A" * 32
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(ReportBadge).values(token_sha256=hash_of(of_another_key)))
    assert CLEAN_RU in (await cabinet_api.get(f"/api/v1/badges/{of_another_key}/picture.svg")).text
    assert (await clean.owner.get(path_of(clean))).json()["badge"]["paste"] == []


async def test_an_address_that_is_near_is_no_badge(
    clean: Answered, cabinet_api: httpx.AsyncClient, advert: NewAdvert
) -> None:
    token = advert(await made(clean)).token
    for near in (token[:-1], token + "A", token.swapcase(), "0" * 32, str(uuid4())):
        for path in ("picture.svg", "verify"):
            answer = await cabinet_api.get(f"/api/v1/badges/{near}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    wrong = await cabinet_api.get(f"/api/v1/badges/{token}/picture.svg", params={"lang": "de"})
    assert wrong.status_code == 422


async def test_it_is_whoevers_the_inspection_is(
    clean: Answered, stranger: Person, company: Company, answered_for: AnsweredFor
) -> None:
    badge = await made(clean)
    for person in (stranger, company.admin, *company.agents):
        for method in ("GET", "PUT", "DELETE"):
            refused = await person.send(method, path_of(clean))
            assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert (await clean.owner.get(path_of(clean))).json()["badge"] == badge
    north, south = company.agents
    of_north = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
    ordered = await answered_for(north, **of_north)
    ordered.verdict = Verdict.CLEAN
    await ordered.amend()
    assert (await put(ordered, by=south)).status_code == 404
    assert (await put(ordered, by=company.admin)).status_code == 200
    assert (await ordered.owner.get(path_of(ordered))).json()["badge"]["is_shown"] is True


async def test_looks_from_one_address_are_counted(
    clean: Answered, advert: NewAdvert, cabinet_settings: Settings
) -> None:
    token = advert(await made(clean)).token
    limits = UNLIMITED | {"badge_looks_per_address": "2/hour"}
    for path in ("picture.svg", "verify"):
        async with running(create_app(cabinet_settings.model_copy(update=limits))) as api:
            for one in ("unknown", token):
                assert (await api.get(f"/api/v1/badges/{one}/{path}")).status_code != 429
            for one in ("unknown", token):
                assert (await api.get(f"/api/v1/badges/{one}/{path}")).status_code == 429
