"""How an API is asked for a page, and says where the next one is (see `paging`)."""

from typing import Annotated

from fastapi import Query, Request, Response

from service_kit.paging import MAX_LIMIT

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows a page.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before.")]


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """The Link header (RFC 8288) to the next page."""
    if cursor is not None:
        url = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
