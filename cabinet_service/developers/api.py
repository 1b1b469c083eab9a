"""/developers: what partners' developers read, in Russian and English, and the documents for their tools."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from service_kit.http.access import ANYBODY
from service_kit.http.problem_responses import language_of
from service_kit.http.problems import NotFound

PAGES: Final = Path(__file__).parent / "pages"
PATH: Final = "/developers"
_MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
}
_AT: Final = {
    "ru": "ru.html",
    "en": "en.html",
    "reference": "reference.html",
    "page.css": "page.css",
    "openapi.json": "openapi.json",
    "webhooks.json": "webhooks.json",
}
_SANDBOX: Final = {"ru": "sandbox.ru.html", "en": "sandbox.en.html"}
# Where the guide speaks of it, for whoever asks for one where there is none.
_TOLD_OF_AT: Final = {"ru": f"{PATH}/ru#{quote('песочница')}", "en": f"{PATH}/en#the-sandbox"}
_HEADERS: Final = {
    # No script runs here, and nothing comes from elsewhere.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-cache",
    "Referrer-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class _Page:
    """A file as it is sent, and packed, with the tag of its content."""

    content: bytes
    packed: bytes
    tag: str
    media_type: str

    @classmethod
    def of(cls, path: Path) -> "_Page":
        content = path.read_bytes()
        tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        return cls(content, gzip.compress(content, mtime=0), tag, _MEDIA_TYPES[path.suffix])

    def answer(self, request: Request) -> Response:
        headers = _HEADERS | {"ETag": self.tag, "Vary": "Accept-Encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, headers=headers, media_type=self.media_type)
        return Response(self.content, headers=headers, media_type=self.media_type)


def developers_routes(*, is_sandbox: bool, sandbox_url: str) -> APIRouter:
    """Everything is read once, when the application is built.

    `/sandbox`, and below it each language, is the same address everywhere: a sandbox says there that it is one,
    and what becomes of what; a live installation leads to its sandbox, or to what the guide says of sandboxes.
    """
    router = APIRouter(prefix=PATH, include_in_schema=False, dependencies=[ANYBODY])
    pages = {at: _Page.of(PAGES / name) for at, name in _AT.items()}
    sandbox = {language: _Page.of(PAGES / name) for language, name in _SANDBOX.items()}

    @router.get("")
    async def show_guide(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        return _in_language_of_reader(pages, request)

    @router.get("/sandbox")
    async def show_sandbox(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction] - the same
        if is_sandbox:
            return _in_language_of_reader(sandbox, request)
        return leading_there("/sandbox", language_of(request))

    @router.get("/sandbox/{language}")
    async def show_sandbox_in(language: str, request: Request) -> Response:  # pyright: ignore[reportUnusedFunction] - the same
        if language not in sandbox:
            raise NotFound
        if is_sandbox:
            return sandbox[language].answer(request)
        return leading_there(f"/sandbox/{language}", language)

    def leading_there(at: str, language: str) -> Response:
        there = f"{sandbox_url.rstrip('/')}{PATH}{at}" if sandbox_url else _TOLD_OF_AT[language]
        return Response(status_code=HTTPStatus.SEE_OTHER, headers=_HEADERS | {"Location": there})

    for at, page in pages.items():
        router.add_api_route(f"/{at}", page.answer)
    return router


def _in_language_of_reader(pages: Mapping[str, _Page], request: Request) -> Response:
    language = language_of(request)
    answer = pages[language].answer(request)
    answer.headers.update({"Content-Language": language, "Vary": "Accept-Encoding, Accept-Language"})
    return answer
