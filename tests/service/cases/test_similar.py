"""Photos that look like those of other cases: found once cabinet says what they look like, and forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select

from bpa_service.evidence import comparing
from bpa_service.evidence.models import PhotoHash, SimilarPhoto
from bpa_service.experts.domain import Role
from service_kit.db import NOBODY
from service_kit.http.peer import Peer, PeerUnavailable
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.rest.hashes import MOST_HASHES, HashState, PhotoHashes
from shared_schemas.rest.hashes import PhotoHash as Looks
from shared_schemas.words import Original
from tests.service.cases.caller import Caller
from tests.service.cases.conftest import START, Desk, photo
from tests.service.cases.known import coverage, known, opened
from tests.support.experts import sign_in

BITS = "00112233445566778899aabbccddeeff"
NUMBERS = ("SAL1A2A40SA606661", "SAL1A2A40SA606662", "SAL1A2A40SA606663", "SAL1A2A40SA606664")


def unlike(bits: str, count: int) -> str:
    """A hash that differs in that many bits, spread over its parts."""
    whole = int(bits, 16)
    for place in range(count):
        whole ^= 1 << place * 9 % 128
    return f"{whole:032x}"


@dataclass
class Cabinet:
    """What cabinet would answer: of what it was not told, that it is awaited."""

    looks: dict[UUID, str | HashState] = field(default_factory=dict[UUID, str | HashState])
    is_away: bool = False
    asked: list[int] = field(default_factory=list[int])

    async def get(self, target: str, body: type[PhotoHashes]) -> PhotoHashes:
        if self.is_away:
            raise PeerUnavailable(target)
        ids = [UUID(one) for one in parse_qs(urlsplit(target).query)["evidence_id"]]
        self.asked.append(len(ids))
        return body(hashes=tuple(self._of(one) for one in ids))

    def _of(self, evidence_id: UUID) -> Looks:
        looks = self.looks.get(evidence_id, HashState.AWAITED)
        if isinstance(looks, HashState):
            return Looks(evidence_id=evidence_id, state=looks)
        return Looks(evidence_id=evidence_id, state=HashState.HASHED, bits=looks)


@dataclass
class Comparing:
    desk: Desk
    cabinet: Cabinet
    past: timedelta = timedelta()

    async def opened(self, number: int, looks: str | HashState | None, **of: Any) -> UUID:
        case_id = await opened(self.desk, f"A-000000{number}", NUMBERS[number], **of)
        if looks is not None:
            self.cabinet.looks[await self.photo_of(case_id)] = looks
        return case_id

    async def photo_of(self, case_id: UUID) -> UUID:
        return (await self.desk.full(case_id)).evidence[0].evidence_id

    async def compare(self, *, later: timedelta = timedelta()) -> None:
        """The chore, `later` than it was last."""
        self.past += later
        more = True
        while more:
            async with self.desk.ports.backbone.database.writing() as session:
                now = (await session.execute(select(func.now()))).scalar_one() + self.past
                more = await comparing.compare(session, now, peer=cast("Peer", self.cabinet))

    async def rows(self) -> Mapping[str, int]:
        async with self.desk.ports.backbone.database.reading() as session:
            counts = {
                table.__tablename__: await session.scalar(select(func.count()).select_from(table))
                for table in (PhotoHash, SimilarPhoto)
            }
        return {name: count or 0 for name, count in counts.items()}


@pytest.fixture
def world(desk: Desk) -> Comparing:
    return Comparing(desk, Cabinet())


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


async def test_a_photo_that_looks_alike_is_found_by_both_cases(world: Comparing, anna: Caller) -> None:
    earlier = await world.opened(0, BITS)
    await world.opened(1, unlike(BITS, 40))
    await world.compare()
    later = await world.opened(2, unlike(BITS, 14))
    told = await known(anna, later)
    assert (told["cases"], coverage(told)["similar_photo"]) == ([], "not_asked")

    await world.compare()

    for case_id, other in ((later, earlier), (earlier, later)):
        told = await known(anna, case_id)
        [one] = told["cases"]
        [similar] = one["similar_photos"]
        assert (one["case_id"], one["same_photos"]) == (str(other), [])
        assert similar["evidence_id"] == str(await world.photo_of(case_id))
        assert similar["other_id"] == str(await world.photo_of(other))
        assert similar["other_id"] in similar["preview"]
        assert coverage(told)["similar_photo"] == "data"


@pytest.mark.parametrize("bits_apart", [15, 16, 64])
async def test_what_looks_different_is_not_similar(world: Comparing, anna: Caller, bits_apart: int) -> None:
    await world.opened(0, BITS)
    case_id = await world.opened(1, unlike(BITS, bits_apart))
    await world.compare()

    told = await known(anna, case_id)

    assert (told["cases"], coverage(told)["similar_photo"]) == ([], "empty")


async def test_photos_of_one_case_are_not_held_against_it(world: Comparing, anna: Caller) -> None:
    case_id = await world.opened(0, BITS)
    again = photo().model_copy(update={"sha256": uuid4().hex * 2})
    world.cabinet.looks[again.evidence_id] = BITS
    await world.desk.hear(cabinet.InspectionEvidenceAddedV1(inspection_id=case_id, evidence=again))
    await world.compare()
    assert coverage(await known(anna, case_id))["similar_photo"] == "empty"


async def test_the_same_file_is_shown_as_the_same_and_not_as_similar_too(
    world: Comparing, anna: Caller
) -> None:
    _, case_id = [await world.opened(number, BITS, sha256="ab" * 32) for number in range(2)]
    await world.compare()

    told = await known(anna, case_id)

    [one] = told["cases"]
    assert (len(one["same_photos"]), one["similar_photos"]) == (1, [])


async def test_what_cannot_be_hashed_is_nothing_to_ask_with(world: Comparing, anna: Caller) -> None:
    case_id = await world.opened(0, HashState.NONE)
    await world.compare()
    assert coverage(await known(anna, case_id))["similar_photo"] == "declined"


async def test_until_it_is_looked_at_nobody_was_asked_and_it_is_asked_about_less_and_less_often(
    world: Comparing, anna: Caller
) -> None:
    case_id = await world.opened(0, None)
    await world.compare()
    await world.compare()
    assert len(world.cabinet.asked) == 1, "not due again yet"
    assert coverage(await known(anna, case_id))["similar_photo"] == "not_asked"

    world.cabinet.looks[await world.photo_of(case_id)] = BITS
    await world.compare(later=timedelta(hours=2))
    assert coverage(await known(anna, case_id))["similar_photo"] == "empty"


async def test_while_cabinet_is_away_nothing_is_taken_for_asked(world: Comparing, anna: Caller) -> None:
    case_id = await world.opened(0, BITS)
    world.cabinet.is_away = True
    await world.compare()
    assert coverage(await known(anna, case_id))["similar_photo"] == "not_asked"
    world.cabinet.is_away = False
    await world.compare()
    assert coverage(await known(anna, case_id))["similar_photo"] == "empty"


async def test_an_original_that_shows_something_else_than_its_copy_is_compared_anew(
    world: Comparing, anna: Caller
) -> None:
    await world.opened(0, BITS)
    case_id = await world.opened(1, BITS, original=Original.AWAITED)
    await world.compare()
    assert coverage(await known(anna, case_id))["similar_photo"] == "data"
    [copy] = (await world.desk.full(case_id)).evidence
    held = copy.model_copy(update={"original": Original.HELD})
    world.cabinet.looks[copy.evidence_id] = unlike(BITS, 60)
    await world.desk.hear(
        cabinet.InspectionOriginalReceivedV1(inspection_id=case_id, evidence=held, received_at=START)
    )

    await world.compare()

    assert coverage(await known(anna, case_id))["similar_photo"] == "empty"
    assert await world.rows() == {"photo_hashes": 2, "similar_photos": 0}


async def test_of_what_is_erased_nothing_is_left(world: Comparing, anna: Caller) -> None:
    erased, awaited, case_id = [
        await world.opened(number, looks) for number, looks in enumerate((BITS, None, BITS))
    ]
    await world.compare()
    assert await world.rows() == {"photo_hashes": 2, "similar_photos": 2}
    for one in (erased, awaited):
        await world.desk.hear(cabinet.InspectionErasedV1(inspection_id=one, erased_at=START))
    world.cabinet.looks[(await world.desk.full(awaited)).evidence[0].evidence_id] = BITS

    await world.compare(later=timedelta(days=1))

    assert await world.rows() == {"photo_hashes": 1, "similar_photos": 0}
    assert (await known(anna, case_id))["cases"] == []


async def test_the_queue_says_that_a_photo_is_like_another(world: Comparing, anna: Caller) -> None:
    _, like, other = [
        await world.opened(number, looks) for number, looks in enumerate((BITS, BITS, unlike(BITS, 50)))
    ]
    await world.compare()
    rows = {row["id"]: row["known"] for row in (await anna.get("/queue")).json()["items"]}
    assert (rows[str(like)]["similar_photo"], rows[str(like)]["same_photo"]) == (True, False)
    assert not rows[str(other)]["similar_photo"]


async def test_more_than_are_asked_about_at_once_are_asked_about_one_after_the_other(
    world: Comparing,
) -> None:
    many = tuple(photo().model_copy(update={"sha256": uuid4().hex * 2}) for _ in range(MOST_HASHES + 3))
    world.cabinet.looks = {one.evidence_id: BITS for one in many}
    await world.desk.opened(evidence=many)
    await world.compare()
    assert world.cabinet.asked == [MOST_HASHES, 3]


async def test_who_is_not_at_the_desk_sees_none_of_it(world: Comparing) -> None:
    for number in range(2):
        await world.opened(number, BITS)
    await world.compare()
    async with world.desk.ports.backbone.database.reading(NOBODY) as session:
        assert (await session.scalars(select(PhotoHash.evidence_id))).all() == []
        assert (await session.scalars(select(SimilarPhoto.other_id))).all() == []
