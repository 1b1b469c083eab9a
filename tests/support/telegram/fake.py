"""The Bot API on a port of this machine, in a thread of its own: tests of running services do not await."""

import asyncio
import hashlib
import itertools
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

from tests.support.telegram import rules
from tests.support.telegram.rules import Refused, bad

TOKEN: Final = "4242:test-token-of-a-bot"
BOT_NAME: Final = "autodetective_test_bot"
LONGEST_POLL: Final = 2.0
Json = dict[str, Any]


@dataclass
class Said:
    """A message in a chat as it stands now. `texts` are all versions of it that were shown."""

    message_id: int
    texts: list[str]
    html: str
    buttons: list[list[Json]]
    by_bot: bool
    is_silent: bool = False

    @property
    def text(self) -> str:
        return self.texts[-1]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]


@dataclass
class Fault:
    """What happens to the next calls of a method (of one chat) in place of an answer."""

    method: str
    status: int
    description: str
    chat_id: int | None = None
    times: int = 1
    parameters: dict[str, int] = field(default_factory=dict[str, int])
    hangs: bool = False


class FakeTelegram:
    """`chats` has the transcript of each chat, in order. All of it may be used from any thread."""

    def __init__(self, port: int = 0) -> None:
        self.chats: defaultdict[int, list[Said]] = defaultdict(list)
        self.calls: list[tuple[str, Json]] = []
        self.known: dict[int, Json] = {}
        self.blocked: set[int] = set()
        self.faults: list[Fault] = []
        self.webhook: Json = {}
        self.commands: dict[str, list[Json]] = {}
        self.alerts: list[str] = []
        self.is_away = self._is_closing = False
        self._files: dict[str, tuple[bytes, int]] = {}
        self._queries: dict[str, bool] = {}
        self._updates: list[Json] = []
        self._numbers = itertools.count(100)
        self._update_ids = itertools.count(7_000_001)
        self._lock = threading.RLock()
        self._socket = socket.create_server(("127.0.0.1", port))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @contextmanager
    def running(self) -> Generator["FakeTelegram"]:
        routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file),
        ]
        config = uvicorn.Config(Starlette(routes=routes), log_level="warning", lifespan="off")
        config.timeout_graceful_shutdown = 1
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
            self._updates.clear()
            self._queries.clear()
            self.is_away, self.webhook = False, {}

    def meet(self, chat: Json) -> None:
        with self._lock:
            self.known[chat["id"]] = chat

    def number(self) -> int:
        return next(self._numbers)

    def keep_file(self, content: bytes, *, size: int | None = None) -> Json:
        """A file of Telegram's; `size` is what it says it has."""
        unique = hashlib.sha256(content).hexdigest()[:16]
        with self._lock:
            file_id = f"file-{self.number()}-{unique}"
            self._files[file_id] = content, size or len(content)
        return {"file_id": file_id, "file_unique_id": unique, "file_size": size or len(content)}

    def update(self, body: Json, *, update_id: int | None = None) -> Json:
        """Have the bot get an update."""
        with self._lock:
            update = {"update_id": next(self._update_ids) if update_id is None else update_id, **body}
            self._updates.append(update)
            return update

    def press(self, query_id: str) -> None:
        with self._lock:
            self._queries[query_id] = False

    @property
    def spinning(self) -> list[str]:
        """The presses of buttons that nobody has answered."""
        with self._lock:
            return [query_id for query_id, is_answered in self._queries.items() if not is_answered]

    def fail(self, fault: Fault) -> None:
        with self._lock:
            self.faults.append(fault)

    def flood(self, method: str = "sendMessage", *, retry_after: int = 1, chat_id: int | None = None) -> None:
        said = f"Too Many Requests: retry after {retry_after}"
        self.fail(Fault(method, 429, said, chat_id, parameters={"retry_after": retry_after}))

    def hang(self, method: str = "sendMessage") -> None:
        self.fail(Fault(method, 0, "", hangs=True))

    def said(self, chat_id: int) -> list[Said]:
        """What the bot said there, in order."""
        with self._lock:
            return [one for one in self.chats[chat_id] if one.by_bot]

    # What the bot asks.

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        form = await request.form() if request.method == "POST" else request.query_params
        given = {name: value for name, value in form.items() if isinstance(value, str)}
        with self._lock:
            self.calls.append((method, dict(given)))
        try:
            result = await self._result(method, request.path_params["token"], given)
        except Refused as refusal:
            body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return JSONResponse(body, refusal.status)
        return JSONResponse({"ok": True, "result": result})

    async def _result(self, method: str, token: str, given: Json) -> Any:
        if self.is_away:
            raise Refused(502, "Bad Gateway")
        if token != TOKEN:
            raise Refused(401, "Unauthorized")
        await self._meet_fault(method, given)
        handler = getattr(self, f"_on_{method}", None)
        if handler is None:
            raise Refused(404, "Not Found")
        result = handler(given)
        return await result if asyncio.iscoroutine(result) else result

    async def _meet_fault(self, method: str, given: Json) -> None:
        with self._lock:
            fault = next((one for one in self.faults if self._meets(one, method, given)), None)
            if fault is None:
                return
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
        if fault.hangs:
            getattr(self, f"_on_{method}")(given)  # it is done, and nobody hears of it
            for _ in range(600):
                if self._is_closing:
                    break
                await asyncio.sleep(0.1)
        raise Refused(fault.status, fault.description, **fault.parameters)

    @staticmethod
    def _meets(fault: Fault, method: str, given: Json) -> bool:
        return fault.method == method and fault.chat_id in (None, int(given.get("chat_id", 0)))

    async def _file(self, request: Request) -> Response:
        file = self._files.get(request.path_params["path"])
        if self.is_away or request.path_params["token"] != TOKEN or file is None:
            return Response(status_code=404)
        return Response(file[0], media_type="application/octet-stream")

    def _on_getMe(self, _given: Json) -> Json:  # noqa: N802 - Telegram's name
        return {"id": 4242, "is_bot": True, "first_name": "Autodetective", "username": BOT_NAME}

    async def _on_getUpdates(self, given: Json) -> list[Json]:  # noqa: N802 - the same
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset") or 0)
        until = time.monotonic() + min(float(given.get("timeout") or 0), LONGEST_POLL)
        while True:
            with self._lock:
                self._updates = [one for one in self._updates if one["update_id"] >= offset]
                if self._updates or self._is_closing or time.monotonic() >= until:
                    return self._updates[: int(given.get("limit") or 100)]
            await asyncio.sleep(0.03)

    def _on_setWebhook(self, given: Json) -> bool:  # noqa: N802 - the same
        if not given.get("url", "").startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = given
        return True

    def _on_deleteWebhook(self, _given: Json) -> bool:  # noqa: N802 - the same
        self.webhook = {}
        return True

    def _on_setMyCommands(self, given: Json) -> bool:  # noqa: N802 - the same
        self.commands[given.get("language_code", "")] = given["commands"]
        return True

    def _on_sendMessage(self, given: Json) -> Json:  # noqa: N802 - the same
        return self._say(given, rules.message_text(given))

    def _on_sendPhoto(self, given: Json) -> Json:  # noqa: N802 - the same
        return self._say(given, rules.message_text(given, "caption", rules.MAX_CAPTION))

    def _say(self, given: Json, text: str) -> Json:
        chat = self._chat(given)
        buttons = rules.keyboard(given)
        with self._lock:
            said = Said(
                self.number(),
                [text],
                given.get("text", given.get("caption", "")),
                buttons,
                by_bot=True,
                is_silent=given.get("disable_notification") in ("true", "True"),
            )
            self.chats[chat["id"]].append(said)
        return self._as_message(chat, said)

    def _on_editMessageText(self, given: Json) -> Json:  # noqa: N802 - the same
        chat = self._chat(given)
        text, buttons = rules.message_text(given), rules.keyboard(given)
        said = self._own(chat, int(given["message_id"]))
        if said.html == given["text"] and said.buttons == buttons:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same"
                " as a current content and reply markup of the message"
            )
        said.texts.append(text)
        said.html, said.buttons = given["text"], buttons
        return self._as_message(chat, said)

    def _on_editMessageReplyMarkup(self, given: Json) -> Json:  # noqa: N802 - the same
        chat = self._chat(given)
        said, buttons = self._own(chat, int(given["message_id"])), rules.keyboard(given)
        if said.buttons == buttons:
            raise bad("message is not modified")
        said.buttons = buttons
        return self._as_message(chat, said)

    def _on_answerCallbackQuery(self, given: Json) -> bool:  # noqa: N802 - the same
        if self._queries.get(given["callback_query_id"]) is not False:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if rules.length(given.get("text", "")) > rules.MAX_CALLBACK_ANSWER:
            raise bad("MESSAGE_TOO_LONG")
        self._queries[given["callback_query_id"]] = True
        if given.get("text"):
            self.alerts.append(given["text"])
        return True

    def _on_getFile(self, given: Json) -> Json:  # noqa: N802 - the same
        file = self._files.get(given["file_id"])
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        content, size = file
        if size > rules.MAX_DOWNLOAD:
            raise bad("file is too big")
        unique = hashlib.sha256(content).hexdigest()[:16]
        return {
            "file_id": given["file_id"],
            "file_unique_id": unique,
            "file_size": len(content),
            "file_path": given["file_id"],
        }

    def _chat(self, given: Json) -> Json:
        chat_id = int(given["chat_id"])
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat_id not in self.known:
            raise bad("chat not found")
        return self.known[chat_id]

    def _own(self, chat: Json, message_id: int) -> Said:
        for said in self.chats[chat["id"]]:
            if said.message_id == message_id and said.by_bot:
                return said
        raise bad("message to edit not found")

    @staticmethod
    def _as_message(chat: Json, said: Said) -> Json:
        return {"message_id": said.message_id, "date": int(time.time()), "chat": chat, "text": said.text}
