"""A row of the queue as it is sent fast is the row that whole objects make, whatever its ledger says."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from bpa_service.cases.core.domain import LeaseTerms
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.queue.page import Line, row_of
from bpa_service.cases.queue.queries import Photo, Row
from bpa_service.cases.queue.schemas import QueueRow
from bpa_service.opening_hours import OpenHours
from bpa_service.sla import domain as sla
from bpa_service.sla.domain import ClockPolicy, EntryKind, Ledger
from shared_schemas.clock import PauseCause
from shared_schemas.words import IdentifierKind, InspectionState, Shot

START: Final = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)  # half an hour before Moscow closes
BUDGET: Final = timedelta(minutes=20)
MOSCOW: Final = OpenHours(time(8), time(22), ZoneInfo("Europe/Moscow"))
ANNA: Final = UUID(int=7)

lengths = st.sampled_from([timedelta(0), timedelta(minutes=10), BUDGET]) | st.timedeltas(
    timedelta(), timedelta(hours=15)
)
claims = st.fixed_dictionaries(
    {
        "identifier": st.sampled_from(
            ["SAL1A2A40SA606662", "1" * 17, "SV30-0169266", "A123BC77", "SALIOQ", ""]
        )
        | st.text(max_size=20),
        "identifier_kind": st.sampled_from([kind.value for kind in IdentifierKind]),
    },
    optional={
        "as_seen": st.booleans(),
        "plate": st.sampled_from([None, "A123BC77", "?"]) | st.text(max_size=12),
        "make": st.none() | st.text(max_size=12),
        "model": st.none() | st.text(max_size=12),
    },
)


photos = st.builds(Photo, evidence_id=st.uuids(), shot=st.sampled_from(Shot))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        clock=ClockPolicy(budget=BUDGET, hours=draw(st.sampled_from([None, MOSCOW]))),
        lease=LeaseTerms(length=timedelta(seconds=90), resume_window=timedelta(minutes=3)),
        claim_window=draw(st.timedeltas(timedelta(), timedelta(minutes=5))),
        client_patience=timedelta(hours=24),
    )


@st.composite
def ledgers(draw: st.DrawFn, hours: OpenHours | None) -> tuple[Ledger, datetime]:
    """A ledger that lawful acts have written, late and ahead of their time, and an instant to read it at."""
    now = START + draw(lengths)
    ledger = Ledger.of(
        draw(st.integers(1, 3)), [sla.start(BUDGET, at=now - draw(lengths) + timedelta(minutes=1), now=now)]
    )
    acts = st.sampled_from(["client", "incident", "resume", "resume", "tick", "stop", "nothing"])
    for act in draw(st.lists(acts, max_size=8)):
        now += draw(lengths)
        ref, at = UUID(int=draw(st.integers(1, 3))), now - draw(lengths)
        ledger = ledger.plus(*sla.due_hours(ledger, hours, now))
        match act:
            case "client":
                entries = sla.pause(ledger, cause=PauseCause.CLIENT_INFO, ref=ref, at=at, now=now)
            case "incident":
                entries = sla.pause(ledger, cause=PauseCause.PLATFORM_INCIDENT, ref=ref, at=at, now=now)
            case "resume":
                entries = sla.resume(ledger, ref=ref, at=at, now=now)
            case "tick":
                entries = sla.due_thresholds(ledger, now)
            case "stop":
                entries = sla.stop(ledger, at=at, now=now)
            case _:
                entries = []
        ledger = ledger.plus(*entries)
    return ledger, now + draw(lengths) - timedelta(minutes=5)


@st.composite
def cases(draw: st.DrawFn, ledger: Ledger, now: datetime) -> Case:
    """A case with that clock, whatever else is true of it."""
    instants = st.none() | st.sampled_from([now, now + timedelta(seconds=1)]) | st.just(now - BUDGET)
    return Case(
        id=draw(st.uuids()),
        number="A-0000001",
        state=draw(st.sampled_from(InspectionState)),
        version=draw(st.integers(1, 2**31 - 1)),
        claim=draw(claims),
        worry=draw(st.none() | st.text(max_size=2000)),
        holder_id=draw(st.sampled_from([None, ANNA])),
        disputed=draw(st.booleans()),
        claimed_at=draw(instants),
        lease_expires_at=draw(instants),
        claim_late=draw(st.booleans()),
        photo_count=draw(st.integers(0, 40)),
        needs_second_expert=draw(st.booleans()),
        urgent=draw(st.booleans()),
        clock_number=ledger.clock.number,
        queue_place=now,
        submitted_at=draw(st.datetimes(timezones=st.just(UTC))),
    )


@settings(max_examples=200, deadline=None)
@given(data=st.data(), policy=policies(), open_tasks=st.integers(0, 9), name=st.text(min_size=1, max_size=9))
def test_a_fast_row_is_the_row(data: st.DataObject, policy: Policy, open_tasks: int, name: str) -> None:
    ledger, now = data.draw(ledgers(policy.clock.hours))
    case = data.draw(cases(ledger, now))
    row = Row(
        case=case,
        clock=ledger.clock,
        holder_name=name,
        open_tasks=open_tasks,
        photos=data.draw(st.lists(photos, max_size=3)),
        other_cases=data.draw(st.integers(0, 9)),
        open_elsewhere=data.draw(st.booleans()),
        other_plate=data.draw(st.booleans()),
        tied=data.draw(st.booleans()),
        seen_elsewhere=data.draw(st.booleans()),
        similar_elsewhere=data.draw(st.booleans()),
    )

    slow = QueueRow.of(row, policy, now, preview).model_dump_json()

    assert to_json(row_of(line_of(row, ledger), policy, now, preview)).decode() == slow


def preview(evidence_id: UUID) -> str:
    return f"https://photos.example/{evidence_id}"


def line_of(row: Row, ledger: Ledger) -> Line:
    """What PostgreSQL says of such a case."""
    case, claim = row.case, row.case.claim
    written = [entry for entry in ledger.entries if entry.kind is not EntryKind.THRESHOLD]
    as_seen: dict[Any, str | None] = {None: None, True: "true", False: "false"}
    return Line(
        id=case.id,
        number=case.number,
        state=case.state.value,
        disputed=case.disputed,
        answered_by=case.answered_by,
        version=case.version,
        holder_id=case.holder_id,
        holder_name=row.holder_name if case.holder_id else None,
        lease_expires_at=case.lease_expires_at,
        claimed_at=case.claimed_at,
        needs_second_expert=case.needs_second_expert,
        claim_late=case.claim_late,
        urgent=case.urgent,
        worry=case.worry,
        photos=case.photo_count,
        photo_ids=[photo.evidence_id for photo in row.photos] or None,
        shots=[photo.shot.value for photo in row.photos] or None,
        other_cases=row.other_cases,
        open_elsewhere=row.open_elsewhere,
        other_plate=row.other_plate,
        tied=row.tied,
        seen_elsewhere=row.seen_elsewhere,
        similar_elsewhere=row.similar_elsewhere,
        open_tasks=row.open_tasks,
        submitted_at=case.submitted_at,
        queue_place=case.queue_place,
        identifier=claim["identifier"],
        identifier_kind=claim["identifier_kind"],
        as_seen=as_seen[claim.get("as_seen")],
        plate=claim.get("plate"),
        make=claim.get("make"),
        model=claim.get("model"),
        clock_number=case.clock_number,
        budget_seconds=ledger.clock.budget_seconds,
        kinds=[entry.kind.value for entry in written],
        ats=[entry.at for entry in written],
        causes=[entry.cause and entry.cause.value for entry in written],
        refs=[entry.ref for entry in written],
    )
