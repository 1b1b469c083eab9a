"""What the routes of cases ask for beside their body."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.core import domain
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.errors import PreconditionRequired
from bpa_service.cases.core.policy import Policy
from bpa_service.experts.dependencies import Once, only
from bpa_service.experts.domain import Expert, Role
from service_kit.http.edge import Now, WriteSession

_NO_VERSION = -1

Version = Callable[..., Awaitable[int | None]]
"""A dependency: which version of the case is acted on, if that is known."""

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='The ETag of the case as you have seen it, e.g. `"7"`.')
]


async def _policy(ports: PortsOfApp) -> Policy:
    return Policy.of(ports.settings)


PolicyOfApp = Annotated[Policy, Depends(_policy)]


async def no_version() -> None:
    """Of an act that nobody else's can collide with."""


async def _seen(if_match: IfMatch = None) -> int | None:
    return None if if_match in (None, "*") else version_of(if_match)


async def must_have_seen(if_match: IfMatch = None) -> int:
    """The version that the expert acts on, without which they must not. Raises PreconditionRequired."""
    if if_match in (None, "*"):
        raise PreconditionRequired
    return version_of(if_match)


def etag(version: int) -> str:
    """The ETag of a case at that version."""
    return f'"{version}"'


def version_of(tag: str) -> int:
    """The version that an ETag of ours names; one that no case has, for any other."""
    text = tag.strip().removeprefix("W/").strip('"')
    is_ours = text.isascii() and text.isdigit() and len(text) < len(str(2**31))
    return int(text) if is_ours else _NO_VERSION


def may(act: Act, version: Version = _seen, *, roles: frozenset[Role] | None = None) -> Any:
    """`Annotated[ExpertActing, may(Act.ASK)]`: an act of who is signed in, if their role allows it in some state.

    Whoever changes something by it may say which version of the case they have seen. `roles` are fewer than those
    that the act is open to.
    """
    return acting_as(*(roles or domain.roles_for(act)), version=version)


def may_once(act: Act, version: Version = _seen, *, roles: frozenset[Role] | None = None) -> Any:
    """The same for what is done `Once`: a repeated request is answered before its version is looked at."""

    async def acting(
        begun: Annotated[ExpertActing, may(act, no_version, roles=roles)],
        _once: Once,
        seen: Annotated[int | None, Depends(version)],
    ) -> ExpertActing:
        return replace(begun, seen=seen)

    return Depends(acting, scope="function")


def acting_as(*roles: Role, version: Version = no_version) -> Any:
    """An act of who is signed in, if they have one of these roles."""

    async def acting(
        by: Annotated[Expert, Depends(only(*roles))],
        session: WriteSession,
        seen: Annotated[int | None, Depends(version)],
        policy: PolicyOfApp,
        now: Now,
    ) -> ExpertActing:
        return ExpertActing(session=session, policy=policy, now=now, by=by, seen=seen)

    return Depends(acting, scope="function")


def named(expert: Expert) -> dict[UUID, str]:
    """The expert's name, for what only they have done."""
    return {expert.id: expert.display_name}
