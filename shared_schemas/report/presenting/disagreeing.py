"""Of what not all say the same: side by side, and what to make of it."""

import re
from collections.abc import Iterator
from typing import Final

from shared_schemas.report.content import Contradiction, Saying
from shared_schemas.report.presented import Block, Disagreement, Fact, Paragraph, Quoted
from shared_schemas.report.presenting.telling import DOUBT_TONES, Telling
from shared_schemas.vin.claims import ClaimPart, DoubtSeverity

_GRAVEST_FIRST: Final = (*DoubtSeverity,)
_NO_RECORD: Final = frozenset({"claim", "vin"})
"""Who says something that is no record of a source."""
_GROUPS: Final = {
    "colour": "part",
    "engine": "part",
    "year": "year",
    "make": "make",
    "model": "make",
}
"""Why what is said of a thing may differ innocently."""
_FIGURES: Final = re.compile("[0-9]{1,9}")


def contradictions(telling: Telling) -> Iterator[Block]:
    """The gravest first. What records say is not shown where the history is not; that there is more is said."""
    shown = shown_of(telling)
    if shown:
        yield Paragraph(text=telling.words.say("disagreement.lead"))
    for one in sorted(shown, key=lambda one: _GRAVEST_FIRST.index(one.severity)):
        yield _disagreement(telling, one)
    if len(shown) < len(telling.report.contradictions):
        yield Paragraph(text=telling.words.say("disagreement.not_shown"))


def shown_of(telling: Telling) -> list[Contradiction]:
    """Those that are within the scope."""
    return [one for one in telling.report.contradictions if telling.scope.history or not _is_of_records(one)]


def about(telling: Telling, one: Contradiction) -> str:
    """What it is about, in words; a name that is new here is told as something that the car is."""
    key = f"about_car.{one.about}"
    return telling.words.say(key if telling.words.knows(key) else "about_car.other")


def _is_of_records(one: Contradiction) -> bool:
    return any(by not in _NO_RECORD for saying in one.sayings for by in saying.by)


def _disagreement(telling: Telling, one: Contradiction) -> Disagreement:
    return Disagreement(
        tone=DOUBT_TONES[one.severity],
        mark=telling.words.say(f"disagreement.{one.severity}.mark"),
        title=about(telling, one),
        sayings=tuple(_saying(telling, one, place) for place in range(len(one.sayings))),
        text=telling.words.legal_to_reader(f"disagreement.{_matter(one)}"),
    )


def _matter(one: Contradiction) -> str:
    """The key of what to make of it."""
    if one.about == ClaimPart.NUMBER:
        return "number_alone" if len(one.sayings) == 1 else "number_checked"
    if one.about == "mileage":
        return "mileage"
    if one.severity is DoubtSeverity.CONTRADICTION:
        return "contradiction.text"
    return f"about.{_GROUPS.get(one.about, 'rest')}"


def _saying(telling: Telling, one: Contradiction, place: int) -> Fact:
    """Who says what. A mileage is a number that is in figures, and so told as one, with its day."""
    saying = one.sayings[place]
    label = _who_of_number(telling, saying, place) if one.about == ClaimPart.NUMBER else _who(telling, saying)
    if one.about != "mileage" or not _FIGURES.fullmatch(saying.said):
        return Fact(label=label, quoted=Quoted(words=saying.said))
    km = telling.formats.km(int(saying.said))
    day = telling.formats.day(saying.on, saying.precision)
    return Fact(label=label, value=telling.words.say("disagreement.reading", km=km, day=day))


def _who(telling: Telling, saying: Saying) -> str:
    words = telling.words
    return ", ".join(words.say(f"by.{by}") if by in _NO_RECORD else telling.title_of(by) for by in saying.by)


def _who_of_number(telling: Telling, saying: Saying, place: int) -> str:
    """Of a number the VIN first says what it is, and then what its check digit would make of it."""
    if saying.by != ("vin",):
        return _who(telling, saying)
    return telling.words.say("by.vin.checked" if place else "by.vin.number")
