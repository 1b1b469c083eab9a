"""A photo of a case that was answered as genuine becomes an exemplar, and goes with its client."""

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from bpa_service.experts.domain import Role
from service_kit.http.peer import Peer, PeerUnavailable
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import Shot, Verdict
from tests.factories.photos import with_exif
from tests.service.cases.answers import decide, draft, found
from tests.service.cases.conftest import START, Desk, photo
from tests.service.exemplars.conftest import DEFENDER, Colleague, Json
from tests.support.experts import sign_in


@pytest.fixture
async def senior(bpa_api: httpx.AsyncClient, desk: Desk) -> Colleague:
    return Colleague(bpa_api, await sign_in(desk.ports, Role.SENIOR))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cabinet gives out a photo with a place in it; these are the links that it was asked with."""
    targets: list[str] = []

    async def download(_peer: Peer, target: str, *, most: int) -> bytes:
        targets.append(target)
        content = with_exif(gps=True)
        assert len(content) <= most
        return content

    monkeypatch.setattr(Peer, "download", download)
    return targets


async def answered(desk: Desk, verdict: Verdict = Verdict.CLEAN, **photo_is: Any) -> tuple[UUID, UUID]:
    """A case with that answer, and its photo."""
    shown = photo().model_copy(update={"sha256": uuid4().hex * 2, **photo_is})
    case_id = await desk.in_work(f"A-{uuid4().hex[:7]}", evidence=(shown,))
    severity = FindingSeverity.CONFIRMED if verdict is Verdict.CLEAN else FindingSeverity.ANOMALY
    await decide(desk, case_id, draft(await found(desk, case_id, severity), verdict=verdict))
    return case_id, shown.evidence_id


async def keep(
    who: Colleague, case_id: UUID, evidence_id: UUID, key: str | None = None, **fields: Any
) -> httpx.Response:
    return await who.api.post(
        f"/api/v1/cases/{case_id}/evidence/{evidence_id}/exemplar",
        json=DEFENDER | fields,
        headers=who.who.headers | {"Idempotency-Key": key or uuid4().hex},
    )


async def test_a_genuine_stamping_is_kept_without_place_and_time_and_says_where_it_is_from(
    desk: Desk, senior: Colleague, asked: list[str]
) -> None:
    case_id, evidence_id = await answered(desk)

    answer = await keep(senior, case_id, evidence_id, model="Defender", year_from=2010, year_to=2010)

    assert answer.status_code == 201, answer.text
    kept: Json = answer.json()
    assert kept["kept_from"] == {"case_id": str(case_id), "evidence_id": str(evidence_id)}
    assert (kept["author"]["display_name"], kept["model"], kept["year_to"]) == ("Senior", "Defender", 2010)
    [target] = asked
    assert f"/{evidence_id}/original?" in target
    content = (await senior.get(f"/{kept['id']}/picture")).content
    assert not Image.open(BytesIO(content)).getexif()
    assert await senior.found() == [kept["id"]]


async def test_what_is_no_picture_of_here_is_kept_by_its_preview(
    desk: Desk, senior: Colleague, asked: list[str]
) -> None:
    case_id, evidence_id = await answered(desk, media_type="image/heic")
    assert (await keep(senior, case_id, evidence_id)).status_code == 201
    assert f"/{evidence_id}/preview?" in asked[0]


@pytest.mark.usefixtures("asked")
async def test_the_same_request_twice_keeps_it_once(desk: Desk, senior: Colleague) -> None:
    case_id, evidence_id = await answered(desk)
    first, again = [await keep(senior, case_id, evidence_id, key="the-very-same-one") for _ in range(2)]
    assert first.json() == again.json()
    another = await keep(senior, case_id, evidence_id)
    assert (another.status_code, another.json()["code"]) == (409, "exemplar_known")
    assert len(await senior.found()) == 1


@pytest.mark.parametrize(
    ("verdict", "photo_is", "status", "code"),
    [
        (Verdict.FORGERY_SIGNS, {}, 409, "case_not_clean"),
        (Verdict.CLEAN, {"shot": Shot.FRONT}, 409, "photo_shows_no_marking"),
        (Verdict.CLEAN, {"shot": Shot.DOCUMENTS}, 409, "photo_shows_no_marking"),
    ],
)
async def test_nothing_else_is_kept(
    desk: Desk,
    senior: Colleague,
    asked: list[str],
    verdict: Verdict,
    photo_is: Json,
    status: int,
    code: str,
) -> None:
    case_id, evidence_id = await answered(desk, verdict, **photo_is)
    answer = await keep(senior, case_id, evidence_id)
    assert (answer.status_code, answer.json()["code"], asked) == (status, code, [])


async def test_a_case_that_is_not_answered_and_a_photo_of_another_are_not_kept(
    desk: Desk, senior: Colleague, asked: list[str]
) -> None:
    (case_id, _), (_, foreign) = [await answered(desk) for _ in range(2)]
    open_case = await desk.in_work("A-0000009", evidence=(photo(),))
    unanswered = (await desk.full(open_case)).evidence[0].evidence_id
    assert (await keep(senior, open_case, unanswered)).json()["code"] == "case_not_clean"
    for unknown in ((case_id, foreign), (uuid4(), foreign)):
        assert (await keep(senior, *unknown)).status_code == 404
    assert asked == []


@pytest.mark.usefixtures("asked")
async def test_only_who_keeps_the_reference_base_may(desk: Desk, bpa_api: httpx.AsyncClient) -> None:
    case_id, evidence_id = await answered(desk)
    for role, status in {
        Role.EXPERT: 403,
        Role.SHIFT_LEAD: 403,
        Role.AUDITOR: 403,
        Role.BPA_ADMIN: 201,
    }.items():
        who = Colleague(bpa_api, await sign_in(desk.ports, role, f"one-{role}"))
        assert (await keep(who, case_id, evidence_id)).status_code == status, role


async def test_while_cabinet_is_away_nothing_is_kept(
    desk: Desk, senior: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_peer: Peer, _target: str, *, most: int) -> bytes:
        raise PeerUnavailable(f"not even {most} bytes")

    monkeypatch.setattr(Peer, "download", away)
    case_id, evidence_id = await answered(desk)
    answer = await keep(senior, case_id, evidence_id)
    assert (answer.status_code, answer.json()["code"]) == (503, "evidence_unavailable")
    assert await senior.found() == []


@pytest.mark.usefixtures("asked")
async def test_with_its_client_the_picture_is_forgotten_and_what_it_was_of_stays(
    desk: Desk, senior: Colleague
) -> None:
    case_id, evidence_id = await answered(desk)
    kept = (await keep(senior, case_id, evidence_id, note="as on the car")).json()
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=START))

    assert await senior.found() == []
    assert (await senior.get(f"/{kept['id']}/picture")).status_code == 404
    left = (await senior.get(f"/{kept['id']}")).json()
    assert (left["make"], left["note"]) == ("Land Rover", None)
    assert left["retired_at"] is not None
    assert kept["picture"]["sha256"] not in str(left)
    assert (await keep(senior, case_id, evidence_id)).status_code == 404
