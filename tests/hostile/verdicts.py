"""Whether an answer is one that the contract promises."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError

from service_kit.http import problem_responses, problems
from service_kit.http.problems import Problem, ProblemBody
from tests.hostile.attempts import Attempt
from tests.hostile.wire import Answer

_UNEXPECTED: Final = 500
# 503 with a time to come again: a limit, and not something that broke.
_LIMITS: Final = frozenset({"reader_busy"})
_SUCCESSES: Final = frozenset({200, 201, 202, 204, 304})


def _declared(kind: type[Problem]) -> Iterator[tuple[int, str]]:
    for inner in kind.__subclasses__():
        yield int(inner.status), inner.code
        yield from _declared(inner)


def known_problems() -> set[tuple[int, str]]:
    """Status and code of every problem that the loaded services declare."""
    generic: Any = problem_responses._BY_STATUS  # pyright: ignore[reportPrivateUsage] - what frameworks raise
    return {*_declared(Problem), *((status, code) for status, (code, *_) in generic.items())}


def fault(
    attempt: Attempt, answer: Answer, known: set[tuple[int, str]], *, over_socket: bool = False
) -> str | None:
    """What is wrong with the answer; None if it is one that was promised."""
    if over_socket and (answer.status == 0 or _no_http(answer)):
        return None
    if answer.media_type == "application/json" and answer.status in attempt.operation.answers:
        return _fault_of_success(attempt, answer)  # /readyz has a 503 of its own
    if answer.status >= _UNEXPECTED and answer.status != 503:
        return f"status {answer.status}"
    if answer.headers.get("x-content-type-options") != "nosniff":
        return "no security headers"
    if answer.status < 400:
        return _fault_of_success(attempt, answer)
    return _fault_of_problem(attempt, answer, known)


def _no_http(answer: Answer) -> bool:
    """Whether the server answered what it did not take for HTTP, before there was an application to ask."""
    return answer.status == HTTPStatus.BAD_REQUEST and "x-correlation-id" not in answer.headers


def _fault_of_success(attempt: Attempt, answer: Answer) -> str | None:
    promised = attempt.operation.answers
    if attempt.method != attempt.operation.method or attempt.wrong:
        # It may have become another operation's.
        known = answer.status in _SUCCESSES or answer.status in promised
        return None if known else f"status {answer.status} was never promised"
    if answer.status not in promised:
        return f"status {answer.status} was not promised"
    if answer.body and answer.media_type not in promised[answer.status]:
        return f"{answer.media_type} was not promised"
    return None


def _fault_of_problem(attempt: Attempt, answer: Answer, known: set[tuple[int, str]]) -> str | None:
    if attempt.method == "HEAD" and not answer.body:
        return None
    if answer.media_type != problems.MEDIA_TYPE:
        return f"{answer.media_type} is no problem"
    try:
        problem = ProblemBody.model_validate_json(answer.body)
    except ValidationError as error:
        return f"no problem: {error}"
    is_expected = answer.status < _UNEXPECTED or (problem.code in _LIMITS and "retry-after" in answer.headers)
    if (answer.status, problem.code) not in known or problem.status != answer.status:
        return f"{answer.status} {problem.code} is not declared"
    if problem.correlation_id != answer.headers.get("x-correlation-id"):
        return "the correlation id differs"
    return None if is_expected else f"{answer.status} {problem.code}"
