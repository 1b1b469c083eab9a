"""Builds a service's FastAPI application with everything both services promise in their manners."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from service_kit.bus import MAX_BODY_BYTES
from service_kit.http import access, middleware, problems
from service_kit.http.docs_page import docs_routes

MAX_JSON_BODY: Final = 128 * 1024
# Where messages come in (`bus.http`), for queues such as `cabinet.events` and `cabinet.work`.
MESSAGE_BODIES: Final = {".events/messages": MAX_BODY_BYTES, ".work/messages": MAX_BODY_BYTES}
TIME_LIMIT_SECONDS: Final = 30.0

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_app(
    *,
    title: str,
    version: str,
    description: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    unlimited_paths: Sequence[str] = (),
    large_bodies: Mapping[str, int] | None = None,
    https: bool = False,
    shows_docs: bool = False,
) -> FastAPI:
    """An app with problem+json errors, body caps, time limits, correlation ids and security headers.

    A body may have 128 KiB, or as many bytes as `large_bodies` says for the ending of a path.
    Raises AccessNotDeclared for routers with a route that does not say who may call it.
    `unlimited_paths` are endings of paths that may take longer than 30 s: streams and uploads. With `https`
    browsers are told never to come without it.
    """
    access.check(routers)
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an address that is almost right is wrong, as the contract has it
        generate_unique_id_function=_operation_id,
        responses={"default": {"description": "A problem (RFC 9457)", "content": _PROBLEM_CONTENT}},
    )
    problems.install(app)
    # The last one added is the first one to see a request.
    app.add_middleware(middleware.Failures)
    app.add_middleware(middleware.CleanAddress)
    app.add_middleware(
        middleware.BodyLimit, default=MAX_JSON_BODY, larger=MESSAGE_BODIES | dict(large_bodies or {})
    )
    app.add_middleware(middleware.TimeLimit, seconds=TIME_LIMIT_SECONDS, unlimited=tuple(unlimited_paths))
    app.add_middleware(middleware.SecurityHeaders, https=https)
    app.add_middleware(middleware.CorrelationId)
    for router in routers:
        app.include_router(router)
    if shows_docs:
        app.include_router(docs_routes(app))
    _describe_problems(app)
    return app


_PROBLEM_CONTENT: Final[dict[str, Any]] = {
    problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}
}


def _operation_id(route: APIRoute) -> str:
    """The function's name: it is unique within an app, and reads well in a generated client."""
    return route.name


def _describe_problems(app: FastAPI) -> None:
    """Put the problem's schema into the OpenAPI document; FastAPI's own 422 body is never sent."""
    make_openapi = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = make_openapi()
        schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
        body = problems.ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(body.pop("$defs", {}))
        schemas["ProblemBody"] = body
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        app.openapi_schema = document
        return document

    app.openapi = openapi  # type: ignore[method-assign] - FastAPI's documented way to extend the document
