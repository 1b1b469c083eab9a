"""The board of a company with very many checks: what is read for it does not grow with them."""

from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from cabinet_service.inspections.board import queries, schemas
from tests.service.companies.conftest import Firm
from tests.service.inspections.conftest import Person
from tests.support.plans import reads_counted

CHECKS: Final = 4_000
OF_AGENT: Final = 20
PAGE: Final = 10
BOUND: Final = 100
"""What a few (`queries.MOST_…`) is here."""
MOST_READ: Final = 4 * BOUND
_MANY: Final = """
INSERT INTO inspections (
    id, number, account_id, company_id, branch_id, state, identifier, version,
    created_at, updated_at, submitted_at
)
SELECT gen_random_uuid(), 'A-' || $1 || n, $2, $3, $4,
    CASE WHEN n % 200 = 0 THEN 'draft' WHEN n % 200 = 1 THEN 'in_work' WHEN n % 10 = 2 THEN 'expired'
        ELSE (ARRAY['closed', 'answered'])[1 + n % 2] END,
    (ARRAY['WVWZZZ1JZ3W', 'XTA210990Y2'])[1 + n / 2 % 2] || lpad(n::text, 6, '0'), 1,
    now() - n * interval '1 minute', now(), now() - n * interval '1 minute'
FROM generate_series(1, $5::bigint) AS n
"""


@pytest.fixture
async def agent(firm: Firm, client: Person, cabinet_superuser_url: str) -> Person:
    """Who has ordered a few of very many, for a branch of which nearly all others are."""
    await firm.join(client)
    place = UUID(firm.id), UUID(firm.north)
    superuser = await asyncpg.connect(cabinet_superuser_url)
    await superuser.execute(_MANY, "8", firm.boss.account_id, *place, CHECKS)
    await superuser.execute(_MANY, "9", client.account_id, *place, OF_AGENT)
    await superuser.execute("VACUUM ANALYZE inspections")
    await superuser.close()
    return client


async def asked(person: Person, path: str, **params: Any) -> Any:
    """The answer; what was read for it is bounded."""
    with reads_counted() as counted:
        answer = await person.get(path, **params)
    assert answer.status_code == 200, answer.text
    most = max(counted)
    assert most.rows <= MOST_READ + params.get("limit", PAGE), (params, most)
    return answer.json()


async def test_a_page_reads_a_page_whoever_is_asked_for(firm: Firm, agent: Person) -> None:
    for phase in ("photos", "expert", "answered", "over"):
        for whose in (
            {},
            {"branch_id": firm.north},
            {"branch_id": firm.south},
            {"account_id": str(firm.boss.account_id)},
            {"account_id": str(agent.account_id)},
        ):
            wanted = {"phase": phase, "limit": PAGE} | whose
            page = await asked(firm.boss, f"{firm.path}/board", **wanted)
            if page["next_cursor"]:
                await asked(firm.boss, f"{firm.path}/board", cursor=page["next_cursor"], **wanted)
    of_agent = await asked(
        firm.boss, f"{firm.path}/board", phase="answered", account_id=str(agent.account_id)
    )
    assert len(of_agent["items"]) == 17


async def test_a_number_is_found_without_looking_at_all(
    firm: Firm, agent: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_NAMED", BOUND)
    monkeypatch.setattr(queries, "LOOKED_THROUGH", BOUND)

    async def found(text: str, **params: Any) -> list[str]:
        wanted = {"phase": "answered", "limit": PAGE, "q": text} | params
        page = await asked(firm.boss, f"{firm.path}/board", **wanted)
        return [one["number"] for one in page["items"]]

    for text in ("WVWZZZ1JZ3W003333", "wvw zzz1jz3w003333", "A-83333"):
        assert await found(text) == ["A-83333"], text
    assert await found("KNA") == []
    # So many begin like this that they are looked for among the youngest.
    few = [3, 6, 7, 10, 11, 14, 15, 18, 19]
    common = [f"A-{whose}{n}" for n in few for whose in "89"][:PAGE]
    assert sorted(await found("XTA")) == sorted(common)
    assert await found("XTA", account_id=str(agent.account_id)) == [f"A-9{n}" for n in few]


async def test_whoever_goes_on_finds_each_that_begins_so(
    firm: Firm, agent: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far back: a page that is short, or empty, leads on from where it was looked through."""
    monkeypatch.setattr(queries, "MOST_NAMED", BOUND)
    monkeypatch.setattr(queries, "LOOKED_THROUGH", BOUND)

    async def pages(phase: str, **whose: str) -> list[list[str]]:
        found: list[list[str]] = []
        wanted: dict[str, Any] = {"phase": phase, "limit": BOUND, "q": "XTA"} | whose
        while True:
            page = await asked(firm.boss, f"{firm.path}/board", **wanted)
            found.append([one["number"] for one in page["items"]])
            if page["next_cursor"] is None:
                return found
            wanted["cursor"] = page["next_cursor"]

    named = [n for n in range(1, CHECKS + 1) if n // 2 % 2 and n % 200 not in (0, 1)]
    over = [n for n in named if n % 10 == 2]
    for phase, numbers in (("over", over), ("answered", [n for n in named if n not in over])):
        found = await pages(phase, account_id=str(firm.boss.account_id))
        assert [one for page in found for one in page] == [f"A-8{n}" for n in numbers], "the youngest first"
        assert any(len(page) < BOUND for page in found[:-1])
    assert await pages("answered", account_id=str(agent.account_id)) == [
        [f"A-9{n}" for n in named if n <= OF_AGENT and n not in over]
    ]
    assert await pages("photos") == [[]], "all of them were looked through"


async def test_counting_ends(firm: Firm, agent: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (queries, schemas):
        monkeypatch.setattr(module, "MOST_COUNTED", BOUND)
    waiting = len(range(200, CHECKS + 1, 200))
    told = await asked(firm.boss, f"{firm.path}/board/counts")
    assert (told["counts"]["photos"], told["more"]) == (waiting, ["answered", "over"])
    told = await asked(firm.boss, f"{firm.path}/board/counts", account_id=str(agent.account_id))
    assert told["counts"] == {"photos": 0, "expert": 1, "answered": 17, "over": 2}
