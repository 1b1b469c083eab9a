"""Every error of an application as a problem+json response. No traceback ever leaves the process."""

from collections.abc import Mapping, Sequence
from http.client import responses
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from service_kit import logs
from service_kit.db import is_database_away, will_pass
from service_kit.http.problems import (
    MEDIA_TYPE,
    FieldError,
    InternalError,
    InvalidJson,
    Language,
    MalformedRequest,
    NotFound,
    Problem,
    ProblemBody,
    TemporarilyUnavailable,
)

log = structlog.get_logger(__name__)

# Of a status that HTTP itself does not know, such as the 460 of tus.
_UNNAMED: Final = "Error"
_PROBLEM: Final = "problem"
_BY_STATUS: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "The request could not be read.", "Запрос не удалось прочитать."),
    404: (NotFound.code, NotFound.en, NotFound.ru),
    405: (
        "method_not_allowed",
        "This address does not take that method.",
        "Этот адрес не принимает такой метод.",
    ),
    415: (
        "unsupported_media_type",
        "This content type is not taken here.",
        "Такой тип содержимого не принимается.",
    ),
}


def language_of(request: Request) -> Language:
    """Russian if the reader prefers it to English, else English. Quality values are read, regions are not."""
    best: tuple[float, Language] = (0.0, "en")
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        name = tag.split("-")[0].lower()
        try:
            quality = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        if name in ("ru", "en") and quality > best[0]:
            best = (quality, "ru" if name == "ru" else "en")
    return best[1]


def problem_response(request: Request, problem: Problem, errors: Sequence[FieldError] = ()) -> Response:
    detail = problem.text(language_of(request))
    return _response(
        request, problem.status, problem.code, detail, problem.params, errors, problem.headers or {}
    )


def problem_of(scope: Scope) -> str | None:
    """The code of the problem that a request is answered with, if it is."""
    code: str | None = scope.get("state", {}).get(_PROBLEM)
    return code


def _response(
    request: Request,
    status: int,
    code: str,
    detail: str,
    params: Mapping[str, Any],
    errors: Sequence[FieldError],
    headers: Mapping[str, str],
) -> Response:
    request.scope.setdefault("state", {})[_PROBLEM] = code
    body = ProblemBody(
        type=f"urn:autodetective:problem:{code}",
        title=responses.get(status, _UNNAMED),
        status=status,
        detail=detail,
        code=code,
        params=dict(params),
        errors=list(errors),
        correlation_id=logs.current_correlation_id(),
    )
    return JSONResponse(body.model_dump(mode="json"), status, dict(headers), MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem+json response."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for Problem only
    return problem_response(request, error)


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it only
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem_response(request, InvalidJson())
    errors = [
        FieldError(pointer=_pointer(item["loc"]), code=str(item["type"]), detail=str(item["msg"])[:500])
        for item in found[:50]
    ]
    return problem_response(request, MalformedRequest(), errors)


def _pointer(location: Sequence[int | str]) -> str:
    where, *path = location or ("body",)
    if where != "body":
        return str(path[0]) if path else str(where)
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}"[:100] for part in path)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it only
    fallback = (f"http_{error.status_code}", responses.get(error.status_code, _UNNAMED), "Ошибка запроса.")
    code, english, russian = _BY_STATUS.get(error.status_code, fallback)
    detail = russian if language_of(request) == "ru" else english
    return _response(request, error.status_code, code, detail, {}, (), error.headers or {})


def failure_response(request: Request, error: Exception) -> Response:
    """The answer to an error that no handler knows, which is logged."""
    if will_pass(error):
        log.warning("database_away" if is_database_away(error) else "transaction_lost", error=repr(error))
        return problem_response(request, TemporarilyUnavailable(headers={"Retry-After": "2"}))
    log.error("request_failed", path=request.url.path, exc_info=error)
    return problem_response(request, InternalError())
