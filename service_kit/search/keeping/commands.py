"""Commands for whoever looks after an index."""

from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from service_kit.commands import CommandFailed, CommandLine, Delivery, say
from service_kit.search.engines import Indexed, opened
from service_kit.search.keeping import copies
from service_kit.search.keeping.reconciling import Reconciliation
from service_kit.search.keeping.tables import CopyState
from service_kit.search.port import IndexAway, IndexWrong

_NO_INDEX = "there is no index yet: the worker builds one"


def add_to(
    line: CommandLine,
    open_delivery: Callable[[], AbstractAsyncContextManager[Delivery]],
    indexed: Indexed,
) -> None:
    """`search-rebuild` and `search-check`. Nothing is called before a command runs."""

    async def rebuild(_arguments: Namespace) -> None:
        async with open_delivery() as (backbone, _), backbone.database.writing() as session:
            await copies.make_anew(session)
        say("the worker builds the index anew; what is there is looked into until then")

    async def check(_arguments: Namespace) -> None:
        async with open_delivery() as (backbone, _), opened(backbone, indexed) as index:
            async with backbone.database.reading() as session:
                live = [one for one in await copies.known(session) if one.state is CopyState.LIVE]
            if not live:
                raise CommandFailed(_NO_INDEX)
            try:
                found = await Reconciliation(backbone.database, index, live[-1].copy).run()
            except (IndexAway, IndexWrong) as error:
                raise CommandFailed(f"the index cannot be read: {error}") from None
        if found.count:
            raise CommandFailed(
                f"{found.missing} missing, {found.stale} stale, {found.unwanted} unwanted, of {found.compared}: "
                "the worker mends them"
            )
        say(f"{found.compared} documents, all as the database has them")

    line.add(
        "search-rebuild", rebuild, "Have the search index built anew beside the one that is looked into."
    )
    line.add(
        "search-check",
        check,
        "Compare the search index with the database; what differs is counted, and mended by the worker.",
    )
