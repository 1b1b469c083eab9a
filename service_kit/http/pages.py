"""How an API is asked for a page of a list, and answers with it and where the next one is (see `paging`)."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response

from service_kit.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, PageOf, cut, decode_cursor

Row = TypeVar("Row")
Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows a page.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before.")]


class Asked:
    """What a request asks of a list, and the answer to it: `page`, then `cut`, then `answer`."""

    def __init__(self, request: Request, response: Response, cursor: str | None, limit: int) -> None:
        self._request = request
        self._response = response
        self._cursor = cursor
        self._limit = limit
        self.next_cursor: str | None = None

    def page(self, *parts: Callable[[str], Any]) -> Page:
        """Which page; each part of its sort key is read by its function. Raises BadCursor."""
        return Page(decode_cursor(self._cursor, *parts), self._limit)

    def cut(
        self,
        found: Sequence[Row],
        key: Callable[[Row], tuple[object, ...]],
        *,
        looked_to: Row | None = None,
    ) -> list[Row]:
        """The rows of the page, of one more than that: by their sort key the next one begins; or where they are
        fewer, by that of the row that was looked at last (`paging.cut`).
        """
        rows, self.next_cursor = cut(found, self._limit, key, looked_to=looked_to)
        return rows

    def answer(self, items: list[Item]) -> PageOf[Item]:
        """What is shown of the rows, with the way to the next ones."""
        self.link(self._response)
        return PageOf(items=items, next_cursor=self.next_cursor)

    def link(self, response: Response) -> None:
        """Give the Link header (RFC 8288) to the next page to a response that a route makes itself."""
        if self.next_cursor is not None:
            url = self._request.url.include_query_params(cursor=self.next_cursor)
            response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'


def by(default: int) -> Any:
    """A dependency that gives what is asked, of a list with so many rows a page where nothing is said."""

    async def asked(
        request: Request, response: Response, cursor: Cursor = None, limit: Limit = default
    ) -> Asked:
        return Asked(request, response, cursor, limit)

    return Depends(asked)


Paged = Annotated[Asked, by(DEFAULT_LIMIT)]
PagedByHundred = Annotated[Asked, by(100)]
