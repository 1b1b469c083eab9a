"""What stands on the photos: asked of the reader by one process, accepted by the holder, versioned, compared."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

import pytest
from sqlalchemy import update

from bpa_service.cases.core import errors
from bpa_service.cases.holding import service as holding
from bpa_service.cases.readings import queries, service
from bpa_service.cases.readings.errors import ProposalOutdated, ReadingChanged, ReadingImpossible
from bpa_service.cases.readings.models import AcceptedFrom, Failure, ProposalState, ReadingProposal
from bpa_service.cases.readings.proposing import Asker
from bpa_service.cases.readings.schemas import ReadingIn, ReadingOfPhoto, ReadingsOut
from bpa_service.db.tables import TABLES
from bpa_service.entrypoints.app import create_app
from bpa_service.experts import scopes
from bpa_service.experts.domain import Expert, Role
from bpa_service.settings import Settings
from service_kit.db import database_now
from service_kit.http.peer import Peer, PeerBusy, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.evidence import EvidenceRef, Region
from shared_schemas.personal import ERASED
from shared_schemas.rest.readings import EvidenceReading, ReadNumber
from shared_schemas.words import IdentifierKind, Original, Shot
from tests.service.cases.conftest import Desk, at, photo
from tests.service.cases.test_api import Caller
from tests.support.api import running
from tests.support.experts import sign_in

VIN: Final = "SAL1A2A40SA606662"
REGION: Final = Region(x=0.1, y=0.4, width=0.7, height=0.1)
NOTHING: Final = EvidenceReading(candidates=(), number_seen=False)


def read(number: str = VIN, kind: IdentifierKind = IdentifierKind.VIN) -> EvidenceReading:
    one = ReadNumber(identifier=number, kind=kind, formatted=number, confidence=0.97, region=REGION)
    return EvidenceReading(candidates=(one,), number_seen=True)


def shown(shot: Shot, **more: Any) -> EvidenceRef:
    return photo().model_copy(update={"shot": shot, **more})


Answer = EvidenceReading | Exception


class Reader:
    """Cabinet's reader, as bpa asks it: says what it is told to, and counts who asked for what."""

    def __init__(self) -> None:
        self.answers: dict[UUID, Answer] = {}
        self.asked: list[UUID] = []
        self.hold: asyncio.Event | None = None

    async def get(self, target: str, body: type[EvidenceReading], *, seconds: float | None = None) -> Any:
        assert (body, seconds is not None) == (EvidenceReading, True)
        evidence_id = UUID(target.removeprefix("/internal/v1/evidence/").removesuffix("/reading"))
        self.asked.append(evidence_id)
        if self.hold is not None:
            await self.hold.wait()
        answer = self.answers.get(evidence_id, NOTHING)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
async def new_asker(desk: Desk, reader: Reader) -> AsyncGenerator[Callable[[], Asker]]:
    askers: list[Asker] = []

    def one() -> Asker:
        askers.append(Asker(desk.ports.backbone.database, cast("Peer", reader)))
        return askers[-1]

    yield one
    for asker in askers:
        await asker.close()


@pytest.fixture
def asker(new_asker: Callable[[], Asker]) -> Asker:
    return new_asker()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is asked for again without a pause."""
    again = "bpa_service.cases.readings.proposing._AGAIN"
    monkeypatch.setattr(again, dict.fromkeys((Failure.BUSY, Failure.NOT_READY, Failure.AWAY), timedelta(0)))


async def readings(desk: Desk, case_id: UUID) -> ReadingsOut:
    async with desk.ports.backbone.database.reading() as session:
        found = await queries.of_case(session, case_id)
    assert found is not None
    return ReadingsOut.of(found)


async def of(desk: Desk, case_id: UUID, one: EvidenceRef) -> ReadingOfPhoto:
    shown = await readings(desk, case_id)
    [found] = [each for each in shown.photos if each.evidence_id == one.evidence_id]
    return found


async def accept(
    desk: Desk,
    case_id: UUID,
    one: EvidenceRef,
    text: str = VIN,
    accepted_from: AcceptedFrom = AcceptedFrom.TYPED,
    *,
    by: Expert | None = None,
    seen: int = 0,
) -> int:
    """The version that was accepted."""
    said = ReadingIn(text=text, accepted_from=accepted_from)

    async def verb(acting: Any) -> int:
        accepted = await service.accept(acting, case_id, one.evidence_id, reading=said, seen=seen)
        return accepted.version

    return await desk.do(verb, by=by or desk.anna)


async def take_back(desk: Desk, case_id: UUID, one: EvidenceRef, *, seen: int) -> None:
    async def verb(acting: Any) -> None:
        await service.take_back(acting, case_id, one.evidence_id, seen=seen)

    await desk.do(verb, by=desk.anna)


async def asked_and_settled(asker: Asker, *case_ids: UUID) -> None:
    for case_id in case_ids:
        asker.want(case_id)
    await asker.settled()


async def hints(desk: Desk) -> list[str]:
    async with desk.ports.backbone.database.reading() as session:
        rows = await session.fetch(f"SELECT kind FROM {TABLES.hints.__tablename__} ORDER BY id")
    return [row["kind"] for row in rows]


async def test_the_photos_that_show_a_number_are_read_and_the_case_keeps_its_version(
    desk: Desk, reader: Reader, asker: Asker
) -> None:
    sticker, stamped, glass = (
        shown(shot) for shot in (Shot.DOOR_STICKER, Shot.VIN_STAMPED, Shot.GLASS_MARKS)
    )
    reader.answers[stamped.evidence_id] = read()
    case_id = await desk.opened(evidence=(sticker, stamped, glass))
    before = (await desk.case(case_id)).version

    await asked_and_settled(asker, case_id)
    assert reader.asked == [stamped.evidence_id, sticker.evidence_id], "the number of the body comes first"
    found = await of(desk, case_id, stamped)
    assert found.proposal
    assert (found.proposal.state, found.reading, found.version) == (ProposalState.READ, None, 0)
    assert found.proposal.candidates[0].region == REGION
    nothing = (await of(desk, case_id, sticker)).proposal
    assert nothing
    assert (nothing.state, nothing.number_seen) == (ProposalState.NOTHING, False)
    assert (await of(desk, case_id, glass)).proposal is None
    assert (await desk.case(case_id)).version == before
    assert (await hints(desk)).count("case.reading_proposed") == 2
    await asked_and_settled(asker, case_id)
    assert len(reader.asked) == 2, "what was read is not asked for again"


async def test_of_several_processes_one_asks_for_a_photo(
    desk: Desk, reader: Reader, new_asker: Callable[[], Asker]
) -> None:
    photos = tuple(shown(Shot.VIN_PLATE) for _ in range(4))
    case_id = await desk.opened(evidence=photos)
    askers = [new_asker() for _ in range(4)]
    await asyncio.gather(*(asked_and_settled(asker, case_id, case_id) for asker in askers))
    assert sorted(reader.asked) == sorted(one.evidence_id for one in photos)


async def test_no_more_than_two_are_read_at_once_however_many_cases_are_opened(
    desk: Desk, reader: Reader, asker: Asker
) -> None:
    reader.hold = asyncio.Event()
    cases = [await desk.opened(f"A-000000{number}") for number in range(4)]
    for case_id in cases:
        asker.want(case_id)
    while len(reader.asked) < 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert len(reader.asked) == 2
    reader.hold.set()
    await asker.settled()
    assert len(reader.asked) == 4


async def test_a_reader_that_is_busy_or_away_is_asked_again(
    desk: Desk, reader: Reader, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = photo()
    case_id = await desk.opened(evidence=(one,))
    refusals = [PeerBusy("503"), PeerUnavailable("away"), PeerRefused("preview_not_ready")]
    states: list[tuple[ProposalState, Failure | None]] = []

    async def get(*_: Any, **__: Any) -> EvidenceReading:
        if found := (await of(desk, case_id, one)).proposal:
            states.append((found.state, found.failure))
        if refusals:
            raise refusals.pop(0)
        return read()

    monkeypatch.setattr(reader, "get", get)
    await asked_and_settled(asker, case_id)
    assert states == [(ProposalState.ASKED, None)] * 4
    found = (await of(desk, case_id, one)).proposal
    assert found
    assert (found.state, found.failure) == (ProposalState.READ, None)


async def test_a_photo_that_is_withheld_or_gone_is_not_asked_for_again_until_its_original_comes(
    desk: Desk, reader: Reader, asker: Asker
) -> None:
    withheld = shown(Shot.VIN_PLATE, original=Original.AWAITED)
    gone = shown(Shot.DOOR_STICKER)
    reader.answers = {
        withheld.evidence_id: PeerRefused("preview_failed"),
        gone.evidence_id: NotFound(),
    }
    case_id = await desk.opened(evidence=(withheld, gone))
    await asked_and_settled(asker, case_id)
    await asked_and_settled(asker, case_id)
    assert len(reader.asked) == 2
    for one, failure in ((withheld, Failure.WITHHELD), (gone, Failure.GONE)):
        proposal = (await of(desk, case_id, one)).proposal
        assert proposal
        assert (proposal.state, proposal.failure) == (ProposalState.FAILED, failure)

    reader.answers[withheld.evidence_id] = read()
    whole = withheld.model_copy(update={"original": Original.HELD})
    await desk.hear(
        cabinet.InspectionOriginalReceivedV1(inspection_id=case_id, evidence=whole, received_at=at(1))
    )
    await asked_and_settled(asker, case_id)
    assert (await of(desk, case_id, withheld)).comparison is not None


async def test_what_a_process_left_behind_is_asked_for_by_another(
    desk: Desk, reader: Reader, new_asker: Callable[[], Asker]
) -> None:
    one = photo()
    reader.answers[one.evidence_id] = read()
    case_id = await desk.opened(evidence=(one,))
    reader.hold = asyncio.Event()
    killed, other = new_asker(), new_asker()
    killed.want(case_id)
    while not reader.asked:
        await asyncio.sleep(0.01)
    await killed.close()
    reader.hold = None
    await asked_and_settled(other, case_id)
    assert len(reader.asked) == 1, "it may still be answered"
    async with desk.ports.backbone.database.writing() as session:
        long_ago = ReadingProposal.asked_at - queries.LAPSES - timedelta(seconds=1)
        await session.execute(update(ReadingProposal).values(asked_at=long_ago))
    await asked_and_settled(other, case_id)
    assert (await of(desk, case_id, one)).comparison is not None


async def test_what_the_holder_accepts_counts_in_versions_and_stands_in_the_audit_log(desk: Desk) -> None:
    one = photo()
    case_id = await desk.in_work(evidence=(one,))
    before = (await desk.case(case_id)).version
    assert await accept(desk, case_id, one, " sal1a2a40sa606662 ") == 1
    assert await accept(desk, case_id, one, "SAL1A2A4OSA606662", AcceptedFrom.EDITED, seen=1) == 2
    assert await accept(desk, case_id, one, "SAL1A2A4OSA606662", AcceptedFrom.EDITED, seen=1) == 2, "a retry"
    found = await of(desk, case_id, one)
    assert found.reading
    assert (found.reading.text, found.reading.formatted) == ("SAL1A2A4OSA606662", "SAL 1A2A4O SA606662")
    assert [each.text for each in found.versions] == [VIN, "SAL1A2A4OSA606662"]
    assert found.reading.author.display_name == desk.anna.display_name

    await take_back(desk, case_id, one, seen=2)
    await take_back(desk, case_id, one, seen=2)  # once more takes back nothing
    found = await of(desk, case_id, one)
    assert (found.reading, found.version) == (None, 3)
    assert [each.text for each in found.versions] == [VIN, "SAL1A2A4OSA606662", None]
    assert (await desk.case(case_id)).version == before + 3
    trail = await desk.trail(case_id)
    assert trail.count("reading_accepted") == 2
    assert trail.count("reading_withdrawn") == 1
    assert {"case.reading_accepted", "case.reading_withdrawn"} <= set(await hints(desk))


async def test_who_has_not_seen_what_somebody_else_said_is_told_of_it(desk: Desk) -> None:
    one = photo()
    case_id = await desk.in_work(evidence=(one,))
    await accept(desk, case_id, one)
    await desk.do(holding.release, case_id, by=desk.anna)
    await desk.claim(case_id, desk.boris)
    with pytest.raises(ReadingChanged) as refused:
        await accept(desk, case_id, one, "SAL1A2A48SA606662", by=desk.boris, seen=0)
    params = refused.value.params
    assert (params["version"], params["text"], params["changed_by"]) == (1, VIN, desk.anna.display_name)
    assert VIN in refused.value.text("en")
    assert await accept(desk, case_id, one, "SAL1A2A48SA606662", by=desk.boris, seen=1) == 2


async def test_only_the_holder_says_what_stands_there(desk: Desk) -> None:
    one = photo()
    case_id = await desk.in_work(evidence=(one,))
    with pytest.raises(errors.CaseHeldByOther):
        await accept(desk, case_id, one, by=desk.boris)
    other = await desk.in_work("A-0000002")
    with pytest.raises(errors.UnknownEvidence):
        await accept(desk, other, one)
    await desk.do(holding.release, case_id, by=desk.anna)
    with pytest.raises(errors.CaseNotHeld):
        await accept(desk, case_id, one)


async def test_a_proposal_is_accepted_as_it_is_and_never_writes_over_what_was_typed(
    desk: Desk, reader: Reader, asker: Asker
) -> None:
    one, other = shown(Shot.VIN_STAMPED), shown(Shot.OTHER)
    reader.answers = {
        one.evidence_id: read(),
        other.evidence_id: read("A123BC77", IdentifierKind.PLATE),
    }
    case_id = await desk.in_work(evidence=(one, other))
    with pytest.raises(ProposalOutdated):
        await accept(desk, case_id, one, VIN, AcceptedFrom.PROPOSAL)
    await accept(desk, case_id, one, "SAL1A2A40SA606660")
    await asked_and_settled(asker, case_id)
    found = await of(desk, case_id, one)
    assert found.reading
    assert found.proposal
    assert found.reading.text == "SAL1A2A40SA606660"
    assert found.proposal.candidates[0].identifier == VIN
    assert found.comparison is None

    await accept(desk, case_id, other, "A123BC77", AcceptedFrom.PROPOSAL)
    assert (await of(desk, case_id, other)).group == "plate", "of the kind that was proposed"


@pytest.mark.parametrize("text", ["A" * 26, "\N{SNOWMAN}", "   "])
async def test_what_cannot_stand_on_a_car_is_refused(desk: Desk, text: str) -> None:
    one = photo()
    case_id = await desk.in_work(evidence=(one,))
    with pytest.raises(ReadingImpossible):
        await accept(desk, case_id, one, text)


@pytest.mark.parametrize("text", ["XTA210990", "A" * 25, "SAL1A2A40SA6066?2"])
async def test_a_number_is_kept_as_it_stands_whatever_its_length(desk: Desk, text: str) -> None:
    one = photo()
    case_id = await desk.in_work(evidence=(one,))
    await accept(desk, case_id, one, text)
    found = (await of(desk, case_id, one)).reading
    assert found
    assert found.text == text


async def test_what_was_accepted_is_compared_with_the_rest_and_with_the_claim(
    desk: Desk, reader: Reader, asker: Asker
) -> None:
    stamped, plate, sticker = (shown(shot) for shot in (Shot.VIN_STAMPED, Shot.VIN_PLATE, Shot.DOOR_STICKER))
    front = shown(Shot.FRONT)
    case_id = await desk.in_work(evidence=(stamped, plate, sticker, front))
    await accept(desk, case_id, stamped)
    await accept(desk, case_id, plate, "SAL1A2A48SA606662")
    await accept(desk, case_id, front, "А123ВС77")
    reader.answers[sticker.evidence_id] = read("SAL1A2A40SA606669")
    await asked_and_settled(asker, case_id)

    found = await readings(desk, case_id)
    body, plates = found.comparisons
    assert [(row.evidence_id, row.differs) for row in body.rows] == [
        (stamped.evidence_id, []),
        (plate.evidence_id, [8]),
        (None, []),
    ]
    assert [(row.evidence_id, row.cells) for row in plates.rows] == [(front.evidence_id, "A123BC77")]
    proposed = (await of(desk, case_id, sticker)).comparison
    assert proposed
    assert [(row.accepted, row.differs) for row in proposed.rows] == [
        (True, []),
        (True, [8]),
        (False, [16]),
        (True, []),
    ]


async def test_of_an_erased_case_nothing_is_left_and_nothing_is_asked(
    desk: Desk, reader: Reader, asker: Asker
) -> None:
    one, other = shown(Shot.VIN_STAMPED), shown(Shot.VIN_PLATE)
    reader.answers = {one.evidence_id: read(), other.evidence_id: read()}
    case_id = await desk.in_work(evidence=(one, other))
    await accept(desk, case_id, one)
    reader.hold = asyncio.Event()
    asker.want(case_id)
    while not reader.asked:
        await asyncio.sleep(0.01)
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=at(1)))
    reader.hold.set()
    await asker.settled()

    found = await readings(desk, case_id)
    assert VIN not in found.model_dump_json()
    assert [each.text for each in found.photos[0].versions] == [ERASED]
    assert found.comparisons == []
    assert all(not each.proposal.candidates for each in found.photos if each.proposal)
    with pytest.raises(errors.CaseErased):
        await accept(desk, case_id, one, seen=1)
    reader.asked.clear()
    await asked_and_settled(asker, case_id)
    assert reader.asked == []


async def test_what_an_expert_said_is_changed_by_nobody(desk: Desk) -> None:
    one = photo()
    case_id = await desk.in_work(evidence=(one,))
    await accept(desk, case_id, one)
    async with desk.ports.backbone.database.writing(scopes.of(desk.anna)) as session:
        changed = await session.fetch("UPDATE photo_readings SET text = 'X' RETURNING 1")
        removed = await session.fetch("DELETE FROM photo_readings RETURNING 1")
        proposed = await session.fetch("UPDATE reading_proposals SET tries = 0 RETURNING 1")
    assert (changed, removed, proposed) == ([], [], [])


async def test_over_http_the_reader_is_asked_when_somebody_who_works_on_cases_looks(
    desk: Desk, reader: Reader, bpa_settings: Settings
) -> None:
    one = photo()
    reader.answers[one.evidence_id] = read()
    async with desk.ports.backbone.database.reading() as session:
        now = await database_now(session)
    case_id = await desk.opened(evidence=(one,), at=now)
    app = create_app(bpa_settings)
    async with running(app) as api:
        app.state.asker = asker = Asker(desk.ports.backbone.database, cast("Peer", reader))
        auditor, anna = (
            Caller(api, await sign_in(desk.ports, Role.AUDITOR)),
            Caller(api, await sign_in(desk.ports, Role.EXPERT, "anna")),
        )
        address = f"/cases/{case_id}/readings"
        assert (await auditor.get(address)).json()["photos"][0]["proposal"] is None
        await asker.settled()
        assert reader.asked == []
        assert (await anna.get(address)).json()["photos"][0]["proposal"] is None, (
            "nobody waits for the reader"
        )
        await asker.settled()
        [shown] = (await anna.get(address)).json()["photos"]
        assert shown["proposal"]["candidates"][0]["identifier"] == VIN
        assert [row["accepted"] for row in shown["comparison"]["rows"]] == [False, True]

        assert (await anna.post(f"/cases/{case_id}/lease")).is_success
        of_photo = f"/cases/{case_id}/evidence/{one.evidence_id}/reading"
        said = {"text": VIN, "accepted_from": "proposal", "region": REGION.model_dump()}
        unseen = await anna.send("PUT", of_photo, said)
        assert (unseen.status_code, unseen.json()["code"]) == (428, "reading_version_required")
        accepted = await anna.send("PUT", of_photo, said, seen=0)
        assert (accepted.status_code, accepted.headers["etag"]) == (200, '"1"')
        assert accepted.json()["photos"][0]["reading"]["region"] == REGION.model_dump()
        late = await anna.send("PUT", of_photo, said | {"text": "X" * 17, "accepted_from": "typed"}, seen=0)
        assert (late.status_code, late.json()["code"]) == (412, "reading_changed")
        withdrawn = await anna.send("DELETE", of_photo, seen=1)
        assert withdrawn.json()["photos"][0]["version"] == 2
        await asker.close()


async def test_photos_of_no_case_are_not_asked_for(reader: Reader, asker: Asker) -> None:
    await asked_and_settled(asker, new_id())
    assert reader.asked == []
