"""Cases over HTTP: the manners of the API, and each refusal with its code."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from bpa_service.experts.domain import Role
from tests.service.cases.caller import Caller, Json, decision, opened_now, problem
from tests.service.cases.conftest import Desk
from tests.support.experts import sign_in


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


@pytest.fixture
async def boris(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "boris"))


@pytest.fixture
async def vera(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.SENIOR, "vera"))


@pytest.fixture
async def lead(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.SHIFT_LEAD, "lena"))


@pytest.fixture
async def case_id(desk: Desk) -> UUID:
    """A case that was submitted just now, by the database's clock, which is the API's."""
    return await opened_now(desk, "A-0000001")


async def place(caller: Caller, case_id: UUID) -> Json:
    [evidence] = (await caller.case(case_id))["evidence"]
    return {
        "evidence_id": evidence["evidence_id"],
        "region": {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.3},
    }


async def test_the_whole_work_on_a_case(anna: Caller, case_id: UUID) -> None:
    case = await anna.case(case_id)
    assert (case["state"], case["identifier"], case["acts"]) == (
        "queued",
        "SAL 1A2A40 SA606662",
        ["claim"],
    )
    lease = await anna.post(f"/cases/{case_id}/lease")
    assert (lease.status_code, lease.json()["state"]) == (201, "in_work")
    beat = await anna.send("PUT", f"/cases/{case_id}/lease")
    assert beat.json()["expires_at"] > lease.json()["expires_at"]
    where = await place(anna, case_id)
    finding = await anna.post(
        f"/cases/{case_id}/findings", {"severity": "anomaly", "text": "It stands lower.", "places": [where]}
    )
    assert (finding.status_code, finding.json()["author"]["display_name"]) == (201, "Anna")
    changed = await anna.send(
        "PATCH", f"/cases/{case_id}/findings/{finding.json()['finding_id']}", {"text": "It stands lower!"}
    )
    assert (changed.json()["text"], changed.json()["places"]) == ("It stands lower!", [where])
    note = await anna.post(f"/cases/{case_id}/notes", {"text": "Ask Vera?"})
    message = await anna.post(f"/cases/{case_id}/messages", {"text": "A few minutes."})
    assert (note.status_code, message.status_code) == (201, 201)
    case = await anna.case(case_id)
    answer = await anna.post(
        f"/cases/{case_id}/decision",
        decision(verdict="doubts", finding_ids=[finding.json()["finding_id"]]),
        seen=case["version"],
    )
    assert (answer.status_code, answer.json()["version"], answer.json()["kind"]) == (201, 1, "final")
    case = await anna.case(case_id)
    given = answer.json()
    assert given.pop("next") is None
    assert (case["state"], case["holder"], case["decisions"]) == ("answered", None, [given])
    assert case["clock"]["stopped_at"] == answer.json()["decided_at"]
    timeline = (await anna.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [(entry["kind"], entry["who"]) for entry in reversed(timeline)] == [
        ("case_opened", "client"),
        ("case_claimed", "Anna"),
        ("finding_recorded", "Anna"),
        ("finding_changed", "Anna"),
        ("note_written", "Anna"),
        ("message_posted", "Anna"),
        ("decision_issued", "Anna"),
    ]


async def test_nothing_is_clean_over_a_contradiction(anna: Caller, case_id: UUID) -> None:
    await anna.post(f"/cases/{case_id}/lease")
    case = f"/cases/{case_id}"
    confirmed, against = [
        (await anna.post(f"{case}/findings", {"severity": one, "text": "So.", "rule_ref": "font-7"})).json()
        for one in ("confirmed", "contradiction")
    ]
    clean = decision(verdict="clean", finding_ids=[confirmed["finding_id"]])

    async def decided(**more: object) -> httpx.Response:
        return await anna.post(f"{case}/decision", clean | more, seen=(await anna.case(case_id))["version"])

    refused = await decided()
    assert problem(refused) == (409, "decision_incomplete")
    assert refused.json()["params"]["missing"] == ["finding_left_out", "contradiction_unresolved"]
    address = f"{case}/findings/{against['finding_id']}"
    assert problem(await anna.send("DELETE", address)) == (409, "finding_reason_needed")
    both = [confirmed["finding_id"], against["finding_id"]]
    twice = await decided(left_out=[{"finding_id": against["finding_id"], "reason": "."}], finding_ids=both)
    assert problem(twice)[0] == 422
    explained = await anna.send("PUT", f"{address}/explanation", {"text": "Re-marked by law."})
    assert (explained.json()["explanation"], explained.json()["explained_by"]["display_name"]) == (
        "Re-marked by law.",
        "Anna",
    )
    assert (await anna.send("DELETE", f"{address}/explanation")).status_code == 204
    withdrawn = await anna.send("PUT", f"{address}/withdrawal", {"reason": "A reflection."})
    assert withdrawn.status_code == 204
    seen = await anna.case(case_id)
    assert [one["finding_id"] for one in seen["findings"]] == [confirmed["finding_id"]]
    assert [(one["reason"], one["withdrawn_by"]["display_name"]) for one in seen["withdrawn_findings"]] == [
        ("A reflection.", "Anna")
    ]
    assert (await decided()).status_code == 201


async def test_a_case_of_somebody_else_says_whose(anna: Caller, boris: Caller, case_id: UUID) -> None:
    await anna.post(f"/cases/{case_id}/lease")

    claimed = await boris.post(f"/cases/{case_id}/lease")
    decided = await boris.post(f"/cases/{case_id}/decision", decision(), seen=2)

    assert problem(claimed) == (409, "case_held")
    assert problem(decided) == (409, "case_held_by_other")
    assert claimed.json()["params"] == decided.json()["params"] == {"holder": "Anna"}
    assert "Anna" in decided.json()["detail"]


async def test_decisions_say_which_version_they_are_about(anna: Caller, vera: Caller, case_id: UUID) -> None:
    await anna.post(f"/cases/{case_id}/lease")

    for path in ("decision", "amendments"):
        caller, body = (anna, decision()) if path == "decision" else (vera, decision(reason="Because."))
        for seen in (None, "*"):
            answer = await caller.post(f"/cases/{case_id}/{path}", body, seen=seen)
            assert problem(answer) == (428, "precondition_required")
    for seen in (1, 3, '"1', 'W/"x"', "99999999999999999999", '"1", "2"'):
        answer = await anna.post(f"/cases/{case_id}/decision", decision(), seen=seen)
        assert problem(answer) == (412, "version_conflict"), seen
        assert answer.json()["params"] == {"version": 2, "changed_by": "Anna"}
    assert (await anna.post(f"/cases/{case_id}/decision", decision(), seen=2)).status_code == 201


async def test_elsewhere_the_version_is_honoured_if_it_is_given(anna: Caller, case_id: UUID) -> None:
    assert problem(await anna.post(f"/cases/{case_id}/lease", seen=7)) == (412, "version_conflict")
    assert (await anna.post(f"/cases/{case_id}/lease", seen=1)).status_code == 201
    stale = await anna.send("DELETE", f"/cases/{case_id}/lease", seen=1)
    assert problem(stale) == (412, "version_conflict")
    assert (await anna.send("DELETE", f"/cases/{case_id}/lease", seen='W/"2"')).status_code == 204


async def test_a_case_that_has_not_changed_is_not_sent_again(anna: Caller, case_id: UUID) -> None:
    first = await anna.get(f"/cases/{case_id}")
    tag = first.headers["etag"]

    again = await anna.get(f"/cases/{case_id}", headers={"If-None-Match": tag})
    await anna.post(f"/cases/{case_id}/lease")
    changed = await anna.get(f"/cases/{case_id}", headers={"If-None-Match": tag})

    assert (tag, again.status_code, again.headers["etag"], again.content) == ('"1"', 304, tag, b"")
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')


async def test_an_incomplete_decision_says_what_is_missing(anna: Caller, case_id: UUID) -> None:
    await anna.post(f"/cases/{case_id}/lease")
    await anna.post(f"/cases/{case_id}/info-tasks", {"question": "The sticker?", "blocking": True})

    answer = await anna.post(f"/cases/{case_id}/decision", decision(verdict="clean"), seen=3)

    assert problem(answer) == (409, "decision_incomplete")
    assert answer.json()["params"]["missing"] == ["info_task_open", "finding_needed"]


async def test_a_finding_is_bound_to_something_of_the_case(anna: Caller, desk: Desk, case_id: UUID) -> None:
    await anna.post(f"/cases/{case_id}/lease")
    foreign = await place(anna, await opened_now(desk, "A-0000002"))

    async def find(**fields: object) -> httpx.Response:
        return await anna.post(f"/cases/{case_id}/findings", {"severity": "unusual", "text": "Hm."} | fields)

    assert problem(await find()) == (422, "finding_without_evidence")
    assert problem(await find(places=[foreign])) == (409, "unknown_evidence")
    outside = {**await place(anna, case_id), "region": {"x": 0.9, "y": 0, "width": 0.2, "height": 0.1}}
    assert problem(await find(places=[outside])) == (422, "malformed_request")
    assert problem(await find(places=[{**foreign, "zoom": 2}])) == (422, "malformed_request")
    assert problem(await find(rule_ref="font-7\x00")) == (422, "forbidden_character")
    assert (await find(rule_ref="font-7")).status_code == 201


async def test_every_post_is_done_once_per_key(
    anna: Caller, vera: Caller, lead: Caller, boris: Caller, desk: Desk, case_id: UUID
) -> None:
    async def twice(caller: Caller, path: str, body: Json | None = None, **options: Any) -> Json:
        key = uuid4().hex
        first = await caller.post(path, body, key=key, **options)
        version = (await caller.case(case_id))["version"]
        again = await caller.post(path, body, key=key, **options)
        assert (first.status_code, again.status_code) == (201, 201), first.json()
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"
        assert (await caller.case(case_id))["version"] == version
        other = await caller.post(path, (body or {}) | {"text": "Something else"}, key=key, **options)
        assert problem(other) == (422, "idempotency_key_reused")
        return first.json()

    case = f"/cases/{case_id}"
    await twice(anna, f"{case}/lease")
    await twice(anna, f"{case}/info-tasks", {"question": "Which year?", "blocking": False})
    found = await twice(
        anna, f"{case}/findings", {"severity": "unusual", "text": "Hm.", "rule_ref": "font-7"}
    )
    others = [{"finding_id": found["finding_id"], "reason": "Dirt."}]
    await twice(anna, f"{case}/notes", {"text": "Hm."})
    await twice(anna, f"{case}/messages", {"text": "Hello."})
    await twice(anna, f"{case}/second-opinion", {"question": "Genuine?"})
    await twice(vera, f"{case}/second-opinion/answer", {"verdict": "doubts", "text": "No."})
    await twice(lead, f"{case}/reassignment", {"expert_id": str(boris.expert.id)})
    seen = (await anna.case(case_id))["version"]
    await twice(boris, f"{case}/decision", decision(preliminary=True), seen=seen)
    await twice(boris, f"{case}/decision", decision(left_out=others), seen=seen + 1)
    seen = (await anna.case(case_id))["version"]
    await twice(vera, f"{case}/amendments", decision(reason="A certificate.", left_out=others), seen=seen)
    await twice(lead, "/incidents", {"note": "The bus is down."})
    other = await opened_now(desk, "A-0000002")
    await twice(lead, f"/cases/{other}/unprocessable", {"reason": "spam"})
    assert [d["version"] for d in (await anna.case(case_id))["decisions"]] == [1, 2, 3]


async def test_a_post_without_a_key_is_refused(anna: Caller, case_id: UUID) -> None:
    answer = await anna.post(f"/cases/{case_id}/lease", key="short")

    assert problem(answer) == (400, "idempotency_key_missing")
    assert (await anna.case(case_id))["state"] == "queued"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/clock", None),
        ("GET", "/timeline", None),
        ("GET", "/messages", None),
        ("GET", f"/evidence/{UUID(int=8)}", None),
        ("POST", "/lease", None),
        ("PUT", "/lease", None),
        ("DELETE", "/lease", None),
        ("POST", "/notes", {"text": "Hm."}),
        ("POST", "/findings", {"severity": "unusual", "text": "Hm.", "rule_ref": "r"}),
        ("DELETE", f"/info-tasks/{UUID(int=8)}", None),
    ],
)
async def test_a_case_that_is_not_there_is_not_found(
    anna: Caller, method: str, path: str, body: Json | None
) -> None:
    assert problem(await anna.send(method, f"/cases/{uuid4()}{path}", body)) == (404, "not_found")


async def test_the_photos_come_from_cabinet_and_their_absence_is_said(
    anna: Caller, desk: Desk, case_id: UUID
) -> None:
    own = (await place(anna, case_id))["evidence_id"]
    other = await opened_now(desk, "A-0000002")

    away = await anna.get(f"/cases/{case_id}/evidence/{own}", {"variant": "original"})

    assert problem(away) == (503, "evidence_unavailable")
    assert away.headers["retry-after"] == "5"
    assert problem(await anna.get(f"/cases/{other}/evidence/{own}")) == (404, "not_found")
    wrong = await anna.get(f"/cases/{case_id}/evidence/{own}", {"variant": "huge"})
    assert problem(wrong) == (422, "malformed_request")


async def test_incidents_are_told_and_end(anna: Caller, lead: Caller) -> None:
    assert problem(await anna.post("/incidents", {"note": "!"})) == (403, "not_allowed")
    incident = (await lead.post("/incidents", {"note": "The bus is down."})).json()
    assert (await lead.send("DELETE", f"/incidents/{incident['incident_id']}")).status_code == 204
    again = await lead.send("DELETE", f"/incidents/{incident['incident_id']}")
    assert problem(again) == (409, "incident_over")
    [listed] = (await anna.get("/incidents")).json()["items"]
    assert (listed["started_by"]["display_name"], listed["ended_by"]["display_name"]) == ("Lena", "Lena")


async def test_the_queue_is_read_page_by_page(anna: Caller, desk: Desk) -> None:
    expected = [str(await opened_now(desk, f"A-{number:07}")) for number in range(5)]
    pages: list[list[str]] = []
    cursor: str | None = None
    while len(pages) < 9:
        wanted = {"cursor": cursor} if cursor else {}
        answer = await anna.get("/queue", {"limit": 2} | wanted)
        pages.append([row["id"] for row in answer.json()["items"]])
        cursor = answer.json()["next_cursor"]
        assert ("link" in answer.headers) == (cursor is not None)
        if cursor is None:
            break

    assert pages == [expected[:2], expected[2:4], expected[4:]]
    assert problem(await anna.get("/queue", {"cursor": "bm9uc2Vuc2U"})) == (400, "bad_cursor")


async def test_cases_of_the_past_are_found_by_number_and_state(anna: Caller, desk: Desk) -> None:
    first, second = [await opened_now(desk, f"A-{number:07}") for number in (1, 2)]
    await anna.post(f"/cases/{first}/lease")

    async def listed(**wanted: str) -> list[str]:
        return [row["id"] for row in (await anna.get("/cases", wanted)).json()["items"]]

    assert await listed() == [str(second), str(first)]
    assert await listed(number="A-0000001") == [str(first)]
    assert await listed(state="queued") == [str(second)]
    assert await listed(number="A-0000001", state="queued") == []
    assert await listed(identifier="sal-1a2a40 sa606662") == await listed()
    assert await listed(identifier="А123ВС77") == []


async def test_old_messages_are_read_page_by_page(anna: Caller, case_id: UUID) -> None:
    await anna.post(f"/cases/{case_id}/lease")
    for number in range(3):
        await anna.post(f"/cases/{case_id}/messages", {"text": f"Word {number}"})

    newest = (await anna.get(f"/cases/{case_id}/messages", {"limit": 2})).json()
    older = (await anna.get(f"/cases/{case_id}/messages", {"cursor": newest["next_cursor"]})).json()

    texts = [message["text"] for page in (newest, older) for message in page["items"]]
    assert (texts, older["next_cursor"]) == (["Word 2", "Word 1", "Word 0"], None)
