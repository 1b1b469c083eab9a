"""A push service of one browser, over HTTP, and the browser, which reads what comes."""

import base64
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece  # pyright: ignore[reportMissingTypeStubs] - it has none
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deploy.demo.people import Json


class PushService:
    """The push service of one browser, and the browser, which alone can read what comes."""

    def __init__(self) -> None:
        self.answer = HTTPStatus.CREATED
        self.bodies: list[bytes] = []
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(service.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
                """Nobody reads it."""

        return Handler

    @contextmanager
    def running(self) -> Generator["PushService"]:
        thread = Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    @property
    def subscription(self) -> Json:
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"http://127.0.0.1:{self._server.server_port}/one",
            "p256dh": _text(point),
            "auth": _text(self._auth),
            "device": "Chrome, Android",
        }

    def read(self) -> list[Json]:
        untyped: Any = http_ece
        return [
            json.loads(
                untyped.decrypt(body, private_key=self._private, auth_secret=self._auth, version="aes128gcm")
            )
            for body in self.bodies
        ]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
