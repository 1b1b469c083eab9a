"""What the holder accepts of readings: versioned, compared, changed by nobody else."""

import pytest

from bpa_service.cases.core import errors
from bpa_service.cases.holding import service as holding
from bpa_service.cases.readings.errors import ProposalOutdated, ReadingChanged, ReadingImpossible
from bpa_service.cases.readings.models import AcceptedFrom
from bpa_service.cases.readings.proposing import Asker
from bpa_service.experts import scopes
from shared_schemas.words import IdentifierKind, Shot
from tests.service.cases.conftest import Desk, photo
from tests.service.cases.readings.conftest import (
    VIN,
    Reader,
    accept,
    asked_and_settled,
    hints,
    of,
    read,
    readings,
    shown,
    take_back,
)


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


async def test_what_an_expert_said_is_changed_by_nobody(desk: Desk) -> None:
    one = photo()
    case_id = await desk.in_work(evidence=(one,))
    await accept(desk, case_id, one)
    async with desk.ports.backbone.database.writing(scopes.of(desk.anna)) as session:
        changed = await session.fetch("UPDATE photo_readings SET text = 'X' RETURNING 1")
        removed = await session.fetch("DELETE FROM photo_readings RETURNING 1")
        proposed = await session.fetch("UPDATE reading_proposals SET tries = 0 RETURNING 1")
    assert (changed, removed, proposed) == ([], [], [])
