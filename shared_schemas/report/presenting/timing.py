"""The clock's account: every stretch of the promised time once, as client, specialist and partner see it."""

from collections.abc import Iterator

from shared_schemas import ledger
from shared_schemas.clock import Clock, reckon
from shared_schemas.ledger import ClockLine
from shared_schemas.report.content import Report
from shared_schemas.report.presented import Block, Fact, Facts, Paragraph, Reader
from shared_schemas.report.presenting.telling import Telling


def clock(telling: Telling) -> Iterator[Block]:
    """What was promised to who ordered is nobody else's business."""
    told = telling.report.clock
    is_theirs = not telling.is_shared and telling.reader is not Reader.SELLER
    if told is None or not is_theirs or _is_of_another_answer(telling.report, told):
        return
    words = telling.words
    if told.number > 1:
        yield Paragraph(text=words.say("clock.again"))
    account = ledger.lines(told, telling.report.made_at, asked={})
    yield Paragraph(text=_lead(telling, told, account))
    facts = [_line(telling, one) for one in account]
    facts += [
        Fact(
            label=words.say("clock.total_ran"),
            value=telling.formats.length(ledger.total(account, "ran")),
        ),
        Fact(
            label=words.say("clock.total_paused"),
            value=telling.formats.length(ledger.total(account, "paused")),
        ),
    ]
    yield Facts(facts=tuple(facts))


def _is_of_another_answer(report: Report, told: Clock) -> bool:
    """Whether it stopped before this answer: who corrects an answer without a dispute has no clock."""
    decision = report.decision
    if decision is None or decision.version == 1 or told.stopped_at is None:
        return False
    return told.stopped_at < decision.decided_at


def _lead(telling: Telling, told: Clock, account: list[ClockLine]) -> str:
    words, formats = telling.words, telling.formats
    promised = formats.length(told.budget_seconds)
    used = formats.length(ledger.total(account, "ran"))
    if told.stopped_at is None:
        return words.say_to_reader(
            "clock.runs", promised=promised, used=used, at=formats.moment(telling.report.made_at)
        )
    late = reckon(told, told.stopped_at).breached
    key = "clock.late" if late else "clock.kept"
    return words.say_to_reader(key, promised=promised, used=used)


def _line(telling: Telling, one: ClockLine) -> Fact:
    words, formats = telling.words, telling.formats
    what = words.say("clock.ran") if one.cause is None else words.say_to_reader(f"clock.{one.cause}")
    return Fact(
        label=formats.stretch(one.started_at, one.ended_at)
        if one.ended_at
        else words.say("clock.stretch", began=formats.moment(one.started_at), ended=words.say("clock.lasts")),
        value=words.say("clock.line", what=what, length=formats.length(one.seconds)),
    )
