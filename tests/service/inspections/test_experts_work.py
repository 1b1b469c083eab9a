"""What bpa says, mirrored; and what the client does about it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.acting import UnknownInspection
from cabinet_service.inspections.core.domain import ImpossibleReport
from service_kit.inbox import Outcome
from shared_schemas.clock import Clock
from shared_schemas.events import bpa_v1 as said
from shared_schemas.words import InspectionState as S
from shared_schemas.words import Shot
from tests.service.inspections.conftest import EXPERT, Bpa, Case, Person, Submitted, told

Photo = Callable[[], bytes]


async def test_an_inspection_is_answered(client: Person, case: Case, cabinet_ports: ApiPorts) -> None:
    in_work = (await client.get(case.path)).json()
    assert in_work["state"] == "in_work"
    assert in_work["expert"]["display_name"] == EXPERT.display_name
    due = datetime.fromisoformat(in_work["due_at"])
    assert due == case.clock.started_at + timedelta(minutes=20)
    await case.decide(said.DecisionPreliminaryV1)
    assert (await client.get(case.path)).json()["decision"]["preliminary"] is True
    await case.decide(version=2)
    answered = (await client.get(case.path)).json()
    assert (answered["state"], answered["due_at"]) == ("answered", None)
    decision = answered["decision"]
    assert (decision["version"], decision["preliminary"], decision["verdict"]) == (2, False, "doubts")
    assert decision["findings"][0]["places"][0]["evidence_id"] == str(case.evidence_id)
    versions = (await client.get(f"{case.path}/decisions")).json()
    assert [one["version"] for one in versions] == [1, 2]
    assert await told(cabinet_ports, case) == ["preliminary_decision", "decision"]
    [row] = (await client.get("/inspections")).json()["items"]
    assert (row["verdict"], row["open_tasks"], row["due_at"]) == ("doubts", 0, None)
    entries = (await client.get(f"{case.path}/timeline")).json()["items"]
    assert [(entry["kind"], entry["who"]) for entry in entries] == [
        ("created", "client"),
        ("photo_added", "client"),
        ("submitted", "client"),
        ("queued", "system"),
        ("claimed", EXPERT.display_name),
        ("decision_preliminary", EXPERT.display_name),
        ("decision_issued", EXPERT.display_name),
    ]
    closed = await client.post(f"{case.path}/closure")
    assert closed.json()["state"] == "closed"
    assert (await client.post(f"{case.path}/disputes", {"reason": "no"})).json()[
        "code"
    ] == "inspection_is_over"


async def test_the_clock_adds_up_to_the_second(client: Person, case: Case) -> None:
    task_id = await case.ask(shot=Shot.VIN_STAMPED)
    await case.pause(task_id)
    open_pause = (await client.get(f"{case.path}/clock")).json()
    assert open_pause["lines"][-1]["kind"] == "paused"
    assert open_pause["lines"][-1]["ended_at"] is None
    assert open_pause["lines"][-1]["asked"] == "Крупнее, пожалуйста"
    assert open_pause["reckoning"]["due_at"] is None
    await case.resume()
    await case.decide()
    account = (await client.get(f"{case.path}/clock")).json()
    assert [line["kind"] for line in account["lines"]] == ["ran", "paused", "ran"]
    assert sum(line["seconds"] for line in account["lines"]) == int(account["reckoning"]["wall_seconds"])
    assert account["used_seconds"] + account["paused_seconds"] == int(account["reckoning"]["wall_seconds"])
    assert Clock.model_validate(account["clock"]) == case.clock
    assert (await client.get(f"{case.path}/clock", number=2)).json()["code"] == "clock_not_started"


async def test_once_late_the_usual_end_of_the_work_is_expected(client: Person, case: Case, bpa: Bpa) -> None:
    async def expected() -> str | None:
        return (await client.get(f"{case.path}/clock")).json()["expected_at"]

    async def claimed_minutes_ago(minutes: float, usual_seconds: int | None = 600) -> datetime:
        claimed_at = await bpa.now() - timedelta(minutes=minutes)
        await case.say(
            said.CaseClaimedV1,
            expert=EXPERT,
            claimed_at=claimed_at,
            state=S.IN_WORK,
            usual_seconds=usual_seconds,
        )
        return claimed_at

    claimed_at = await claimed_minutes_ago(2)
    assert await expected() is None, "the promise holds"
    late = case.clock.started_at - timedelta(minutes=25)
    case.clock = case.clock.model_copy(update={"started_at": late})
    await case.queue()
    claimed_at = await claimed_minutes_ago(2)
    assert datetime.fromisoformat(await expected() or "") == claimed_at + timedelta(minutes=10)
    task_id = await case.ask()
    await case.pause(task_id)
    assert await expected() is None, "nobody knows when the client answers"
    await case.resume()
    [pause] = case.clock.pauses
    waited = (pause.ended_at or pause.started_at) - pause.started_at
    assert datetime.fromisoformat(await expected() or "") == claimed_at + timedelta(minutes=10) + waited
    await claimed_minutes_ago(11)
    assert await expected() is None, "it takes longer than usual"
    await claimed_minutes_ago(2, usual_seconds=None)
    assert await expected() is None, "too few answers to tell"
    await claimed_minutes_ago(2)
    await case.say(
        said.CaseReleasedV1,
        cause=said.ReleaseCause.RELEASED,
        released_at=await bpa.now(),
        state=S.QUEUED,
    )
    assert await expected() is None, "nobody has it"


async def test_a_draft_has_no_clock(client: Person) -> None:
    draft = await client.start()
    answer = await client.get(f"/inspections/{draft['id']}/clock")
    assert (answer.status_code, answer.json()["code"]) == (404, "clock_not_started")


async def test_messages_go_both_ways_intact(
    client: Person, case: Case, bpa: Bpa, cabinet_ports: ApiPorts
) -> None:
    texts = ["Срочно? 👩‍👩‍👧 \u202eпривет\u202c مرحبا", "Через пару минут."]
    posted = await client.post(f"{case.path}/messages", {"text": texts[0]})
    assert posted.status_code == 201
    assert (await bpa.envelopes(str(case.id)))[-1].data["text"] == texts[0]
    await case.say(
        said.CaseMessagePostedV1,
        message_id=uuid4(),
        author=EXPERT,
        text=texts[1],
        posted_at=await bpa.now(),
    )
    page = (await client.get(f"{case.path}/messages", limit=1)).json()
    rest = (await client.get(f"{case.path}/messages", cursor=page["next_cursor"])).json()
    shown = [*page["items"], *rest["items"]]
    assert [message["text"] for message in shown] == texts
    assert [message["author"] for message in shown] == ["client", "expert"]
    assert await told(cabinet_ports, case) == ["expert_message"]


async def test_an_answer_is_disputed_and_amended(client: Person, case: Case, bpa: Bpa) -> None:
    early = await client.post(f"{case.path}/disputes", {"reason": "too slow"})
    assert (early.status_code, early.json()["code"]) == (409, "inspection_not_answered")
    await case.decide()
    too_late = await client.post(f"{case.path}/cancellation", {})
    assert (too_late.status_code, too_late.json()["code"]) == (409, "inspection_already_answered")
    opened = await client.post(f"{case.path}/disputes", {"reason": "It has papers."})
    assert (opened.status_code, opened.json()["decision_version"]) == (201, 1)
    assert (await bpa.envelopes(str(case.id)))[-1].type == "dispute.opened"
    twice = await client.post(f"{case.path}/disputes", {"reason": "again"})
    assert (twice.status_code, twice.json()["code"]) == (409, "dispute_runs")
    first_clock = case.clock
    case.clock = Clock(number=2, started_at=await bpa.now())
    await case.queue(S.DISPUTED)
    assert (await client.get(f"{case.path}/clock")).json()["clock"]["number"] == 2
    one = (await client.get(f"{case.path}/clock", number=1)).json()["clock"]
    assert Clock.model_validate(one) == first_clock
    await case.decide(said.DecisionAmendedV1, version=2)
    amended = (await client.get(case.path)).json()
    assert (amended["state"], amended["decision"]["version"]) == ("answered", 2)
    assert amended["disputes"][0]["settled_at"] == amended["decision"]["decided_at"]


async def test_a_dispute_says_which_findings_and_shows_photos(
    client: Person, case: Case, bpa: Bpa, photo: Photo
) -> None:
    await case.decide()
    [finding] = (await client.get(case.path)).json()["decision"]["findings"]
    sent = await client.send_file(str(case.id), photo())
    shown = sent.json()["id"]

    async def refused(**more: object) -> tuple[int, str]:
        answer = await client.post(f"{case.path}/disputes", {"reason": "It has papers.", **more})
        return answer.status_code, answer.json()["code"]

    assert await refused(finding_ids=[str(uuid4())]) == (422, "unknown_finding")
    assert await refused(evidence_ids=[str(uuid4())]) == (422, "unknown_evidence")
    assert await refused(version=2) == (409, "answer_changed")
    assert await refused(finding_ids=[str(uuid4())] * 51) == (422, "malformed_request")
    assert (await client.get(case.path)).json()["state"] == "answered"
    doubts = {"finding_ids": [finding["finding_id"]] * 2, "evidence_ids": [shown], "version": 1}
    opened = await client.post(f"{case.path}/disputes", {"reason": "It has papers.", **doubts})

    assert opened.status_code == 201
    told = (await bpa.envelopes(str(case.id)))[-1].data
    for one in (opened.json(), told, (await client.get(case.path)).json()["disputes"][0]):
        assert (one["finding_ids"], one["evidence_ids"]) == ([finding["finding_id"]], [shown])


async def test_an_amendment_that_crosses_a_dispute_does_not_settle_it(
    client: Person, case: Case, bpa: Bpa
) -> None:
    await case.decide()
    await client.post(f"{case.path}/disputes", {"reason": "It has papers."})
    await case.decide(said.DecisionAmendedV1, version=2)
    case.clock = Clock(number=2, started_at=await bpa.now())
    await case.queue(S.DISPUTED)
    disputed = (await client.get(case.path)).json()
    assert (disputed["state"], disputed["disputes"][0]["settled_at"]) == ("disputed", None)


@pytest.mark.parametrize("state", ["submitted", "queued", "in_work", "waiting_client", "second_opinion"])
async def test_the_client_may_cancel_before_the_answer(
    client: Person, bpa: Bpa, submitted: Submitted, cabinet_ports: ApiPorts, state: str
) -> None:
    case = Case(bpa, await submitted())
    if state != "submitted":
        await case.queue()
    if state in {"in_work", "waiting_client", "second_opinion"}:
        await case.claim()
    if state == "waiting_client":
        await case.pause(await case.ask())
    if state == "second_opinion":
        now = await bpa.now()
        await case.say(said.SecondOpinionRequestedV1, requested_at=now, state=S.SECOND_OPINION)
    assert (await client.get(case.path)).json()["state"] == state
    done = await client.post(f"{case.path}/cancellation", {"reason": "The car is sold."})
    cancelled = done.json()
    assert (done.status_code, cancelled["state"], cancelled["ending"]["reason"]) == (
        201,
        "cancelled",
        "The car is sold.",
    )
    assert (await bpa.was_told(str(case.id)))[-1] == "inspection.cancelled"
    assert {task["state"] for task in cancelled["info_tasks"]} <= {"withdrawn"}
    before = await told(cabinet_ports, case)
    if state != "submitted":
        # What was on its way is kept, but it opens nothing and nobody is bothered with it.
        await case.ask()
        await case.decide()
        late = (await client.get(case.path)).json()
        assert late["state"] == "cancelled"
        assert late["decision"]["verdict"] == "doubts"
        assert {task["state"] for task in late["info_tasks"]} == {"withdrawn"}
        assert await told(cabinet_ports, case) == before
    for path, body in (("messages", {"text": "hello"}), ("cancellation", {}), ("closure", None)):
        refused = await client.post(f"{case.path}/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "inspection_is_over")
        assert refused.json()["params"] == {"state": "cancelled"}


async def test_what_cannot_be_answered_says_why(
    client: Person, case: Case, bpa: Bpa, cabinet_ports: ApiPorts
) -> None:
    await case.say(
        said.CaseUnprocessableV1,
        state=S.UNPROCESSABLE,
        reason="not_a_vehicle",
        note="A boat.",
        clock=case.clock,
        ended_at=await bpa.now(),
    )
    ended = (await client.get(case.path)).json()
    assert (ended["state"], ended["ending"]) == (
        "unprocessable",
        {"reason": "not_a_vehicle", "note": "A boat."},
    )
    assert await told(cabinet_ports, case) == ["unprocessable"]


async def test_being_late_is_said(client: Person, case: Case, bpa: Bpa, cabinet_ports: ApiPorts) -> None:
    await case.say(said.SlaAtRiskV1, clock_number=1, percent=90, reached_at=await bpa.now())
    await case.say(said.SlaBreachedV1, clock_number=1, breached_at=await bpa.now())
    assert await told(cabinet_ports, case) == ["late"]
    assert (await client.kinds(str(case.id)))[-2:] == ["sla_at_risk", "sla_breached"]


async def test_a_lost_lease_and_a_second_opinion_are_mirrored(client: Person, case: Case, bpa: Bpa) -> None:
    now = await bpa.now()
    cause = said.ReleaseCause.LEASE_LOST
    await case.say(said.CaseReleasedV1, cause=cause, released_at=now, state=S.QUEUED)
    released = (await client.get(case.path)).json()
    assert (released["state"], released["expert"]) == ("queued", None)
    await case.claim()
    await case.say(said.SecondOpinionRequestedV1, requested_at=now, state=S.SECOND_OPINION)
    assert (await client.get(case.path)).json()["state"] == "second_opinion"
    await case.say(said.SecondOpinionGivenV1, given_at=now, state=S.IN_WORK)
    assert (await client.get(case.path)).json()["state"] == "in_work"


async def test_an_event_delivered_again_changes_nothing(client: Person, case: Case, bpa: Bpa) -> None:
    event = said.CaseMessagePostedV1(
        inspection_id=case.id, message_id=uuid4(), author=EXPERT, text="Hello", posted_at=await bpa.now()
    )
    envelope = await bpa.says(event)
    before = (await client.get(case.path)).json()
    assert await bpa.hears_of(envelope) is Outcome.DUPLICATE
    assert (await client.get(case.path)).json() == before
    assert len((await client.get(f"{case.path}/messages")).json()["items"]) == 1


async def test_an_impossible_event_is_refused_and_changes_nothing(
    client: Person, case: Case, bpa: Bpa, submitted: Submitted
) -> None:
    before = (await client.get(case.path)).json()
    with pytest.raises(ImpossibleReport):
        await case.say(said.ClockPausedV1, clock=case.clock, state=S.DRAFT)
    assert (await client.get(case.path)).json() == before
    fresh = Case(bpa, await submitted())
    with pytest.raises(ImpossibleReport):
        await fresh.decide()
    nobodys = said.SlaBreachedV1(inspection_id=uuid4(), clock_number=1, breached_at=await bpa.now())
    with pytest.raises(UnknownInspection):
        await bpa.says(nobodys)
