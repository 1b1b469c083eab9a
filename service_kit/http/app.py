"""Builds a service's FastAPI application with everything both services promise in their manners."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from service_kit.bus import MAX_BODY_BYTES
from service_kit.http import access, middleware, openapi, problem_responses
from service_kit.http.client_address import Network, TrustedProxies
from service_kit.http.docs_page import contract_routes, docs_routes
from service_kit.http.traced import Traced
from service_kit.signing import KeyRing

MAX_JSON_BODY: Final = 128 * 1024
# Where messages come in (`bus.http`), for queues such as `cabinet.events` and `cabinet.work`.
MESSAGE_BODIES: Final = {".events/messages": MAX_BODY_BYTES, ".work/messages": MAX_BODY_BYTES}
TIME_LIMIT_SECONDS: Final = 30.0
# FastAPI's own would tell paths, of which some are secrets, and addresses of clients. `traced` is what we have.
_NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_app(
    *,
    title: str,
    version: str,
    description: str,
    package: str,
    tags: Mapping[str, str],
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    unlimited_paths: Sequence[str] = (),
    large_bodies: Mapping[str, int] | None = None,
    hsts: str = "",
    trusted_proxies: Sequence[Network] = (),
    contract: Path | None = None,
    shows_docs: bool = False,
    keys: openapi.KeySchemes | None = None,
    traced_with: KeyRing | None = None,
) -> FastAPI:
    """An app with problem+json errors, body caps, time limits, correlation ids and security headers.

    A body may have 128 KiB, or as many bytes as `large_bodies` says for the ending of a path.
    `package` is the service's own, `tags` say what the parts of its contract are for; `contract` is the file that
    is shown of it, if it is; `keys` are those of programs, if any are taken.
    Raises AccessNotDeclared for routers with a route that does not say who may call it.
    `unlimited_paths` are endings of paths that may take longer than 30 s: streams and uploads. `hsts` tells
    browsers never to come without https. `trusted_proxies` are believed about where a request comes from.
    `traced_with` are the keys of both services, where requests are recorded (`tracing`).
    """
    access.check(routers)
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an address that is almost right is wrong, as the contract has it
        telemetry=_NO_TELEMETRY,
        openapi_tags=[{"name": name, "description": text} for name, text in tags.items()],
    )
    problem_responses.install(app)
    # The last one added is the first one to see a request.
    app.add_middleware(middleware.Failures)
    app.add_middleware(middleware.CleanAddress)
    app.add_middleware(
        middleware.BodyLimit, default=MAX_JSON_BODY, larger=MESSAGE_BODIES | dict(large_bodies or {})
    )
    app.add_middleware(middleware.TimeLimit, seconds=TIME_LIMIT_SECONDS, unlimited=tuple(unlimited_paths))
    app.add_middleware(middleware.AnswerHeaders)
    app.add_middleware(middleware.SecurityHeaders, hsts=hsts)
    if traced_with is not None:
        app.add_middleware(Traced, keys=traced_with)
    app.add_middleware(middleware.CorrelationId)
    app.add_middleware(TrustedProxies, networks=trusted_proxies)
    for router in routers:
        take_routes(app, router)
    if contract is not None:
        take_routes(app, contract_routes(contract))
    if shows_docs:
        take_routes(app, docs_routes(title))
    openapi.install(app, packages=frozenset({__name__.partition(".")[0], package}), keys=keys)
    return app


def take_routes(app: FastAPI, router: APIRouter) -> None:
    """Make the routes of a router the application's own.

    `include_router` would keep all that FastAPI knows of a route twice, and look for it twice in each request.
    """
    app.router.routes.extend(router.routes)
