"""The photos that show a number are asked of the reader, by one process, again where that may help."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import update

from bpa_service.cases.core import errors
from bpa_service.cases.readings import queries
from bpa_service.cases.readings.models import Failure, ProposalState, ReadingProposal
from bpa_service.cases.readings.proposing import Asker
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from service_kit.db import database_now
from service_kit.http.peer import Peer, PeerBusy, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.personal import ERASED
from shared_schemas.rest.readings import EvidenceReading
from shared_schemas.words import Original, Shot
from tests.service.cases.caller import Caller
from tests.service.cases.conftest import Desk, at, photo
from tests.service.cases.readings.conftest import (
    REGION,
    VIN,
    Reader,
    accept,
    asked_and_settled,
    hints,
    of,
    read,
    readings,
    shown,
)
from tests.support.api import running
from tests.support.experts import sign_in


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
