"""Requests as whoever manages a company's programs sees them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query

from cabinet_service.request_log.models import ApiRequest
from service_kit.api_keys import KeyForm
from service_kit.http.schemas import ApiOutput

Status = Annotated[
    str | None,
    Query(
        pattern=r"^[1-5](xx|[0-9]{2})$", description="A status such as 404, or all of a class such as 4xx."
    ),
]
RequestId = Annotated[str | None, Query(max_length=64, description="The answer's `x-correlation-id`.")]
_CLASS: Final = 100


def statuses(asked: str) -> range:
    """Those that are meant."""
    if asked.endswith("xx"):
        return range(int(asked[0]) * _CLASS, (int(asked[0]) + 1) * _CLASS)
    return range(int(asked), int(asked) + 1)


class ApiRequestOut(ApiOutput):
    """A request with a key. `key` is how the key begins, `route` the path with names in place of ids.

    `problem` is the code of an answer that says one; `took_ms` is how long it was until the answer began.
    """

    id: UUID
    at: datetime
    key_id: UUID
    key: str
    method: str
    route: str
    status: int
    problem: str | None
    request_id: str
    took_ms: int

    @classmethod
    def of(cls, row: ApiRequest, form: KeyForm) -> "ApiRequestOut":
        return cls(
            id=row.id,
            at=row.at,
            key_id=row.key_id,
            key=form.shown(row.public_id),
            method=row.method,
            route=row.route,
            status=row.status,
            problem=row.problem,
            request_id=row.request_id,
            took_ms=row.took_ms,
        )
