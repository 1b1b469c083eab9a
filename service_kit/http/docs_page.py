"""/docs: the API to read and to try, in development only.

Its scripts come from elsewhere. They have no place on an origin that holds people's sessions.
"""

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse

_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src data: https://fastapi.tiangolo.com; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'unsafe-inline' https://cdn.jsdelivr.net"
)


def docs_routes(app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def show_docs() -> HTMLResponse:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        page = get_swagger_ui_html(openapi_url="/openapi.json", title=app.title)
        page.headers["Content-Security-Policy"] = _POLICY
        return page

    return router
