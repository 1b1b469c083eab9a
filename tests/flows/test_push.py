"""A question reaches a browser as a title and a way; where the browser is gone the mail goes instead."""

import base64
import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece  # pyright: ignore[reportMissingTypeStubs] - it has none
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deploy.demo.people import Client, Json, wait_for
from tests.flows.conftest import People

Send = Callable[[Client], str]
PATIENCE = 20


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


def asked(people: People, send: Send, client: Client, question: str) -> tuple[str, str]:
    """An expert asks a question about an inspection of the client; returns the ids of both."""
    expert = people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    expert.ask(inspection_id, question)
    [task] = wait_for(
        lambda: client.inspection(inspection_id)["info_tasks"] or None, "the question", PATIENCE
    )
    return inspection_id, task["id"]


def test_a_question_comes_to_the_browser_as_a_title_and_a_way(people: People, send: Send) -> None:
    client = people.client()
    with PushService().running() as browser:
        client.call("PUT", "/notifications/push", browser.subscription)
        inspection_id, task_id = asked(people, send, client, "Is the plate riveted?")
        wait_for(lambda: browser.bodies or None, "the push message", PATIENCE)
        [said] = browser.read()
    number = client.inspection(inspection_id)["number"]
    assert said["path"] == f"/inspections/{inspection_id}/questions/{task_id}"
    assert said["title"].startswith(number)
    assert set(said) == {"id", "title", "path", "kind"}
    assert "riveted" not in json.dumps(said)
    [told] = [one for one in client.get("/notifications") if one["info_task_id"] == task_id]
    assert told["deliveries"][0]["channel"] == "push"


def test_a_browser_that_is_gone_is_forgotten_and_the_mail_goes_instead(people: People, send: Send) -> None:
    contact = f"{os.urandom(5).hex()}@example.com"
    client = people.client(contact)
    with PushService().running() as browser:
        browser.answer = HTTPStatus.GONE
        client.call("PUT", "/notifications/push", browser.subscription)
        assert len(client.get("/notifications/devices")) == 1
        inspection_id, task_id = asked(people, send, client, "Is the plate riveted?")
        link = f"/inspections/{inspection_id}/questions/{task_id}"
        wait_for(
            lambda: any(link in letter["text"] for letter in client.mails_to(contact)) or None,
            "the letter",
            PATIENCE,
        )
        assert len(browser.bodies) == 1
    assert client.get("/notifications/devices") == []
