"""Links to photos, as cabinet gives them or fails to."""

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from bpa_service.evidence import service
from bpa_service.evidence.errors import EvidenceAway, EvidenceNotReady, EvidenceWithheld
from cabinet_service.photos.errors import OriginalNotReady, OriginalWithheld, PreviewFailed, PreviewNotReady
from service_kit.http.peer import Peer
from service_kit.http.problems import NotFound
from service_kit.signing import SIGNATURE_HEADER, KeyRing
from shared_schemas.rest.streams import SignedUrl

PHOTO = UUID(int=7)
LINK = SignedUrl(url="http://cabinet/signed/evidence/7", expires_at=datetime(2026, 3, 2, 12, tzinfo=UTC))


def said(code: str) -> dict[str, object]:
    """A problem as cabinet sends it."""
    return {"type": "", "title": "", "status": 404, "detail": "", "code": code, "correlation_id": ""}


async def ask(answer: httpx.Response | Exception) -> tuple[SignedUrl, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as client:
        peer = Peer("http://cabinet", KeyRing(["k" * 16]), client)
        return await service.signed_url(peer, PHOTO, "original"), asked


async def test_the_link_is_cabinets() -> None:
    link, [request] = await ask(httpx.Response(200, text=LINK.model_dump_json()))

    assert link == LINK
    assert str(request.url) == f"http://cabinet/internal/v1/evidence/{PHOTO}?variant=original"
    assert SIGNATURE_HEADER in request.headers


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(404), httpx.Response(404, json=said("not_found")), httpx.Response(404, text="<html>")],
)
async def test_a_photo_that_cabinet_does_not_have_is_not_found(answer: httpx.Response) -> None:
    with pytest.raises(NotFound):
        await ask(answer)


@pytest.mark.parametrize("code", [OriginalNotReady.code, PreviewNotReady.code])
async def test_a_photo_in_quarantine_is_to_be_asked_for_again(code: str) -> None:
    with pytest.raises(EvidenceNotReady) as not_ready:
        await ask(httpx.Response(404, json=said(code)))

    assert not_ready.value.headers == {"Retry-After": "2"}


@pytest.mark.parametrize("code", [OriginalWithheld.code, PreviewFailed.code])
async def test_a_photo_that_does_not_open_is_said_not_to(code: str) -> None:
    with pytest.raises(EvidenceWithheld):
        await ask(httpx.Response(404, json=said(code)))


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("too slow"),
        httpx.Response(503),
        httpx.Response(200, text="<html>"),
    ],
)
async def test_while_cabinet_is_away_the_photo_is_said_to_be(answer: httpx.Response | Exception) -> None:
    with pytest.raises(EvidenceAway) as away:
        await ask(answer)

    assert away.value.headers == {"Retry-After": "5"}
