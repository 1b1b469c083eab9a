"""What clients say of a shot in place of a photo, as the desk reads it."""

from uuid import UUID

from bpa_service.cases.core.policy import Policy
from bpa_service.cases.viewing.schemas import CaseOut
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.evidence import AnsweredShot
from shared_schemas.vin.learned import Learned
from shared_schemas.words import Shot, ShotAnswer
from tests.service.cases.conftest import START, Desk, photo, submitted

NOWHERE = AnsweredShot(shot=Shot.VIN_STAMPED, answer=ShotAnswer.NOT_FOUND)
LOCKED = AnsweredShot(shot=Shot.ENGINE_NUMBER, answer=ShotAnswer.NOT_ALLOWED)


async def opened(desk: Desk) -> UUID:
    fact = submitted().model_copy(update={"shot_answers": (NOWHERE, LOCKED)})
    await desk.hear(fact)
    return fact.inspection_id


async def shown(desk: Desk, case_id: UUID) -> list[AnsweredShot]:
    found, policy = await desk.full(case_id), Policy.of(desk.ports.settings)
    return CaseOut.of(found, reader=desk.anna, policy=policy, learned=Learned(), now=START).shot_answers


async def test_the_answers_stand_beside_a_photo_that_was_sent_with_them(desk: Desk) -> None:
    assert await shown(desk, await opened(desk)) == [NOWHERE, LOCKED]


async def test_a_photo_that_comes_later_takes_the_answer_back(desk: Desk) -> None:
    case_id = await opened(desk)
    for shot, left in (
        (Shot.FRONT, [NOWHERE, LOCKED]),
        (Shot.ENGINE_NUMBER, [NOWHERE]),
        (Shot.VIN_STAMPED, []),
    ):
        later = photo().model_copy(update={"shot": shot})
        await desk.hear(cabinet.InspectionEvidenceAddedV1(inspection_id=case_id, evidence=later))
        assert await shown(desk, case_id) == left


async def test_an_inspection_of_an_older_cabinet_has_none(desk: Desk) -> None:
    old = submitted().model_dump(mode="json")
    del old["shot_answers"]
    fact = cabinet.InspectionSubmittedV1.model_validate(old)
    await desk.hear(fact)
    assert await shown(desk, fact.inspection_id) == []
