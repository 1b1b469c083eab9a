"""The Bot API of MAX on a port of this machine, in a thread of its own, for tests that do not await."""

import asyncio
import itertools
import json
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.max import rules
from tests.support.max.rules import Json, Refused, bad

TOKEN: Final = "f9LHodD0cOI_test_token_of_a_bot"
BOT_NAME: Final = "id7700000000_bot"
LONGEST_POLL: Final = 2.0


@dataclass
class Said:
    """A message of the bot's as it stands now. `texts` are all versions of it that were shown."""

    mid: str
    texts: list[str]
    buttons: list[list[Json]]
    is_silent: bool

    @property
    def text(self) -> str:
        return self.texts[-1]


@dataclass
class Fault:
    """What happens to the next calls of a path in place of an answer; `body` is JSON, or what a proxy says."""

    path: str
    status: int
    body: Json | str = ""
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict[str, str])
    hangs: bool = False


class FakeMax:
    """`chats` has what the bot said in each chat, in order. All of it may be used from any thread."""

    def __init__(self, port: int = 0) -> None:
        self.chats: defaultdict[int, list[Said]] = defaultdict(list)
        self.calls: list[tuple[str, str]] = []
        self.dialogs: set[int] = set()
        self.groups: set[int] = set()
        self.blocked: set[int] = set()
        self.faults: list[Fault] = []
        self.webhooks: dict[str, Json] = {}
        self.notifications: list[str] = []
        self.is_away = self._is_closing = False
        self._presses: dict[str, Said] = {}
        self._updates: list[tuple[int, Json]] = []
        self._committed = 0
        self._numbers = itertools.count(1000)
        self._times = itertools.count(int(time.time() * 1000))
        self._lock = threading.RLock()
        self._socket = socket.create_server(("127.0.0.1", port))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @contextmanager
    def running(self) -> Generator["FakeMax"]:
        app = Starlette(routes=[Route("/{path:path}", self._take, methods=["GET", "POST", "DELETE"])])
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._is_closing = True
            server.should_exit = True
            thread.join(10)

    # What tests do.

    def begin_anew(self) -> None:
        """No fault and nothing under way, for the next test."""
        with self._lock:
            self.faults.clear()
            self.blocked.clear()
            self.webhooks.clear()
            self._updates.clear()
            self._presses.clear()
            self.is_away = False

    def number(self) -> int:
        return next(self._numbers)

    def update(self, kind: str, **body: Any) -> Json:
        """Have the bot get an update."""
        with self._lock:
            update = {"update_type": kind, "timestamp": next(self._times), **body}
            self._updates.append((self.number(), update))
            return update

    def tell_again(self, update: Json) -> None:
        """As a messenger does that did not hear that it came."""
        with self._lock:
            self._updates.append((self.number(), update))

    def press(self, said: Said) -> str:
        """The id of a press of a button of the message."""
        with self._lock:
            callback_id = f"callback-{self.number()}"
            self._presses[callback_id] = said
            return callback_id

    def fail(self, fault: Fault) -> None:
        with self._lock:
            self.faults.append(fault)

    # What the bot asks.

    async def _take(self, request: Request) -> Response:
        path = f"/{request.path_params['path']}"
        body = await request.body()
        with self._lock:
            self.calls.append((request.method, path))
        try:
            if self.is_away:
                return Response("<html>502</html>", 502)
            _let_in(request)
            fault = self._next_fault(path)
            if fault is not None and not fault.hangs:
                return _as_told(fault)
            answer = await self._answer(request, path, json.loads(body or b"{}"))
            if fault is not None:
                await self._never()  # it is done, and nobody hears of it
            return JSONResponse(answer)
        except Refused as refusal:
            return JSONResponse({"code": refusal.code, "message": refusal.message}, refusal.status)

    async def _never(self) -> None:
        for _ in range(600):
            if self._is_closing:
                return
            await asyncio.sleep(0.1)

    def _next_fault(self, path: str) -> Fault | None:
        with self._lock:
            fault = next((one for one in self.faults if one.path == path), None)
            if fault is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
            return fault

    async def _answer(self, request: Request, path: str, body: Json) -> Json:
        query = dict(request.query_params)
        match request.method, path:
            case "POST", "/messages":
                return self._say(query, body)
            case "POST", "/answers":
                return self._answer_press(query, body)
            case "GET", "/updates":
                return await self._fetch(query)
            case "GET", "/subscriptions":
                return {"subscriptions": [{"url": url, "time": 1} for url in self.webhooks]}
            case "POST", "/subscriptions":
                return self._subscribe(body)
            case "DELETE", "/subscriptions":
                found = self.webhooks.pop(query["url"], None)
                unknown = {"success": False, "code": "not.found", "message": "no such subscription"}
                return {"success": True} if found is not None else unknown
            case _:
                raise Refused(404, "not.found", f"Path {path} is not recognized")

    def _say(self, query: dict[str, str], body: Json) -> Json:
        if len({"user_id", "chat_id"} & query.keys()) != 1:
            raise bad("Unknown recipient")
        chat_id = int(query.get("user_id") or query["chat_id"])
        text, buttons = rules.shown(body), rules.keyboard(body)
        if "user_id" in query and chat_id not in self.dialogs:
            raise Refused(404, "chat.not.found", "dialog.not.found")
        if "chat_id" in query and chat_id not in self.groups:
            raise Refused(404, "chat.not.found", f"Chat {chat_id} not found")
        if chat_id in self.blocked:
            raise Refused(403, "chat.denied", f"Key: error.dialog.suspended, args: [{chat_id},].")
        with self._lock:
            said = Said(f"mid.{self.number():032x}", [text], buttons, not body.get("notify", True))
            self.chats[chat_id].append(said)
        recipient = {"chat_id": chat_id, "chat_type": "dialog", "user_id": chat_id}
        return {"message": {"recipient": recipient, "body": {"mid": said.mid, "seq": 1, "text": text}}}

    def _answer_press(self, query: dict[str, str], body: Json) -> Json:
        said = self._presses.get(query.get("callback_id", ""))
        if said is None:
            raise bad("callback_id: unknown")
        message, notification = body.get("message"), body.get("notification")
        if not message and not notification:
            raise bad("message or notification must be there")
        with self._lock:
            if message:
                said.texts.append(rules.shown(message))
                said.buttons = rules.keyboard(message)
            if notification:
                self.notifications.append(notification)
        return {"success": True}

    async def _fetch(self, query: dict[str, str]) -> Json:
        if self.webhooks:  # then long polling gets nothing
            return {"updates": [], "marker": None}
        kinds, limit = query.get("types", "").split(","), int(query.get("limit", 100))
        with self._lock:
            if "marker" in query:
                self._committed = int(query["marker"])
        until = time.monotonic() + min(float(query.get("timeout", 30)), LONGEST_POLL)
        while True:
            with self._lock:
                waiting = [one for one in self._updates if one[0] >= self._committed]
                found = [one for one in waiting if one[1]["update_type"] in kinds][:limit]
                if found:
                    return {"updates": [update for _, update in found], "marker": found[-1][0] + 1}
                if self._is_closing or time.monotonic() >= until:
                    return {"updates": [], "marker": query.get("marker") and int(query["marker"])}
            await asyncio.sleep(0.03)

    def _subscribe(self, body: Json) -> Json:
        if not str(body.get("url", "")).startswith("https://"):
            return {"success": False, "code": "proto.payload", "message": "url: must be https"}
        if "secret" in body and not rules.SECRET.fullmatch(body["secret"]):
            return {"success": False, "code": "proto.payload", "message": "secret: invalid"}
        self.webhooks[body["url"]] = body
        return {"success": True}


def _let_in(request: Request) -> None:
    """By the header alone: a token in the query counts no more."""
    if request.headers.get("Authorization") != TOKEN or "access_token" in request.query_params:
        raise Refused(401, "verify.token", "Invalid access_token")


def _as_told(fault: Fault) -> Response:
    if isinstance(fault.body, dict):
        return JSONResponse(fault.body, fault.status, fault.headers)
    return Response(fault.body, fault.status, fault.headers)
