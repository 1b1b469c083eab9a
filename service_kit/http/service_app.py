"""The application of a service: what `app` builds, with its processes' ports, health, figures and web app."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from fastapi import APIRouter, FastAPI

from service_kit.health import Check, health_routes
from service_kit.http import web_app
from service_kit.http.app import build_app, take_routes
from service_kit.http.edge import install_replay
from service_kit.http.openapi import KeySchemes
from service_kit.http.serving import carrying
from service_kit.metrics import delivery_metrics
from service_kit.ports import ServicePorts
from service_kit.revisions import Revisions
from service_kit.settings import ServiceSettings
from service_kit.signing import KeyRing

VERSION = "1"
_CONTRACTS: Final = Path(__file__).parents[2] / "api_contracts" / "openapi"
Ports = TypeVar("Ports", bound=ServicePorts)


def build_service_app(
    settings: ServiceSettings,
    open_ports: Callable[[FastAPI], AbstractAsyncContextManager[Ports]],
    *,
    title: str,
    description: str,
    package: str,
    tags: Mapping[str, str],
    routers: Sequence[APIRouter],
    migrations: Path,
    screens: Sequence[str],
    not_pages: tuple[str, ...],
    unindexed: Sequence[str] = (),
    images_from: str = "",
    unlimited_paths: Sequence[str] = (),
    large_bodies: Mapping[str, int] | None = None,
    own_checks: Callable[[Ports], Mapping[str, Check]] = lambda _: {},
    dispensable: Collection[str] = (),
    own_metrics: Callable[[Ports], Awaitable[bytes]] | None = None,
    own_routers: Sequence[APIRouter] = (),
    keys: KeySchemes | None = None,
) -> FastAPI:
    """As `build_app`; building it connects to nothing. `open_ports` opens what it works with while it is up.

    `migrations` is the folder of them; `screens`, `not_pages` and `unindexed` are the web app's
    (`web_app.install`). `keys` are those of programs, if any are taken. `own_checks` and `own_metrics` are this
    service's beside those of both, `dispensable` as of `health_routes`; `own_routers` go in as they are.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_ports(app) as ports, carrying(app, ports.backbone):
            app.state.ports = ports
            yield

    app = build_app(
        title=title,
        version=VERSION,
        description=description,
        package=package,
        tags=tags,
        routers=routers,
        lifespan=lifespan,
        unlimited_paths=unlimited_paths,
        large_bodies=large_bodies,
        hsts=settings.hsts,
        trusted_proxies=settings.trusted_proxies,
        contract=_CONTRACTS / package.removesuffix("_service") / "v1.json"
        if settings.shows_contract
        else None,
        shows_docs=settings.is_development,
        keys=keys,
        traced_with=KeyRing(settings.service_keys) if settings.otlp_url else None,
    )
    revisions = Revisions(migrations)

    def checks() -> dict[str, Check]:
        ports: Ports = app.state.ports
        shared: dict[str, Check] = {
            "postgresql": ports.backbone.database.check,
            "migrations": partial(revisions.check, ports.backbone.database.pool),
            "bus": ports.backbone.bus.check,
            "cache": ports.limits.check,
        }
        return {**shared, **own_checks(ports)}

    app.state.checks = checks

    async def metrics() -> bytes:
        ports: Ports = app.state.ports
        own = await own_metrics(ports) if own_metrics is not None else b""
        return own + await delivery_metrics(ports.backbone)

    health = health_routes(checks, metrics, metrics_token=settings.scraped_with, dispensable=dispensable)
    for router in (health, *own_routers):
        take_routes(app, router)
    install_replay(app)
    web_app.install(
        app,
        settings.web_dir,
        screens=screens,
        not_pages=not_pages,
        unindexed=unindexed,
        images_from=images_from,
    )
    return app
