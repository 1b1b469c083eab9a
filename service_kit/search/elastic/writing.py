"""Bulk requests: what goes into one, and what became of each change in it."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from elasticsearch import ApiError, AsyncElasticsearch

from service_kit.search.documents import Change, flaw_of
from service_kit.search.elastic.documents import line
from service_kit.search.elastic.failures import away, is_passing, kinds_of_error, told
from service_kit.search.port import IndexWrong, Outcome, Written

MOST_BYTES: Final = 8 * 2**20
"""Of one request. A server takes 100 MB, a proxy before it less."""
_DOING: Final = "writing"
_NOT_THERE: Final = "index_not_found_exception"


async def write(client: AsyncElasticsearch, index: str, changes: Sequence[Change]) -> list[Written]:
    """Write them all, in as many requests as it takes."""
    flaws = {change.id: flaw for change in changes if (flaw := flaw_of(change))}
    lines = [(change, line(change)) for change in changes if change.id not in flaws]
    written = [written for portion in _portions(lines) for written in await _send(client, index, portion)]
    by_id = {one.id: one for one in written}
    refused = {one: Written(one, Outcome.REFUSED, flaw) for one, flaw in flaws.items()}
    return [{**by_id, **refused}[change.id] for change in changes]


Lines = list[tuple[Change, bytes]]


def _portions(lines: Lines) -> Iterator[Lines]:
    portion: Lines = []
    size = 0
    for change, text in lines:
        if portion and size + len(text) > MOST_BYTES:
            yield portion
            portion, size = [], 0
        portion.append((change, text))
        size += len(text)
    if portion:
        yield portion


async def _send(client: AsyncElasticsearch, index: str, lines: Lines) -> list[Written]:
    with told(_DOING):
        try:
            texts: list[Any] = [text for _, text in lines]  # which the client takes as they are
            answer = await client.bulk(index=index, operations=texts)
        except ApiError as error:
            if error.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise
            answer = None
    if answer is not None:
        found = zip(lines, answer["items"], strict=True)
        return [_written(change, next(iter(item.values()))) for (change, _), item in found]
    if len(lines) == 1:
        return [Written(lines[0][0].id, Outcome.REFUSED, "it is larger than the server takes")]
    middle = len(lines) // 2
    return [*await _send(client, index, lines[:middle]), *await _send(client, index, lines[middle:])]


def _written(change: Change, item: Mapping[str, Any]) -> Written:
    """Raises what holds for the whole index: the same is written again then, which changes nothing."""
    status = item["status"]
    if "error" not in item:
        return Written(change.id, Outcome.TAKEN)  # also of what was not there, and is removed
    kinds = kinds_of_error(item["error"])
    if status == HTTPStatus.CONFLICT:
        return Written(change.id, Outcome.OLDER)
    if kinds.startswith(_NOT_THERE):
        raise IndexWrong(f"{_DOING}: {kinds}")
    if is_passing(status, kinds):
        away(_DOING, f"{status} {kinds}")
    return Written(change.id, Outcome.REFUSED, kinds)
