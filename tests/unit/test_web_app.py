"""A built web app is served beside the API, and no address of the API ever answers with a page."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from bpa_service.entrypoints.app import SCREENS as BPA_SCREENS
from cabinet_service.entrypoints.app import SCREENS as CABINET_SCREENS
from service_kit.http import problem_responses, web_app

PAGE = "<html><head><style>body{margin:0}</style></head><body>app</body></html>"

SCREENS = ("/", "/help", "/inspections/:id", "/drafts/:id/camera/:shot", "/verify/:code")
OPENED = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "sw.js").write_text("// worker")
    (tmp_path / "assets" / "index-abc.js").write_text("console.log(1)")
    (tmp_path / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(b"console.log(1)"))
    (tmp_path.parent / "secret.txt").write_text("not for you")
    return tmp_path


@pytest.fixture
def browser(folder: Path) -> httpx.AsyncClient:
    app = FastAPI()
    router = APIRouter()

    @router.get("/api/v1/thing")
    async def thing() -> str:
        return "a thing"

    app.include_router(router)
    problem_responses.install(app)
    web_app.install(app, folder, screens=SCREENS, not_pages=("/api/",), unindexed=("/verify/:code",))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize("path", ["/", "/help", "/help/", "/inspections/7", "/drafts/1/camera/%D1%8F"])
async def test_every_address_of_a_screen_is_the_page(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["cache-control"] == "no-cache"
    assert "camera=(self)" in answer.headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/", "/sw.js"])
async def test_a_range_is_not_for_files_of_this_size(browser: httpx.AsyncClient, path: str) -> None:
    for asked in ("*", "bytes=0-1"):
        answer = await browser.get(path, headers={"range": asked})
        assert (answer.status_code, len(answer.text) > 5) == (200, True)


async def test_the_policy_lets_in_what_stands_in_the_page_and_nothing_else_inline(
    browser: httpx.AsyncClient,
) -> None:
    policy = (await browser.get("/")).headers["content-security-policy"]
    digest = base64.b64encode(hashlib.sha256(b"body{margin:0}").digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


async def test_files_with_a_digest_in_their_name_are_kept_for_ever(browser: httpx.AsyncClient) -> None:
    packed = await browser.get("/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"].startswith("text/javascript")
    assert packed.text == "console.log(1)"
    assert "immutable" in packed.headers["cache-control"]
    plain = await browser.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text


async def test_others_are_asked_for_again(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/sw.js")
    assert first.headers["cache-control"] == "no-cache"
    again = await browser.get("/sw.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/assets/missing.js",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/nope",
        "/.env",
        "/readyz/",
        "/inspections",
        "/inspections/7/8",
        "//help",
        "/assets",
        "/assets/",
    ],
)
async def test_what_is_not_there_is_a_problem(browser: httpx.AsyncClient, path: str) -> None:
    for headers in ({}, OPENED | {"Sec-Fetch-Mode": "cors"}):
        answer = await browser.get(f"http://test{path}", headers=headers)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("path", ["/nope", "/.env", "/readyz/", "/drafts/1/nothing", "/old.html"])
async def test_to_whoever_opens_it_the_app_says_that_it_is_not_there(
    browser: httpx.AsyncClient, path: str
) -> None:
    for headers in (OPENED, OPENED | {"Sec-Fetch-Mode": "navigate"}):
        answer = await browser.get(path, headers=headers)
        assert (answer.status_code, answer.text) == (404, PAGE)
        assert answer.headers["cache-control"] == "no-cache"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (await browser.get("/api/v1/nothing", headers=OPENED)).json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("service", "screens"), [("cabinet", CABINET_SCREENS), ("bpa", BPA_SCREENS)], ids=["cabinet", "bpa"]
)
def test_the_server_knows_the_screens_of_the_app(service: str, screens: tuple[str, ...]) -> None:
    source = Path(__file__).parents[2] / f"{service}_service" / "web" / "src"
    tables = [source / "App.svelte", *source.glob("more-pages.ts"), *source.glob("features/*/pages.ts")]
    routes = [
        route for table in tables for route in re.findall(r'\{ path: "(/[^"]*)"', table.read_text("utf-8"))
    ]
    # What is opened before the app is, by its address.
    alone = re.findall(r'location\.pathname === "(/[^"]+)"', (source / "main.ts").read_text("utf-8"))
    assert set(screens) == {"/", *routes, *alone}


@pytest.mark.parametrize(
    ("path", "said"), [("/verify/7K3M", True), ("/verify/7K3M/", True), ("/help", False)]
)
async def test_what_is_shown_to_whoever_has_the_address_is_not_for_search(
    browser: httpx.AsyncClient, path: str, *, said: bool
) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert ("noindex" in answer.headers.get("x-robots-tag", "")) is said


async def test_the_api_answers_as_before(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/api/v1/thing")).json() == "a thing"
    assert (await browser.post("/help")).status_code == 405


def test_the_policy_lets_images_in_from_one_more_place_where_it_is_named() -> None:
    assert "img-src 'self' blob: data:;" in web_app.policy(PAGE)
    assert "img-src 'self' blob: data: https://photos.example;" in web_app.policy(
        PAGE, "https://photos.example"
    )
