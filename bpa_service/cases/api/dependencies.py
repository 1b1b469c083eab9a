"""What the routes of cases ask for beside their body."""

from typing import Annotated

from fastapi import Depends, Header

from bpa_service.cases import domain
from bpa_service.cases.domain import Act
from bpa_service.cases.errors import PreconditionRequired
from bpa_service.cases.policy import Policy
from bpa_service.experts.dependencies import Only, only
from bpa_service.ports import PortsOfApp

_NO_VERSION = -1

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='The ETag of the case as you have seen it, e.g. `"7"`.')
]


async def _policy(ports: PortsOfApp) -> Policy:
    return Policy.of(ports.settings)


PolicyOfApp = Annotated[Policy, Depends(_policy)]


async def _seen(if_match: IfMatch = None) -> int | None:
    return None if if_match in (None, "*") else version_of(if_match)


async def _must_have_seen(if_match: IfMatch = None) -> int:
    if if_match in (None, "*"):
        raise PreconditionRequired
    return version_of(if_match)


SeenVersion = Annotated[int | None, Depends(_seen)]
RequiredVersion = Annotated[int, Depends(_must_have_seen)]


def etag(version: int) -> str:
    """The ETag of a case at that version."""
    return f'"{version}"'


def version_of(tag: str) -> int:
    """The version that an ETag of ours names; one that no case has, for any other."""
    text = tag.strip().removeprefix("W/").strip('"')
    is_ours = text.isascii() and text.isdigit() and len(text) < len(str(2**31))
    return int(text) if is_ours else _NO_VERSION


def may(act: Act) -> Only:
    """A dependency that lets those in whose role allows `act` in some state of a case."""
    return only(*domain.roles_for(act))
