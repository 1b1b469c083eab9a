"""Errors as problem+json (RFC 9457): a stable `code` for programs, a sentence in the reader's language.

A service declares its errors as subclasses of `Problem`; anything else that goes wrong becomes one of the
technical problems below. `problem_responses` makes answers of them: processes without an API raise problems, too.
"""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final, Literal

from pydantic import BaseModel
from starlette.exceptions import HTTPException

MEDIA_TYPE: Final = "application/problem+json"
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
        self.params = params
        super().__init__(self.status, self.text("en"), dict(headers or {}))

    def text(self, language: Language) -> str:
        return (self.ru if language == "ru" else self.en).format_map(self.params)


def again(code: str, params: Mapping[str, Any]) -> Problem | None:
    """The problem of which code and `params` were kept; None if there is none of that code any more."""
    waiting = [Problem]
    for kind in waiting:
        waiting += kind.__subclasses__()
        if getattr(kind, "code", None) == code:
            problem = kind.__new__(kind)
            Problem.__init__(problem, **params)
            return problem
    return None


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
    ru = "У нас что-то сломалось. Мы уже знаем; при обращении назовите номер запроса (correlation id)."


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
    en = "Too many attempts. Try again in {wait}."
    ru = "Слишком много попыток. Попробуйте через {wait}."

    def __init__(self, *, retry_after: int) -> None:
        """`retry_after` is in seconds."""
        super().__init__(headers={"Retry-After": str(retry_after)}, retry_after=retry_after)

    def text(self, language: Language) -> str:
        return (self.ru if language == "ru" else self.en).format(
            wait=_wait(self.params["retry_after"], language)
        )


def _wait(seconds: int, language: Language) -> str:
    """A wait as people say it, never shorter than it is."""
    if seconds <= _SAID_IN_SECONDS:
        return f"{seconds} {'с' if language == 'ru' else 's'}"
    minutes = math.ceil(seconds / 60)
    if minutes <= _SAID_IN_MINUTES:
        return f"{minutes} {'мин' if language == 'ru' else 'min'}"
    return f"{math.ceil(minutes / 60)} {'ч' if language == 'ru' else 'h'}"


_SAID_IN_SECONDS: Final = 119
_SAID_IN_MINUTES: Final = 119
