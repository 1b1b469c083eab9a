"""Errors as problem+json (RFC 9457): a stable `code` for programs, a sentence in the reader's language.

A service declares its errors as subclasses of `Problem`; anything else that goes wrong becomes one of the
technical problems below. No traceback ever leaves the process.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import responses
from typing import Any, ClassVar, Final, Literal

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from service_kit import logs
from service_kit.db import is_database_away, will_pass

log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
# Of a status that HTTP itself does not know, such as the 460 of tus.
_UNNAMED: Final = "Error"
Language = Literal["ru", "en"]


class Problem(HTTPException):
    """An error that the caller is told about.

    `en` and `ru` are templates filled from the keyword arguments, which also go out as `params`. It is an
    HTTPException because FastAPI turns any other error that is raised while it reads a body into a bare 400.
    """

    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    code: ClassVar[str]
    en: ClassVar[str]
    ru: ClassVar[str]

    def __init__(self, *, headers: Mapping[str, str] | None = None, **params: Any) -> None:
        super().__init__(self.status, self.en.format_map(params), dict(headers or {}))
        self.params = params

    def text(self, language: Language) -> str:
        return (self.ru if language == "ru" else self.en).format_map(self.params)


class FieldError(BaseModel):
    """One thing that is wrong with a payload. `pointer` is a JSON pointer (RFC 6901) or a parameter's name."""

    pointer: str
    code: str
    detail: str


class ProblemBody(BaseModel):
    """The body of every error response."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, Any] = {}
    errors: list[FieldError] = []
    correlation_id: str


class MalformedRequest(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "malformed_request"
    en = "The request is not well formed; `errors` says where."
    ru = "Запрос составлен неверно; где именно — в `errors`."


class InvalidJson(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "invalid_json"
    en = "The body is not valid JSON."
    ru = "Тело запроса — не JSON."


class ForbiddenCharacter(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "forbidden_character"
    en = "A text contains a NUL character or half of a surrogate pair."
    ru = "В тексте есть символ NUL или половина суррогатной пары."


class BodyTooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body_too_large"
    en = "The body is larger than the {max_bytes} bytes that this address takes."
    ru = "Тело запроса больше, чем {max_bytes} байт, которые принимает этот адрес."


class TimedOut(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "timed_out"
    en = "This took too long and was given up; nothing was changed. Please try again."
    ru = "Это заняло слишком много времени и было прервано; ничего не изменилось. Попробуйте ещё раз."


class TemporarilyUnavailable(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "temporarily_unavailable"
    en = "A part of the system is away for a moment. Nothing is lost; please try again."
    ru = "Часть системы ненадолго недоступна. Ничего не потеряно; попробуйте ещё раз."


class InternalError(Problem):
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal_error"
    en = "Something went wrong on our side. We know about it; please quote the correlation id."
    ru = "У нас что-то сломалось. Мы уже знаем; при обращении назовите correlation_id."


class NotFound(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "not_found"
    en = "There is nothing at this address, or it is not yours to see."
    ru = "По этому адресу ничего нет, либо это не ваше."


class NotSignedIn(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "not_signed_in"
    en = "Please sign in."
    ru = "Войдите, пожалуйста."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class NotAllowed(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "not_allowed"
    en = "Your role does not allow this."
    ru = "Ваша роль этого не позволяет."


class TooManyRequests(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"
    en = "Too many attempts. Try again in {retry_after} s."
    ru = "Слишком много попыток. Попробуйте через {retry_after} с."

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)}, retry_after=retry_after)


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
    return _response(problem.status, problem.code, detail, problem.params, errors, problem.headers or {})


def _response(
    status: int,
    code: str,
    detail: str,
    params: Mapping[str, Any],
    errors: Sequence[FieldError],
    headers: Mapping[str, str],
) -> Response:
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
    return _response(error.status_code, code, detail, {}, (), error.headers or {})


def failure_response(request: Request, error: Exception) -> Response:
    """The answer to an error that no handler knows, which is logged."""
    if will_pass(error):
        log.warning("database_away" if is_database_away(error) else "deadlock", error=repr(error))
        return problem_response(request, TemporarilyUnavailable(headers={"Retry-After": "2"}))
    log.error("request_failed", path=request.url.path, exc_info=error)
    return problem_response(request, InternalError())
