"""What the script does next follows from how a case stands, and from nothing else."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bpa_service.sandbox.script import SLOW_BY, Outcome, Situation, Step, next_step, outcome_of
from shared_schemas import vin
from shared_schemas.words import InspectionState as S

MINUTE = timedelta(minutes=1)
QUEUED = Situation(outcome=Outcome.CLEAN, state=S.QUEUED, held=False, used=timedelta(), budget=20 * MINUTE)


@pytest.mark.parametrize("outcome", Outcome)
def test_a_number_is_for_the_outcome_whose_word_stands_in_it(outcome: Outcome) -> None:
    assert outcome_of(f"0AD{outcome}XR0000001") is outcome


@pytest.mark.parametrize("number", [None, "", "0AD", "0ADCLEA", "0ADNOBODXR0000001", "SAL1A2A40SA606662"])
def test_any_other_number_is_for_none(number: str | None) -> None:
    assert outcome_of(number) is None


def test_a_slow_answer_comes_minutes_after_the_time_is_up() -> None:
    slow = replace(QUEUED, outcome=Outcome.SLOW)

    assert next_step(replace(slow, used=20 * MINUTE)) is None
    assert next_step(replace(slow, used=20 * MINUTE + SLOW_BY)) is Step.CLAIM
    assert next_step(QUEUED) is Step.CLAIM


def test_a_question_is_asked_once_and_waited_for() -> None:
    held = replace(QUEUED, outcome=Outcome.QUESTION, state=S.IN_WORK, held=True)

    assert next_step(held) is Step.ASK
    assert next_step(replace(held, asked=True, awaited=True)) is None
    assert next_step(replace(held, state=S.WAITING_CLIENT, asked=True, awaited=True)) is None
    assert next_step(replace(held, asked=True)) is Step.DECIDE


def test_a_dispute_is_taken_before_it_is_looked_at() -> None:
    disputed = replace(QUEUED, state=S.DISPUTED)

    assert next_step(disputed) is Step.CLAIM
    assert next_step(replace(disputed, held=True)) is Step.REVIEW


@pytest.mark.parametrize("state", [S.ANSWERED, S.CANCELLED, S.CLOSED, S.EXPIRED, S.SECOND_OPINION])
def test_nothing_is_done_where_nobody_waits_for_the_expert(state: S) -> None:
    assert next_step(replace(QUEUED, state=state)) is None


def test_the_numbers_that_partners_are_told_are_those_of_the_script_with_their_check_digits() -> None:
    text = (Path(__file__).parents[3] / "docs" / "partners.md").read_text(encoding="utf-8")
    told = re.findall(r"\| `(0AD\w{14})` \|", text)

    assert [outcome_of(number) for number in told] == list(Outcome)
    assert all(vin.fits_check_digit(number) for number in told)
