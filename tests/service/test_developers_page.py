"""/developers: for anybody, in the reader's language, and safe to show beside people's sessions."""

import httpx
import pytest


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
