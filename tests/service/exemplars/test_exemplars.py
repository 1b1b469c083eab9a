"""The reference base over the API: adding, searching, changing and retiring."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.audit import queries as audit
from bpa_service.experts import scopes
from bpa_service.experts.domain import Role
from service_kit.db import NOBODY, SYSTEM
from service_kit.paging import Page
from tests.service.exemplars.conftest import PATH, Colleague, another_picture
from tests.service.rls.walls import seen, within
from tests.support.experts import sign_in

NOBODYS_ID = UUID(int=7)


async def acts(ports: ApiPorts) -> list[tuple[str, dict[str, object]]]:
    """What the audit log says of exemplars, the oldest first."""
    async with ports.backbone.database.reading() as session:
        entries = await audit.entries(session, audit.AuditFilter(), Page(None, 200))
    return [(one.act, one.details) for one in reversed(entries) if one.act.startswith("exemplar_")]


async def test_what_a_senior_adds_an_expert_finds(
    senior: Colleague, expert: Colleague, bpa_ports: ApiPorts
) -> None:
    added = await senior.added(
        model=" Defender ",
        plant="Солихалл",
        year_from=2007,
        year_to=2016,
        tags="Dot-Peen, right  rail,, dot-peen ",
        note="The 4 is open.",
    )

    assert added == {
        "id": added["id"],
        "make": "Land Rover",
        "model": "Defender",
        "plant": "Солихалл",
        "year_from": 2007,
        "year_to": 2016,
        "marking": "vin_stamped",
        "tags": ["dot-peen", "right  rail"],
        "note": "The 4 is open.",
        "author": {"expert_id": str(senior.who.expert.id), "display_name": "Senior"},
        "added_at": added["added_at"],
        "retired_at": None,
        "picture": {"width": 640, "height": 480, "sha256": added["picture"]["sha256"]},
        "kept_from": None,
    }
    assert await expert.search() == [added]
    assert (await expert.get(f"/{added['id']}")).json() == added
    assert await acts(bpa_ports) == [
        (
            "exemplar_added",
            {
                "exemplar_id": added["id"],
                "marking": "vin_stamped",
                "sha256": added["picture"]["sha256"],
            },
        )
    ]


async def test_every_filter_narrows_the_search(senior: Colleague) -> None:
    old = await senior.added(year_to=1990, tags="hand-struck", note="100% genuine_one")
    rover = await senior.added(model="Discovery", year_from=2005, year_to=2009, marking="vin_plate")
    lada = await senior.added(make="Лада", plant="Тольятти", year_from=2010, tags="лазер, dot-peen")
    old, rover, lada = old["id"], rover["id"], lada["id"]

    assert await senior.found() == [lada, rover, old]
    assert await senior.found(make="LAND rover") == [rover, old]
    assert await senior.found(make="land") == []
    assert await senior.found(make="ЛАДА") == [lada]
    assert await senior.found(marking="vin_plate") == [rover]
    assert await senior.found(year=1985) == [old]
    assert await senior.found(year=2009) == [rover]
    assert await senior.found(year=2024) == [lada]
    assert await senior.found(tag="Dot-Peen") == [lada]
    assert await senior.found(tag="dot") == []
    assert await senior.found(make="Land Rover", year=2006, marking="vin_plate") == [rover]


async def test_text_is_looked_for_everywhere_and_taken_as_it_is(senior: Colleague) -> None:
    first = (await senior.added(tags="hand-struck", note="100% genuine_one"))["id"]
    second = (await senior.added(make="Лада", model="Niva", plant="Тольятти"))["id"]

    for text, expected in (
        ("rover", [first]),
        ("тольят", [second]),
        ("NIVA", [second]),
        ("d-str", [first]),
        ("100%", [first]),
        ("1%g", []),
        ("e_o", [first]),
        ("t_k", []),
        ("\\", []),
        ("a", [second, first]),
    ):
        assert await senior.found(text=text) == expected, text


async def test_pages_hold_every_exemplar_once(senior: Colleague) -> None:
    added = [(await senior.added(make="Лада"))["id"] for _ in range(5)]
    await senior.added()

    first = await senior.get("", make="лада", limit=2)
    second = await senior.get("", make="лада", limit=2, cursor=first.json()["next_cursor"])
    last = await senior.get("", make="лада", limit=2, cursor=second.json()["next_cursor"])

    pages = [page.json()["items"] for page in (first, second, last)]
    assert [item["id"] for page in pages for item in page] == added[::-1]
    assert last.json()["next_cursor"] is None
    assert 'rel="next"' in first.headers["link"]


async def test_tags_and_the_note_are_changed_and_the_log_says_so(
    senior: Colleague, bpa_ports: ApiPorts
) -> None:
    exemplar_id = (await senior.added(tags="a", note="Old."))["id"]

    changed = await senior.change(exemplar_id, tags=["B", "c", "b"])
    cleared = await senior.change(exemplar_id, note=" ")
    await senior.change(exemplar_id, tags=["b", "c"], note=None)

    assert (changed.json()["tags"], changed.json()["note"]) == (["b", "c"], "Old.")
    assert (cleared.json()["tags"], cleared.json()["note"]) == (["b", "c"], None)
    assert (await acts(bpa_ports))[1:] == [
        ("exemplar_changed", {"exemplar_id": exemplar_id, "changed": ["tags"]}),
        ("exemplar_changed", {"exemplar_id": exemplar_id, "changed": ["note"]}),
    ]


async def test_what_a_picture_is_of_does_not_change(senior: Colleague) -> None:
    exemplar_id = (await senior.added())["id"]

    assert (await senior.change(exemplar_id, make="BMW")).status_code == 422


async def test_a_retired_exemplar_is_out_of_the_search_and_can_still_be_read(
    senior: Colleague, expert: Colleague, bpa_ports: ApiPorts
) -> None:
    exemplar_id = (await senior.added())["id"]

    assert [(await senior.retire(exemplar_id)).status_code for _ in range(2)] == [204, 204]

    assert await expert.found() == []
    assert await expert.found(include_retired="true") == [exemplar_id]
    assert (await expert.get(f"/{exemplar_id}")).json()["retired_at"] is not None
    assert (await expert.get(f"/{exemplar_id}/picture")).status_code == 200
    refused = await senior.change(exemplar_id, tags=["late"])
    assert (refused.status_code, refused.json()["code"]) == (409, "exemplar_retired")
    assert (await acts(bpa_ports))[1:] == [("exemplar_retired", {"exemplar_id": exemplar_id})]


async def test_the_same_picture_is_taken_once_until_it_is_retired(
    senior: Colleague, bpa_ports: ApiPorts
) -> None:
    picture = another_picture()
    first = await senior.added(picture)

    again = await senior.send(picture, make="BMW")
    assert (again.status_code, again.json()["code"]) == (409, "exemplar_known")
    assert again.json()["params"] == {"exemplar_id": first["id"]}
    assert len(await acts(bpa_ports)) == 1

    await senior.retire(first["id"])
    assert (await senior.added(picture))["id"] != first["id"]


async def test_of_two_who_add_the_same_picture_at_once_one_does(senior: Colleague) -> None:
    picture = another_picture()

    answers = await asyncio.gather(*(senior.send(picture) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    [added] = await senior.found()
    refusals = [answer.json() for answer in answers if answer.status_code == 409]
    assert {one["params"]["exemplar_id"] for one in refusals} == {added}


async def test_sent_again_with_its_key_it_is_the_same_exemplar(senior: Colleague) -> None:
    """A browser makes the form anew, with another boundary."""
    picture = another_picture()
    first = await senior.send(picture, key="once-and-only")
    again = await senior.send(picture, key="once-and-only")
    other = await senior.send(picture, key="once-and-only", make="BMW")
    without = await senior.api.post(
        PATH, data={"make": "BMW", "marking": "other"}, files={"file": picture}, headers=senior.who.headers
    )

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"make": " "}, "/make"),
        ({"make": "x" * 65}, "/make"),
        ({"marking": "stamp"}, "/marking"),
        ({"year_from": 1899}, "/year_from"),
        ({"year_from": "soon"}, "/year_from"),
        ({"year_from": 2010, "year_to": 2009}, "/year_to"),
        ({"tags": "x" * 41}, "/tags/0"),
        ({"tags": ",".join(map(str, range(21)))}, "/tags"),
        ({"note": "x" * 2001}, "/note"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_wrong_field_is_named(senior: Colleague, fields: dict[str, Any], pointer: str) -> None:
    answer = await senior.send(**fields)

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_the_longest_note_and_tags_fit_into_the_form(senior: Colleague) -> None:
    tags = [f"{number:02}" + "ж" * 38 for number in range(20)]

    added = await senior.added(note="ж" * 2000, tags=",".join(tags), model="", year_to="")

    assert (len(added["note"]), added["tags"], added["model"], added["year_to"]) == (2000, tags, None, None)


async def test_what_is_not_there_is_not_found(senior: Colleague) -> None:
    answers = [
        await senior.get(f"/{NOBODYS_ID}"),
        await senior.get(f"/{NOBODYS_ID}/picture"),
        await senior.get(f"/{NOBODYS_ID}/picture", headers={"If-None-Match": f'"{NOBODYS_ID}"'}),
        await senior.change(str(NOBODYS_ID), tags=[]),
        await senior.retire(str(NOBODYS_ID)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


async def test_who_is_no_curator_is_refused_before_the_picture_is_read(expert: Colleague) -> None:
    async def endless() -> object:
        raise AssertionError("the body was read")
        yield b""

    answer = await expert.api.post(
        PATH,
        content=endless(),  # pyright: ignore[reportArgumentType] - it is never iterated over
        headers=expert.who.headers | {"Content-Type": "multipart/form-data; boundary=a"},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_the_walls_let_the_desk_read_and_only_curators_write(
    senior: Colleague, bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, bpa_url: str
) -> None:
    assert bpa_api
    await senior.added()
    tables = {"exemplars", "exemplar_pictures"}
    everything = await seen(bpa_url, SYSTEM, tables)
    assert not any((await seen(bpa_url, NOBODY, tables)).values())
    for role in Role:
        scope = scopes.of((await sign_in(bpa_ports, role)).expert)
        assert await seen(bpa_url, scope, tables) == everything
        may = int(role in {Role.SENIOR, Role.BPA_ADMIN})
        async with within(bpa_url, scope) as connection:
            assert await connection.execute("UPDATE exemplars SET note = 'x'") == f"UPDATE {may}"
            assert await connection.execute("DELETE FROM exemplar_pictures") == f"DELETE {may}"
        if not may:
            async with within(bpa_url, scope) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                    await connection.execute("INSERT INTO exemplar_pictures VALUES ($1, '')", uuid4())


async def test_a_make_is_found_by_its_index_through_the_wall(senior: Colleague, bpa_url: str) -> None:
    async with within(bpa_url, scopes.of(senior.who.expert)) as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        plan = await connection.fetch(
            "EXPLAIN SELECT * FROM exemplars WHERE make_key = 'land rover' AND retired_at IS NULL"
            " ORDER BY added_at DESC, id DESC LIMIT 51"
        )
    told = "\n".join(row[0] for row in plan)
    assert "Index Cond: ((make_key)::text = 'land rover'::text)" in told
    assert "Sort" not in told
