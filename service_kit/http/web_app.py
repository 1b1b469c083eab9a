"""Serves a built web app beside the API: its files as they are, and its page for every address of a screen.

What is neither is not there. Whoever opens it in a browser gets the app's page all the same, with a 404: it says
so in words, and leads on. Programs get the problem.

A file whose name holds a digest of its content (`assets/`) is kept by browsers for ever; everything else is asked
for again each time. The build leaves a `.br` and a `.gz` beside what they make smaller.
"""

import base64
import hashlib
import mimetypes
import os
import re
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

PAGE: Final = "index.html"
NOT_FOR_SEARCH: Final = "noindex, nofollow, noarchive"
FOR_EVER: Final = "public, max-age=31536000, immutable"
_PACKED: Final = (("br", ".br"), ("gzip", ".gz"))
_INLINE: Final = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)
_POLICY: Final = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; img-src 'self' blob: data:{images}; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
mimetypes.add_type("application/manifest+json", ".webmanifest")


def install(
    app: FastAPI,
    folder: Path,
    *,
    screens: Sequence[str],
    not_pages: tuple[str, ...],
    unindexed: Sequence[str] = (),
    images_from: str = "",
) -> None:
    """Serve the app in `folder` at what is no route of ours.

    `screens` are the addresses of its screens, such as `/drafts/:id`; `unindexed` those of them that no search
    engine may know; `not_pages` begin addresses at which only programs ask. `images_from` is an address besides
    our own from which it shows images. Where no app was built only the API answers.
    """
    if (folder / PAGE).exists():
        app.router.default = WebApp(
            folder, screens=screens, not_pages=not_pages, unindexed=unindexed, images_from=images_from
        )


class WebApp(StaticFiles):
    """The files of one built app."""

    def __init__(
        self,
        folder: Path,
        *,
        screens: Sequence[str],
        not_pages: tuple[str, ...],
        unindexed: Sequence[str] = (),
        images_from: str = "",
    ) -> None:
        super().__init__(directory=folder)
        self._screens = re.compile("|".join(map(_pattern, screens)))
        self._unindexed = re.compile("|".join(map(_pattern, unindexed)) or "(?!)")
        self._not_pages = not_pages
        self._headers = {
            "content-security-policy": policy((folder / PAGE).read_text(encoding="utf-8"), images_from),
            # The guided camera takes photos; nobody else may.
            "permissions-policy": "camera=(self), geolocation=(), microphone=()",
            "referrer-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._not_pages):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        # A file goes out whole: a range, and above all a malformed one, is ignored (RFC 9110, section 14.2).
        headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
        await super().__call__({**scope, "headers": headers}, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if self._screens.fullmatch(scope["path"]):
            return await self._page(scope)
        try:
            response = await self._packed(path, scope)
        except HTTPException as error:
            if error.status_code != HTTPStatus.NOT_FOUND or not _is_opened(scope):
                raise
            response = await self._page(scope)
            response.status_code = HTTPStatus.NOT_FOUND
            return response
        response.headers.update(self._headers)
        response.headers["cache-control"] = FOR_EVER if path.startswith("assets" + os.sep) else "no-cache"
        return response

    async def _page(self, scope: Scope) -> Response:
        response = await self._packed(PAGE, scope)
        response.headers.update(self._headers)
        response.headers["cache-control"] = "no-cache"
        if self._unindexed.fullmatch(scope["path"]):
            response.headers["x-robots-tag"] = NOT_FOR_SEARCH
        return response

    async def _packed(self, name: str, scope: Scope) -> Response:
        """The file, as small as whoever asks can take it."""
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, suffix in _PACKED:
            if encoding in accepted and self.lookup_path(name + suffix)[1] is not None:
                response = await super().get_response(name + suffix, scope)
                response.headers["content-encoding"] = encoding
                media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
                is_text = media_type.startswith("text/")
                response.headers["content-type"] = f"{media_type}; charset=utf-8" if is_text else media_type
                break
        else:
            response = await super().get_response(name, scope)
        response.headers["vary"] = "accept-encoding"
        return response


def _pattern(screen: str) -> str:
    """The addresses of a screen, as the router of the app reads them: with a slash at the end or without."""
    parts = (part for part in screen.split("/") if part)
    return "".join("/[^/]+" if part.startswith(":") else f"/{re.escape(part)}" for part in parts) + "/?"


def _is_opened(scope: Scope) -> bool:
    """Whether somebody opens the address in a browser, rather than a script or a program asking for it."""
    headers = Headers(scope=scope)
    return headers.get("sec-fetch-mode", "navigate") == "navigate" and "text/html" in headers.get(
        "accept", ""
    )


def policy(page: str, images_from: str = "") -> str:
    """The Content-Security-Policy of a page: its own files, what stands in it, by digest, and such images."""
    inline = {"style": "", "script": "", "images": f" {images_from}" if images_from else ""}
    for kind, text in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        inline[kind] += f" 'sha256-{digest}'"
    return _POLICY.format_map(inline)
