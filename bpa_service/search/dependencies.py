"""What the routes of searching ask for, and how often somebody may search."""

from typing import Annotated

from fastapi import Depends, Query

from bpa_service.api_ports import PortsOfApp
from bpa_service.experts.dependencies import StreamingExpert
from bpa_service.experts.domain import Expert
from bpa_service.search.documents import Facet
from bpa_service.search.schemas import MOST_FACETS, Chosen


async def _not_too_often(expert: StreamingExpert, ports: PortsOfApp) -> Expert:
    """Raises TooManyRequests."""
    await ports.limits.hit("searches_per_expert", str(expert.id))
    return expert


async def _chosen(
    facet: Annotated[
        list[Chosen] | None,
        Query(
            max_length=MOST_FACETS,
            description="`verdict:clean`; of several values of one facet any will do, of several facets all.",
        ),
    ] = None,
) -> dict[Facet, frozenset[str]]:
    chosen: dict[Facet, set[str]] = {}
    for one in facet or ():
        name, _, value = one.partition(":")
        chosen.setdefault(Facet(name), set()).add(value)
    return {name: frozenset(values) for name, values in chosen.items()}


Searching = Annotated[Expert, Depends(_not_too_often)]
"""Whoever is signed in, in a transaction that is over: the index that is asked may be slow."""
ChosenFacets = Annotated[dict[Facet, frozenset[str]], Depends(_chosen)]
