"""From an empty draft to an inspection that the experts have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting import service as drafting
from service_kit.db import database_now
from tests.service.inspections.conftest import VIN, Bpa, Company, Person, Submitted

Photo = Callable[[], bytes]


async def test_a_draft_keeps_what_was_typed_and_shows_how_it_is_read(client: Person) -> None:
    typed = "  sаl 1A2A40-SA606662"  # the second letter is Cyrillic
    draft = await client.start({"identifier": typed, "make": " Land Rover "}, worry="🚗 سيارة")
    claim = draft["claim"]
    assert claim["identifier"] == typed
    assert claim["make"] == "Land Rover"
    assert draft["worry"] == "🚗 سيارة"
    reading = claim["identifier_reading"]
    assert (reading["value"], reading["display"], reading["ok"]) == (VIN, "SAL 1A2A40 SA606662", True)
    assert reading["changes"] == [{"position": 2, "typed": "А", "became": "A"}]
    assert draft["state"] == "draft"
    assert draft["missing"] == ["vin_place_photo"]
    assert "submit" in draft["acts"]
    assert "close" not in draft["acts"]


@pytest.mark.parametrize(
    ("typed", "kind", "issue"),
    [
        ("SAL1A2A40SA60666", None, "vin_too_short"),
        ("SAL1A2A40SA6066622", None, "vin_too_long"),
        ("SAL1A2A4OSA606662", None, "vin_bad_character"),
        ("IAL1A2A40SA60Q662", None, "vin_bad_character"),
        ("🚗🚗🚗", None, "vin_bad_character"),
        ("12", "frame", "frame_malformed"),
    ],
)
async def test_a_number_with_errors_is_kept_but_not_sent(
    client: Person, photo: Photo, typed: str, kind: str | None, issue: str
) -> None:
    draft = await client.start({"identifier": typed, "identifier_kind": kind})
    assert issue in [one["code"] for one in draft["claim"]["identifier_reading"]["issues"]]
    assert draft["missing"] == ["identifier_without_errors", "vin_place_photo"]
    await client.send_file(draft["id"], photo())
    answer = await client.post(f"/inspections/{draft['id']}/submit")
    assert answer.status_code == 409
    assert answer.json()["code"] == "inspection_incomplete"
    assert answer.json()["params"]["missing"] == ["identifier_without_errors"]
    assert issue in answer.json()["params"]["issues"]


@pytest.mark.parametrize(
    ("claim", "kind", "value"),
    [
        ({"identifier": "sv30 0169266"}, "frame", "SV30-0169266"),
        ({"plate": "а123вс77"}, "plate", "A123BC77"),
        ({"identifier": VIN, "plate": "А123ВС77"}, "vin", VIN),
    ],
)
async def test_a_car_may_be_known_by_other_numbers(
    bpa: Bpa, submitted: Submitted, claim: dict[str, str], kind: str, value: str
) -> None:
    sent = await submitted(claim=claim)
    [envelope] = await bpa.envelopes(sent["id"])
    assert (envelope.data["claim"]["identifier_kind"], envelope.data["claim"]["identifier"]) == (kind, value)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ({"identifier": "SAL1A2A4OSA60666"}, "SAL1A2A4OSA60666"),
        ({"identifier": "АБВ_1", "identifier_kind": "frame"}, None),
        ({"identifier": "SAL1A2A4😀SA606662"}, None),
    ],
)
async def test_what_stands_on_the_metal_is_sent_where_the_client_says_so(
    client: Person, bpa: Bpa, photo: Photo, claim: dict[str, str], value: str | None
) -> None:
    draft = await client.start(claim)
    path = f"/inspections/{draft['id']}"
    await client.send_file(draft["id"], photo())
    assert (await client.post(f"{path}/submit")).status_code == 409
    seen = (await client.patch(path, {"claim": {"as_seen": True}})).json()
    assert seen["claim"]["as_seen"]
    sent = await client.post(f"{path}/submit")
    if value is None:
        assert (sent.status_code, sent.json()["code"]) == (409, "inspection_incomplete")
        return
    assert sent.status_code == 200, sent.text
    [envelope] = await bpa.envelopes(draft["id"])
    assert (envelope.data["claim"]["identifier"], envelope.data["claim"]["as_seen"]) == (value, True)


async def test_a_number_that_breaks_no_rule_is_sent_without_that_flag(bpa: Bpa, submitted: Submitted) -> None:
    sent = await submitted(claim={"identifier": VIN, "as_seen": True})
    [envelope] = await bpa.envelopes(sent["id"])
    assert envelope.data["claim"]["as_seen"] is False


async def test_a_patch_changes_what_it_names_and_nothing_else(client: Person) -> None:
    draft = await client.start({"identifier": "X", "make": "Lada", "year": 2019}, worry="rust")
    path = f"/inspections/{draft['id']}"
    patched = (await client.patch(path, {"claim": {"identifier": VIN, "year": None}})).json()
    assert patched["claim"]["identifier_reading"]["value"] == VIN
    assert (patched["claim"]["make"], patched["claim"]["year"], patched["worry"]) == ("Lada", None, "rust")
    assert (await client.patch(path, {"worry": "  "})).json()["worry"] is None


async def test_a_submit_with_nothing_names_all_that_is_missing(client: Person, bpa: Bpa) -> None:
    draft = (await client.post("/inspections", {})).json()
    answer = await client.post(f"/inspections/{draft['id']}/submit")
    assert answer.json()["params"]["missing"] == ["identifier", "vin_place_photo"]
    assert await bpa.was_told(draft["id"]) == []
    assert (await client.inspection(draft["id"]))["state"] == "draft"


async def test_a_photo_of_something_else_is_not_enough(client: Person, photo: Photo) -> None:
    draft = await client.start()
    await client.send_file(draft["id"], photo(), shot="odometer")
    assert (await client.inspection(draft["id"]))["missing"] == ["vin_place_photo"]


async def test_submitting_tells_the_experts_everything(client: Person, bpa: Bpa, photo: Photo) -> None:
    draft = await client.start(
        {"identifier": VIN, "make": "Land Rover", "mileage_km": 12000, "advert_url": "avito.ru/17"},
        worry="Uneven digits",
    )
    for shot in ("vin_plate", "front"):
        await client.send_file(draft["id"], photo(), shot=shot)
    sent = (await client.post(f"/inspections/{draft['id']}/submit")).json()
    assert (sent["state"], sent["missing"]) == ("submitted", [])
    [envelope] = await bpa.envelopes(draft["id"])
    assert envelope.name == "inspection.submitted.v1"
    assert envelope.data["number"] == sent["number"]
    assert envelope.data["client"]["account_id"] == str(client.account_id)
    assert envelope.data["claim"]["advert_url"] == "https://avito.ru/17"
    assert envelope.data["worry"] == "Uneven digits"
    assert [photo["shot"] for photo in envelope.data["evidence"]] == ["vin_plate", "front"]
    assert [photo["evidence_id"] for photo in envelope.data["evidence"]] == [
        p["id"] for p in sent["evidence"]
    ]
    assert await client.kinds(draft["id"]) == ["created", "photo_added", "photo_added", "submitted"]


async def test_two_submits_with_one_key_are_one(client: Person, bpa: Bpa, photo: Photo) -> None:
    draft = await client.start()
    await client.send_file(draft["id"], photo())
    path = f"/inspections/{draft['id']}/submit"
    first, second = [await client.post(path, key="one-and-the-same") for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    third = await client.post(path, key="another-key")
    assert (third.status_code, third.json()["code"]) == (409, "inspection_already_submitted")
    assert await bpa.was_told(draft["id"]) == ["inspection.submitted"]


async def test_what_was_sent_is_no_longer_changed(client: Person, submitted: Submitted) -> None:
    sent = await submitted()
    path = f"/inspections/{sent['id']}"
    patched = await client.patch(path, {"worry": "new"})
    removed = await client.delete(f"{path}/evidence/{sent['evidence'][0]['id']}")
    assert {answer.json()["code"] for answer in (patched, removed)} == {"inspection_already_submitted"}
    assert (await client.inspection(sent["id"])) == sent


async def test_the_number_is_short_and_never_the_same(client: Person) -> None:
    numbers = [(await client.start())["number"] for _ in range(3)]
    assert len(set(numbers)) == 3
    assert all(number.startswith("A-") and len(number) == 9 for number in numbers)


async def test_a_cancelled_draft_is_nothing_to_the_experts(client: Person, bpa: Bpa, photo: Photo) -> None:
    draft = await client.start()
    await client.send_file(draft["id"], photo())
    answer = await client.post(f"/inspections/{draft['id']}/cancellation", {"reason": "changed my mind"})
    assert (answer.status_code, answer.json()["state"]) == (201, "cancelled")
    assert answer.json()["evidence"] == []
    assert await bpa.was_told(draft["id"]) == []
    for act in ("submit", "closure"):
        refused = await client.post(f"/inspections/{draft['id']}/{act}")
        assert (refused.status_code, refused.json()["code"]) == (409, "inspection_is_over")
        assert refused.json()["params"] == {"state": "cancelled"}
    late = await client.send_file(draft["id"], photo())
    assert late.json()["code"] == "inspection_is_over"


async def test_drafts_that_nobody_touches_expire(
    client: Person, cabinet_ports: ApiPorts, photo: Photo
) -> None:
    old, fresh = await client.start(), await client.start()
    await client.send_file(old["id"], photo())
    database = cabinet_ports.backbone.database
    async with database.writing() as session:
        await session.execute(
            update(Inspection)
            .where(Inspection.id == old["id"])
            .values(
                created_at=Inspection.created_at - timedelta(days=31),
                updated_at=Inspection.updated_at - timedelta(days=31),
            )
        )
    async with database.writing() as session:
        await drafting.expire_drafts(session, await database_now(session), patience=timedelta(days=30))
    expired = await client.inspection(old["id"])
    assert (expired["state"], expired["evidence"]) == ("expired", [])
    assert (await client.inspection(fresh["id"]))["state"] == "draft"
    assert (await client.kinds(old["id"]))[-1] == "expired"


async def test_a_known_version_is_not_sent_again(client: Person, photo: Photo) -> None:
    draft = await client.start()
    path = f"/inspections/{draft['id']}"
    etag = (await client.get(path)).headers["etag"]
    again = await client.get(path, headers={"If-None-Match": f'"7", W/{etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    await client.send_file(draft["id"], photo())
    assert (await client.get(path, headers={"If-None-Match": etag})).status_code == 200


async def numbers(person: Person, **params: Any) -> list[str]:
    answer = await person.get("/inspections", **params)
    assert answer.status_code == 200, answer.text
    return [row["number"] for row in answer.json()["items"]]


async def test_the_list_is_paged_from_the_youngest(client: Person) -> None:
    made = [(await client.start())["number"] for _ in range(5)]
    first = await client.get("/inspections", limit=2)
    cursor = first.json()["next_cursor"]
    assert f"cursor={cursor}" in first.headers["link"]
    second = await client.get("/inspections", limit=2, cursor=cursor)
    third = await client.get("/inspections", limit=2, cursor=second.json()["next_cursor"])
    assert third.json()["next_cursor"] is None
    shown = [row["number"] for page in (first, second, third) for row in page.json()["items"]]
    assert shown == made[::-1]
    assert (await client.get("/inspections", cursor="WzFd")).json()["code"] == "bad_cursor"


async def test_the_list_is_filtered(client: Person, submitted: Submitted) -> None:
    draft = await client.start({"identifier": "SV30-0169266", "plate": "А123ВС77"})
    sent = await submitted()
    assert await numbers(client, state="draft") == [draft["number"]]
    assert await numbers(client, state=["draft", "submitted"]) == [sent["number"], draft["number"]]
    for beginning in ("sv30-01", "SV30 01", "а123", "А 123 ВС", draft["number"], draft["number"].lower()):
        assert await numbers(client, q=beginning) == [draft["number"]], beginning
    assert await numbers(client, q="%") == []
    assert await numbers(client, updated_since=sent["updated_at"]) == [sent["number"]]


async def test_other_peoples_inspections_are_not_there(
    client: Person, stranger: Person, submitted: Submitted, photo: Photo
) -> None:
    sent = await submitted()
    path = f"/inspections/{sent['id']}"
    evidence = f"{path}/evidence/{sent['evidence'][0]['id']}"
    reads = [path, f"{path}/messages", f"{path}/info-tasks", f"{path}/clock", f"{path}/timeline"]
    reads += [f"{path}/decisions", f"{evidence}/original", f"{evidence}/preview"]
    answers = [await stranger.get(read) for read in reads]
    writes: dict[str, dict[str, Any] | None] = {
        "submit": None,
        "closure": None,
        "cancellation": {},
        "messages": {"text": "hello"},
        "disputes": {"reason": "no"},
        f"info-tasks/{sent['id']}/fulfilment": {"answer": "yes"},
        f"info-tasks/{sent['id']}/refusal": {"reason": "other"},
    }
    answers += [await stranger.post(f"{path}/{act}", body) for act, body in writes.items()]
    answers += [await stranger.patch(path, {}), await stranger.delete(evidence)]
    answers += [await stranger.send_file(sent["id"], photo())]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}
    assert await numbers(stranger) == []
    own = await stranger.start()
    foreign = await stranger.get(f"/inspections/{own['id']}/evidence/{sent['evidence'][0]['id']}/original")
    assert foreign.status_code == 404
    assert await client.inspection(sent["id"]) == sent


async def test_a_company_sees_what_its_people_order(company: Company, stranger: Person) -> None:
    north, south = company.agents
    of_north = await north.start(company_id=str(company.id))
    of_south = await south.start(company_id=str(company.id), branch_id=str(company.branches[1]))
    private = await north.start()
    assert of_north["branch_id"] == str(company.branches[0])
    assert await numbers(company.admin) == [of_south["number"], of_north["number"]]
    assert await numbers(north) == [private["number"], of_north["number"]]
    assert await numbers(north, company_id=str(company.id)) == [of_north["number"]]
    assert await numbers(south) == [of_south["number"]]
    assert (await south.get(f"/inspections/{of_north['id']}")).status_code == 404
    assert (await company.admin.get(f"/inspections/{private['id']}")).status_code == 404
    for body in (
        {"company_id": str(company.id), "branch_id": str(company.branches[1])},
        {"branch_id": str(company.branches[0])},
    ):
        assert (await north.post("/inspections", body)).status_code == 404
    foreign = await stranger.post("/inspections", {"company_id": str(company.id)})
    assert foreign.status_code == 404
    strange = {"company_id": str(company.id), "branch_id": of_north["id"]}
    assert (await company.admin.post("/inspections", strange)).status_code == 404


async def test_whoever_leaves_a_company_leaves_its_inspections(
    company: Company, cabinet_ports: ApiPorts
) -> None:
    north = company.agents[0]
    ordered = await north.start(company_id=str(company.id))
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(text("DELETE FROM memberships WHERE role = 'partner_agent'"))
    assert (await north.get(f"/inspections/{ordered['id']}")).status_code == 404
    assert await numbers(north) == []


async def test_a_draft_that_was_deleted_is_in_no_list_of_all(client: Person, submitted: Submitted) -> None:
    kept, deleted, cancelled = (await client.start())["id"], (await client.start())["id"], await submitted()
    for inspection_id in (deleted, cancelled["id"]):
        assert (await client.post(f"/inspections/{inspection_id}/cancellation", {})).status_code == 201

    async def listed(query: str = "") -> list[str]:
        return [row["id"] for row in (await client.send("GET", f"/inspections{query}")).json()["items"]]

    assert await listed() == [cancelled["id"], kept]
    # Programs that keep a list of their own hear of it.
    assert await listed("?state=cancelled") == [cancelled["id"], deleted]
    assert deleted in await listed("?updated_since=2026-01-01T00:00:00Z")
