"""/developers: for anybody, in the reader's language, and safe to show beside people's sessions."""

from urllib.parse import unquote

import httpx
import pytest

from cabinet_service.developers.api import PAGES
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from tests.support.api import running


async def test_it_is_in_the_language_of_the_reader(cabinet_api: httpx.AsyncClient) -> None:
    for language, title in (("en-GB,en;q=0.9", "For partners' programs"), ("ru", "Программам партнёров")):
        answer = await cabinet_api.get("/developers", headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert f">{title}</h1>" in answer.text
        assert answer.headers["content-language"] == answer.text.partition('lang="')[2][:2]
        assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ru", "text/html; charset=utf-8"),
        ("en", "text/html; charset=utf-8"),
        ("reference", "text/html; charset=utf-8"),
        ("page.css", "text/css; charset=utf-8"),
        ("openapi.json", "application/json"),
        ("webhooks.json", "application/json"),
    ],
)
async def test_each_of_its_pages(cabinet_api: httpx.AsyncClient, name: str, kind: str) -> None:
    answer = await cabinet_api.get(f"/developers/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-encoding"] == "gzip"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script-src" not in policy
    same = await cabinet_api.get(f"/developers/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    plain = await cabinet_api.get(f"/developers/{name}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text


async def sandbox_of(
    settings: Settings, language: str, *, at: str = "/developers/sandbox", **changed: object
) -> httpx.Response:
    async with running(create_app(settings.model_copy(update=changed))) as api:
        return await api.get(at, headers={"Accept-Language": language})


async def test_a_sandbox_says_that_it_is_one_and_what_becomes_of_which_number(
    cabinet_settings: Settings,
) -> None:
    for language, here in (("en", "This is the sandbox"), ("ru", "Это песочница")):
        answer = await sandbox_of(cabinet_settings, language, sandbox=True)
        assert answer.status_code == 200
        assert here in answer.text
        assert "0ADFAKED6R0000001" in answer.text
        assert "<h2" not in answer.text  # its section, and no other
        assert answer.headers["content-language"] == language


async def test_a_live_installation_leads_to_its_sandbox_or_to_what_one_is(cabinet_settings: Settings) -> None:
    there = await sandbox_of(cabinet_settings, "en", sandbox_url="https://try.example/")
    assert (there.status_code, there.headers["location"]) == (303, "https://try.example/developers/sandbox")
    for language, anchor in (("en", "the-sandbox"), ("ru", "песочница")):
        told_of = await sandbox_of(cabinet_settings, language)
        page, _, found = unquote(told_of.headers["location"]).partition("#")
        assert (told_of.status_code, page, found) == (303, f"/developers/{language}", anchor)
        assert f'id="{anchor}"' in (PAGES / f"{language}.html").read_text(encoding="utf-8")


async def test_a_sandbox_is_read_in_the_other_language_as_well(cabinet_settings: Settings) -> None:
    there = "https://try.example"
    for language, here in (("en", "This is the sandbox"), ("ru", "Это песочница")):
        at, of_reader = f"/developers/sandbox/{language}", {"en": "ru", "ru": "en"}[language]
        answer = await sandbox_of(cabinet_settings, of_reader, at=at, sandbox=True)
        assert (answer.status_code, here in answer.text) == (200, True)
        for changed, location in (
            ({"sandbox_url": there}, f"{there}{at}"),
            ({}, f"/developers/{language}#"),
        ):
            leads = await sandbox_of(cabinet_settings, of_reader, at=at, **changed)
            assert leads.status_code == 303
            assert leads.headers["location"].startswith(location)
    assert (await sandbox_of(cabinet_settings, "en", at="/developers/sandbox/de")).status_code == 404
