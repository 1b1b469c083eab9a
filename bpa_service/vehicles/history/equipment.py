"""Equipment by option codes: who says that the car has it, who that it has not, and who says nothing of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Kind, Outcome

EXPERT = "expert"
ADVERT = "advert"


class Fitted(StrEnum):
    """What one view says of one option. That a list lacks it is no word that the car does."""

    YES = "yes"
    NO = "no"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class View:
    """What somebody says: a source by its name, the expert, or the advert. `said` is by option code."""

    name: str
    said: Mapping[str, bool]
    records: Sequence[Record] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One option: by view what it says. It is disputed where one says yes and another no."""

    code: str
    by_view: Mapping[str, Fitted]

    @property
    def is_disputed(self) -> bool:
        return {Fitted.YES, Fitted.NO} <= set(self.by_view.values())


@dataclass(frozen=True, slots=True)
class Equipment:
    """The matrix: each option by each view."""

    views: tuple[View, ...] = ()
    options: tuple[Option, ...] = field(default=())


def equipment_of(entries: Sequence[Record], others: Sequence[View] = ()) -> Equipment:
    """What records say of equipment, beside the views of `others`. An option that was taken out is a no."""
    by_source: dict[str, tuple[dict[str, bool], list[Record]]] = {}
    for one in entries:
        if one.kind == Kind.EQUIPMENT and one.codes:
            said, records = by_source.setdefault(one.source, ({}, []))
            # What was there on any record counts, unless a later one says that it is gone.
            said.update(dict.fromkeys(one.codes, one.outcome != Outcome.ENDED))
            records.append(one)
    views = (*(View(source, *said) for source, said in sorted(by_source.items())), *others)
    codes = sorted({code for view in views for code in view.said})
    return Equipment(
        views, tuple(Option(code, {one.name: _word(one, code) for one in views}) for code in codes)
    )


def _word(view: View, code: str) -> Fitted:
    said = view.said.get(code)
    return Fitted.NOT_STATED if said is None else Fitted.YES if said else Fitted.NO
