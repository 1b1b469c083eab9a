"""Reading the audit log over the API."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import Role
from service_kit import audit
from service_kit.ids import new_id
from tests.support.experts import SignedInExpert, sign_in

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CASE, OTHER_CASE = new_id(), new_id()


@pytest.fixture
async def auditor(bpa_ports: ApiPorts) -> SignedInExpert:
    return await sign_in(bpa_ports, Role.AUDITOR)


@pytest.fixture
async def anna(bpa_ports: ApiPorts) -> SignedInExpert:
    """Claimed a case at noon, released it at five past; at ten past another one's lease lapsed.

    She and the auditor were added today, long after.
    """
    anna = await sign_in(bpa_ports, Role.EXPERT, "anna")
    async with bpa_ports.backbone.database.writing() as session:
        audit.record(
            session,
            "case_claimed",
            by=anna.expert,
            subject_id=CASE,
            now=NOON,
            details={"lease": 90, "evidence_ids": [CASE, OTHER_CASE], "task_id": CASE, "cause": None},
        )
        audit.record(
            session, "case_released", by=anna.expert, subject_id=CASE, now=NOON + timedelta(minutes=5)
        )
        audit.record(session, "lease_lost", by=None, subject_id=OTHER_CASE, now=NOON + timedelta(minutes=10))
    return anna


async def lines(api: httpx.AsyncClient, auditor: SignedInExpert, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get("/api/v1/audit", params=query, headers=auditor.headers)
    assert answer.status_code == 200
    return answer.json()["items"]


def acts(found: Sequence[dict[str, Any]]) -> list[str]:
    return [line["act"] for line in found]


async def test_an_entry_says_who_did_what_to_which_case(
    bpa_api: httpx.AsyncClient, auditor: SignedInExpert, anna: SignedInExpert
) -> None:
    (line,) = await lines(bpa_api, auditor, act="case_claimed")

    assert line == {
        "at": "2026-03-02T12:00:00Z",
        "actor_id": str(anna.expert.id),
        "actor_name": "Anna",
        "act": "case_claimed",
        "case_id": str(CASE),
        "details": {
            "lease": 90,
            "evidence_ids": [str(CASE), str(OTHER_CASE)],
            "task_id": str(CASE),
            "cause": None,
        },
    }


@pytest.mark.usefixtures("anna")
async def test_what_time_did_is_on_the_log_too(bpa_api: httpx.AsyncClient, auditor: SignedInExpert) -> None:
    (line,) = await lines(bpa_api, auditor, act="lease_lost")

    assert (line["actor_id"], line["actor_name"], line["details"]) == (None, "system", {})


async def test_the_log_can_be_filtered(
    bpa_api: httpx.AsyncClient, auditor: SignedInExpert, anna: SignedInExpert
) -> None:
    def minute(number: int) -> str:
        return (NOON + timedelta(minutes=number)).isoformat()

    assert acts(await lines(bpa_api, auditor, case_id=CASE)) == ["case_released", "case_claimed"]
    assert acts(await lines(bpa_api, auditor, actor_id=anna.expert.id)) == ["case_released", "case_claimed"]
    assert acts(await lines(bpa_api, auditor, since=minute(5), until=minute(10))) == ["case_released"]
    assert acts(await lines(bpa_api, auditor, case_id=OTHER_CASE, act="case_claimed")) == []


@pytest.mark.usefixtures("anna")
async def test_the_log_comes_page_by_page_the_newest_first(
    bpa_api: httpx.AsyncClient, auditor: SignedInExpert
) -> None:
    found: list[str] = []
    query: dict[str, Any] = {"limit": 1, "until": (NOON + timedelta(hours=1)).isoformat()}
    while True:
        answer = await bpa_api.get("/api/v1/audit", params=query, headers=auditor.headers)
        found += [line["act"] for line in answer.json()["items"]]
        query["cursor"] = answer.json()["next_cursor"]
        if query["cursor"] is None:
            break

    assert found == ["lease_lost", "case_released", "case_claimed"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"cursor": "WyIxIl0"}, 200),  # ["1"]
        ({"cursor": "WyI5MjIzMzcyMDM2ODU0Nzc1ODA4Il0"}, 400),  # one more than a bigint holds
        ({"cursor": "WyIxLjUiXQ"}, 400),  # ["1.5"]
        ({"case_id": "7"}, 422),
        ({"since": "yesterday"}, 422),
        ({"since": "2026-03-02T12:00:00"}, 422),  # whose noon?
        ({"since": "0001-01-01T00:00:00+14:00"}, 422),
        ({"until": "9999-12-31T23:59:59-14:00"}, 422),
        ({"since": "0001-01-01T00:00:00Z", "until": "9999-12-31T23:59:59Z"}, 200),
        ({"limit": 0}, 422),
        ({"act": "x" * 65}, 422),
        ({"act": "'; drop table audit_entries; --"}, 200),
    ],
)
async def test_whatever_is_asked_is_answered_clearly(
    bpa_api: httpx.AsyncClient, auditor: SignedInExpert, query: dict[str, Any], status: int
) -> None:
    answer = await bpa_api.get("/api/v1/audit", params=query, headers=auditor.headers)

    assert answer.status_code == status


async def test_an_entry_stands_or_falls_with_its_act(bpa_ports: ApiPorts, bpa_api: httpx.AsyncClient) -> None:
    auditor = await sign_in(bpa_ports, Role.AUDITOR)
    case_id: UUID = new_id()

    async def act_and_fail() -> None:
        async with bpa_ports.backbone.database.writing() as session:
            audit.record(session, "case_claimed", by=auditor.expert, subject_id=case_id, now=NOON)
            raise RuntimeError("something went wrong afterwards")

    with pytest.raises(RuntimeError):
        await act_and_fail()

    assert await lines(bpa_api, auditor, case_id=case_id) == []
