"""/openapi.json: the contract; /docs: the API to read and to try, in development only.

The scripts of /docs come from elsewhere. They have no place on an origin that holds people's sessions.
"""

from pathlib import Path

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse, HTMLResponse

_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src data: https://fastapi.tiangolo.com; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'unsafe-inline' https://cdn.jsdelivr.net"
)


def contract_routes(document: Path) -> APIRouter:
    """The file, as `make contracts` wrote it: to write it anew would cost each process 18 MiB for good."""
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json")
    async def show_contract() -> FileResponse:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        return FileResponse(document, media_type="application/json")

    return router


def docs_routes(title: str) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def show_docs() -> HTMLResponse:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        page = get_swagger_ui_html(openapi_url="/openapi.json", title=title)
        page.headers["Content-Security-Policy"] = _POLICY
        return page

    return router
