"""Every route says by a dependency who may call it; an application with one that says nothing is not built.

A dependency that lets in only some is marked with `declares`. A route for anybody has `dependencies=[ANYBODY]`.
Of those for whoever is signed in, a key of a program opens the ones that name the scope which it has to have:
`dependencies=[by_key(Scope.READ)]`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

T = TypeVar("T")
_MARK: Final = "declares_access"


class AccessNotDeclared(Exception):
    """These routes do not say who may call them."""


def declares(dependency: T) -> T:
    """Mark a dependency (a function, or a class whose instances are called) as one that says who may call."""
    setattr(dependency, _MARK, True)
    return dependency


@declares
async def _everyone() -> None: ...


ANYBODY: Final[Any] = Depends(_everyone)
"""Whoever calls, signed in or not, may."""


class _ByKey:
    """Named by a route; who is let in decides the dependency that finds out who calls."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self) -> None: ...


def by_key(scope: str) -> Any:
    """A dependency of a route: whoever calls with a key that has `scope` may, where its holder may."""
    return Depends(_ByKey(scope))


def key_scope_of(dependant: Dependant) -> str | None:
    """The scope that a route asks of keys; None: it is closed to them."""
    named = {one.call.scope for one in dependant.dependencies if isinstance(one.call, _ByKey)}
    if len(named) > 1:
        raise ValueError("a route names one scope")
    return next(iter(named), None)


def check(routers: Iterable[APIRouter]) -> None:
    """Raises AccessNotDeclared, which names the routes."""
    silent = [
        f"{'/'.join(sorted(route.methods or ()))} {route.path}"
        for router in routers
        for route in routes_of(router)
        if not _is_declared(route.dependant)
    ]
    if silent:
        raise AccessNotDeclared(", ".join(silent))


def routes_of(router: Any) -> Iterator[APIRoute]:
    """Every route of a router or an application, of the routers in it too."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif (inner := getattr(route, "original_router", None)) is not None:
            yield from routes_of(inner)


def _is_declared(dependant: Dependant) -> bool:
    return any(
        getattr(dependency.call, _MARK, False) or _is_declared(dependency)
        for dependency in dependant.dependencies
    )
