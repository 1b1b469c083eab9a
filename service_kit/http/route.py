"""The route class of both APIs: it refuses text that PostgreSQL cannot hold before a handler sees it."""

import json
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from service_kit.http.access import key_scope_of
from service_kit.http.problems import ForbiddenCharacter, InvalidJson


class CheckedRequest(Request):
    """A request whose JSON holds neither NUL nor lone surrogates. Those of forms are refused by `forms`."""

    async def json(self) -> Any:
        if not hasattr(self, "_checked_json"):
            try:
                value = json.loads(await self.body(), parse_constant=_refuse_constant)
            except (ValueError, RecursionError):
                raise InvalidJson from None
            _check(value)
            self._checked_json: Any = value
        return self._checked_json


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _check(value: Any) -> None:
    # A loop with a list of its own, not a recursion: the depth is the sender's choice.
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\0" in item or not item.isascii():
                refuse_forbidden_text(item)
        elif isinstance(item, dict):
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def refuse_forbidden_text(text: str) -> None:
    """Raise ForbiddenCharacter for what PostgreSQL cannot hold."""
    if "\0" in text:
        raise ForbiddenCharacter
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ForbiddenCharacter from None


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _name_of(route: APIRoute) -> str:
    return route.name


def _solve_once(dependant: Dependant, solved: set[Any]) -> None:
    """Leave out below a dependency what was solved for it before.

    FastAPI calls each dependency once for a request. But before it looks whether it has, it goes through all that
    the dependency depends on: with the session below every other one that made 27 of 8.
    """
    for one in dependant.dependencies:
        if one.use_cache and one.call in solved and not _takes_input(one):
            one.dependencies = []
        else:
            _solve_once(one, solved)
            solved.add(one.call)


def _takes_input(dependant: Dependant) -> bool:
    """Whether it may fail by what was sent: FastAPI would go on to call what depends on it without it."""
    return bool(
        dependant.path_params
        or dependant.query_params
        or dependant.header_params
        or dependant.cookie_params
        or dependant.body_params
        or any(map(_takes_input, dependant.dependencies))
    )


class CheckedRoute(APIRoute):
    """A FastAPI route that reads its body through `CheckedRequest`, and JSON only if it is declared as JSON.

    In the contract it goes by the name of its function: that is unique within an app, and reads well in a client
    that was generated. `key_scope` is what a key has to have to call it; None: no key does.
    """

    key_scope: str | None

    def __init__(self, *values: Any, **settings: Any) -> None:
        super().__init__(*values, **settings | {"generate_unique_id_function": _name_of})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        self.key_scope = key_scope_of(self.dependant)
        _solve_once(self.dependant, set())
        handle = super().get_route_handler()
        takes_json = self.body_field is not None and not isinstance(self.body_field.field_info, params.Form)

        async def handle_checked(request: Request) -> Response:
            if takes_json and _has_body(request) and not _is_json(request):
                raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return await handle(CheckedRequest(request.scope, request.receive))

        return handle_checked
