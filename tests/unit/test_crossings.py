"""Whatever crosses on the way between the two sides, both end in the same state.

The rules of both services are driven against each other over two queues that deliver in order, as late as they
like: exhaustively as far as the queues are short, and by random walks beyond that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpa_service.cases.core import domain as case
from bpa_service.cases.core.domain import LeaseTerms, Standing
from bpa_service.experts.domain import Expert, Role
from cabinet_service.inspections.core import domain as inspection
from cabinet_service.inspections.core.domain import ActRefused
from shared_schemas.crossings import HEARD, LAST_WORDS, REPORTS, ClientAct
from shared_schemas.words import InspectionState as S

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
TERMS: Final = LeaseTerms(length=timedelta(seconds=90), resume_window=timedelta(minutes=3))
ANNA: Final = Expert(UUID(int=1), "anna", "Anna", Role.EXPERT, active=True)
VERA: Final = Expert(UUID(int=2), "vera", "Vera", Role.SENIOR, active=True)
LEAD: Final = Expert(UUID(int=3), "lena", "Lena", Role.SHIFT_LEAD, active=True)
OPENED: Final = Standing()
ON_THE_WAY: Final = 3


@dataclass(frozen=True)
class Report:
    """What an event of bpa says of the state; `answers` if it brings an answer."""

    state: S
    answers: bool = False


@dataclass(frozen=True)
class Sides:
    """Both sides and what is under way between them. `answered` are the answers that have reached each."""

    cabinet: S = S.SUBMITTED
    answered: bool = False
    bpa: Standing = OPENED
    told: tuple[ClientAct, ...] = ()
    reports: tuple[Report, ...] = (Report(S.QUEUED),)
    last_word: S | None = None

    def steps(self) -> Iterator[tuple[str, "Sides"]]:
        """Everything that can happen next."""
        yield from self._client_acts()
        yield from self._experts_act()
        if self.told:
            yield f"bpa hears {self.told[0]}", self._bpa_hears()
        if self.reports:
            yield f"cabinet hears {self.reports[0].state}", self._cabinet_hears()

    def drained(self) -> "Sides":
        sides = self
        while sides.told or sides.reports:
            sides = sides._bpa_hears() if sides.told else sides._cabinet_hears()
        return sides

    def _client_acts(self) -> Iterator[tuple[str, "Sides"]]:
        for act in (inspection.Act.CANCEL, inspection.Act.DISPUTE, inspection.Act.CLOSE):
            try:
                state = inspection.after_act(self.cabinet, act, answered=self.answered)
            except ActRefused:
                continue
            taken_back = act is inspection.Act.CANCEL and self.answered
            told = ClientAct.TAKE_BACK if taken_back else ClientAct(act)
            last_word = state if state in LAST_WORDS else None
            changed = replace(self, cabinet=state, told=(*self.told, told), last_word=last_word)
            yield f"client: {told}", changed

    def _experts_act(self) -> Iterator[tuple[str, "Sides"]]:
        for act in case.Act:
            # A step is called by the last who can do it: who amends is never who has answered.
            for actor in (VERA, ANNA, LEAD) if case.roles_for(act) else (None,):
                try:
                    standing = case.after(self.bpa, act, actor=actor, now=NOW, terms=TERMS, to=ANNA.id)
                except case.Refused:
                    continue
                answers = act in (case.Act.DECIDE, case.Act.AMEND)
                if standing == self.bpa and not answers:
                    continue
                report = Report(standing.state, answers=answers)
                yield f"bpa: {act}", replace(self, bpa=standing, reports=(*self.reports, report))

    def _bpa_hears(self) -> "Sides":
        standing = case.after_hearing(self.bpa, self.told[0])
        moved = standing != self.bpa and standing.state not in LAST_WORDS
        reports = (*self.reports, Report(standing.state)) if moved else self.reports
        return replace(self, bpa=standing, told=self.told[1:], reports=reports)

    def _cabinet_hears(self) -> "Sides":
        report = self.reports[0]
        state = inspection.after_report(self.cabinet, report.state)
        return replace(
            self, cabinet=state, answered=self.answered or report.answers, reports=self.reports[1:]
        )


def check_at_rest(sides: Sides) -> None:
    assert sides.cabinet is sides.bpa.state
    if sides.last_word:
        assert sides.cabinet is sides.last_word
    if sides.answered:  # it stands, whatever becomes of a dispute about it
        assert sides.cabinet not in (S.UNPROCESSABLE, S.EXPIRED)
    if sides.cabinet in (S.ANSWERED, S.DISPUTED, S.CLOSED):
        assert sides.answered


@pytest.fixture(scope="module")
def reached() -> set[Sides]:
    """All that can happen while no more than ON_THE_WAY events are under way either way."""
    found, todo = {Sides()}, [Sides()]
    while todo:
        for _, step in todo.pop().steps():
            if step not in found and max(len(step.told), len(step.reports)) <= ON_THE_WAY:
                found.add(step)
                todo.append(step)
    return found


def test_whatever_crosses_both_sides_end_equal(reached: set[Sides]) -> None:
    assert len(reached) > 10_000
    for sides in reached:
        check_at_rest(sides.drained())


@settings(max_examples=300)
@given(st.lists(st.integers(min_value=0), min_size=30, max_size=120))
def test_a_walk_with_any_delays_ends_equal(choices: list[int]) -> None:
    sides = Sides()
    for choice in choices:
        steps = list(sides.steps())
        if not steps:
            break
        sides = steps[choice % len(steps)][1]
    check_at_rest(sides.drained())


def test_the_table_names_what_can_happen_and_nothing_else(reached: set[Sides]) -> None:
    """But for the states before an answer: there what the experts may report is said wholesale."""
    heard = {(sides.told[0], sides.bpa.state) for sides in reached if sides.told}
    reported = {(sides.cabinet, sides.reports[0].state) for sides in reached if sides.reports}
    moves = {(act, state) for act, to in HEARD.items() for state in to}
    # Only a cabinet that is older than disputes taken back cancels one, and only a bpa that is older than
    # disputes given up ends an answered case without its answer.
    given_up = {S.UNPROCESSABLE, S.EXPIRED}
    ended_in_a_dispute = {(act, to) for act in (ClientAct.TAKE_BACK, ClientAct.CLOSE) for to in given_up}
    assert moves - heard == {(ClientAct.CANCEL, S.DISPUTED)} | ended_in_a_dispute
    assert {pair for pair in heard if pair not in moves} == {
        (ClientAct.DISPUTE, state) for state in (S.DISPUTED, S.WAITING_CLIENT, S.SECOND_OPINION)
    } | {(ClientAct.TAKE_BACK, S.ANSWERED)}
    before_an_answer = {S.QUEUED, S.IN_WORK, S.WAITING_CLIENT, S.SECOND_OPINION}
    for state, reports in REPORTS.items():
        seen = {to for was, to in reported if was is state}
        assert seen <= reports
        if state in (S.ANSWERED, S.DISPUTED):
            assert seen == reports - given_up
        elif state not in before_an_answer | given_up:
            assert seen == reports


def play(sides: Sides, *acts: str) -> Sides:
    for act in acts:
        sides = dict(sides.steps())[act]
    return sides


ANSWERED: Final = play(Sides(), "cabinet hears queued", "bpa: claim", "bpa: decide").drained()


@pytest.mark.parametrize(
    ("acts", "end"),
    [
        # The dispute was under way, the answer was amended, and the client closed before the experts heard of it.
        (["client: dispute", "bpa: amend", "cabinet hears answered", "client: close"], S.CLOSED),
        (["client: dispute", "bpa: amend", "cabinet hears answered", "bpa hears dispute"], S.DISPUTED),
        (["client: dispute", "client: take_back"], S.ANSWERED),
        (["client: dispute", "bpa hears dispute", "bpa: claim", "client: take_back"], S.ANSWERED),
        (["client: dispute", "bpa hears dispute", "bpa: give_up", "client: take_back"], S.ANSWERED),
        (["client: dispute", "bpa: amend", "client: take_back"], S.ANSWERED),
        (["client: dispute", "bpa hears dispute", "bpa: claim", "bpa: give_up"], S.ANSWERED),
        (["client: dispute", "bpa hears dispute", "bpa: wait_for_client", "bpa: expire"], S.ANSWERED),
        (["client: close", "bpa: amend"], S.CLOSED),
    ],
)
def test_what_crosses_an_answer(acts: list[str], end: S) -> None:
    sides = play(ANSWERED, *acts).drained()
    assert (sides.cabinet, sides.bpa.state) == (end, end)


@pytest.mark.parametrize("crossed", [["bpa: decide"], ["bpa: decide", "bpa: amend"], ["bpa: give_up"], []])
def test_a_cancellation_is_the_last_word_whatever_it_crosses(crossed: list[str]) -> None:
    sides = play(Sides(), "cabinet hears queued", "bpa: claim", "client: cancel", *crossed).drained()
    assert (sides.cabinet, sides.bpa.state) == (S.CANCELLED, S.CANCELLED)
