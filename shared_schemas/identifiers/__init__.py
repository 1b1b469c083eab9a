"""Reading what a client typed as a vehicle identifier: a VIN, a frame number or a plate.

A reading never raises and never guesses at a character: an O stays an O, because an O struck on metal is
itself a finding. What was changed is said, what is wrong is said by a code; the words for people are elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from shared_schemas import vin
from shared_schemas.identifiers.natures import nature
from shared_schemas.identifiers.plates import LONGEST as LONGEST_PLATE
from shared_schemas.identifiers.plates import read_plate
from shared_schemas.identifiers.surroundings import only_number_in, without_labels
from shared_schemas.letters import CYRILLIC_TO_LATIN, UNREADABLE, folded, latin
from shared_schemas.vin import masks
from shared_schemas.vin.facts import VinFacts, facts
from shared_schemas.words import IdentifierKind

# Room for a number with what stands around it where it was copied from; nobody means more than this.
MOST_TYPED: Final = 200
_READ_LATELY: Final = 500
# Room for a VIN spelled with a space after each character and then some.
MOST_KEPT: Final = 64

_SHORTEST_PLATE: Final = 2
_SHORTEST_FRAME: Final = 5
_LONGEST_FRAME: Final = 20
# SV30-0169266: a model code, a hyphen, a serial of seven digits (Toyota) or six (Nissan); codes of Mazda may have
# no digit, and with these the hyphen must be there: DEJFS-136281.
_JAPANESE_FRAME: Final = re.compile(r"[A-Z]{1,4}\d[A-Z0-9]{0,4}[- ]\d{6,7}|[A-Z]{3,5}-\d{6}", re.ASCII)
_FRAME_WITHOUT_HYPHEN: Final = re.compile(r"(?=.{9,13}$)[A-Z]{1,4}\d[A-Z0-9]{0,4}\d{6,7}", re.ASCII)
_FRAME_WITH_LETTERS: Final = re.compile(r"[A-Z]{2,4}\d{2,3}[A-Z]{0,2}-(?=\d*[A-Z])[A-Z0-9]{6,8}", re.ASCII)
# The issues of a number that may stand so on a car all the same.
_RULES: Final = frozenset(
    {
        *("vin_bad_character", "vin_too_short", "vin_too_long", "vin_masked"),
        *("frame_malformed", "plate_malformed"),
    }
)
_HYPHENS: Final = re.compile(r" ?-[ -]*")
# No VIN has an I, so these letters are not a part of it.
_LABEL_GLUED_ON: Final = re.compile(r"^(?:VIN|ВИН):?(?=[^IOQ]{17}$)")
# A hyphen means something in a frame number only, and nothing else that divides means anything anywhere.
_DIVIDERS: Final = dict.fromkeys(map(ord, " -+_./|·•,"))


class Severity(StrEnum):
    """An error keeps the value from being sent; an info is shown and otherwise ignored."""

    ERROR = "error"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Change:
    """The character at `position` of the value was typed as `typed`."""

    position: int
    typed: str
    became: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to tell the client.

    Errors: `identifier_empty`, `identifier_too_long` (count, most), `identifier_unreadable_character`,
    `vin_bad_character`, `vin_too_short` (count, missing), `vin_too_long` (count, extra), `vin_masked` (pattern:
    characters are hidden, it is no number of a car), `frame_malformed` (count), `plate_malformed` (count).
    Infos: `vin_check_digit_differs` (found, computed), `vin_placeholder` (it belongs to no car),
    `frame_hyphen_missing`, `frame_serial_not_digits`, `plate_never_issued`,
    `identifier_other_kind` (kind: what it looks like instead), `identifier_words_left_out` (left_out). Infos of
    what it is instead of a number (`natures.py`): `identifier_not_stated`, `identifier_is_link`,
    `identifier_is_range`, `identifier_is_document`, `identifier_is_model_code`.
    """

    code: str
    severity: Severity = Severity.ERROR
    positions: tuple[int, ...] = ()
    params: Mapping[str, int | str] = field(default_factory=dict[str, int | str])


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. Positions count from 1 in `value`.

    `value` is what is stored and compared: capitals, Latin where Latin can spell it, no separators except the
    hyphen of a frame number. `display` is how people see it: a VIN in groups of 3, 6 and 8, a Russian plate
    in Cyrillic. `changes` lists each character that `display` shows otherwise than it was typed; case, width,
    spacing and framing are not worth a word. `vin_facts` is None unless the value is a well-formed VIN.
    """

    kind: IdentifierKind
    value: str
    display: str
    changes: tuple[Change, ...] = ()
    issues: tuple[Issue, ...] = ()
    vin_facts: VinFacts | None = None

    @property
    def ok(self) -> bool:
        """Whether the value can be sent as it is."""
        return all(issue.severity is not Severity.ERROR for issue in self.issues)

    @property
    def breaks_rules(self) -> bool:
        """Whether it is sent as it stands on the car, although no number of its kind is made so."""
        return self.ok and any(issue.code in _RULES for issue in self.issues)


def read_identifier(
    text: str,
    kind: IdentifierKind | None = None,
    *,
    this_year: int | None = None,
    as_seen: bool = False,
) -> Reading:
    """Read `text` as `kind`, or as the kind that it looks like; what looks like nothing is read as a VIN.

    Without `this_year` no model year is told. With `as_seen` breaking the rules of a kind is no error, for what
    stands on the metal may be the finding itself; characters that nobody stamps or prints are one. Linear in the
    length of `text`; never raises.
    """
    return _reading(text.strip(), kind, this_year, as_seen)


# One car's number is read several times in a request, and in each request about it.
@lru_cache(_READ_LATELY)
def _reading(typed: str, kind: IdentifierKind | None, this_year: int | None, as_seen: bool) -> Reading:
    if len(typed) > MOST_TYPED:
        return _too_long(len(typed), MOST_TYPED, kind)
    plain = without_labels(_HYPHENS.sub("-", folded(typed)))
    if not plain:
        return Reading(kind or IdentifierKind.VIN, "", "", issues=(Issue("identifier_empty"),))
    reading = _read(plain, kind, this_year)
    if as_seen:
        issues = tuple(_as_seen(issue, reading.value) for issue in reading.issues)
        reading = replace(reading, issues=issues)
    elif not reading.ok and (found := only_number_in(plain, lambda words: _is_number(words, kind))):
        number, left_out = found
        among = _read(number, kind, this_year)
        params = {"left_out": left_out}
        issues = (*among.issues, Issue("identifier_words_left_out", Severity.INFO, params=params))
        return replace(among, issues=issues if left_out else among.issues)
    if what := nature(plain):
        reading = replace(reading, issues=(*reading.issues, Issue(what, Severity.INFO)))
    return reading if len(reading.value) <= MOST_KEPT else _too_long(len(plain), MOST_KEPT, kind)


_STAMPED_MARKS: Final = frozenset("*-.+/")


def _as_seen(issue: Issue, value: str) -> Issue:
    if issue.code not in _RULES:
        return issue
    can_be = all(_is_stamped(value[place - 1]) for place in issue.positions)
    return replace(issue, severity=Severity.INFO) if can_be else issue


def _is_stamped(character: str) -> bool:
    """Whether somebody may have struck or printed it: letters and digits of any script, and a few marks."""
    return character in _STAMPED_MARKS or unicodedata.category(character) in {"Lu", "Lo", "Nd"}


def spellings(text: str) -> frozenset[str]:
    """The values, without a hyphen, that a search for a number typed like this may mean: by each kind one."""
    readings = [read_identifier(text, kind) for kind in (None, *IdentifierKind)]
    return frozenset(reading.value.replace("-", "") for reading in readings if reading.value)


def _too_long(count: int, most: int, kind: IdentifierKind | None) -> Reading:
    issue = Issue("identifier_too_long", params={"count": count, "most": most})
    return Reading(kind or IdentifierKind.VIN, "", "", issues=(issue,))


def _read(plain: str, kind: IdentifierKind | None, this_year: int | None) -> Reading:
    match kind or guess_kind(plain):
        case IdentifierKind.VIN:
            return _read_vin(plain, this_year)
        case IdentifierKind.FRAME:
            return _read_frame(plain)
        case IdentifierKind.PLATE:
            return _read_plate(plain)


def _is_number(words: str, kind: IdentifierKind | None) -> bool:
    """Whether these words are a number, and can hardly be anything else: words of 17 letters are not VINs."""
    spelled = latin(_compact(words))
    if kind in {None, IdentifierKind.VIN} and vin.is_well_formed(spelled) and any(map(str.isdigit, spelled)):
        return True
    if kind in {None, IdentifierKind.FRAME} and _JAPANESE_FRAME.fullmatch(latin(words)):
        return True
    return kind is IdentifierKind.PLATE and read_plate(_compact(words)).known


def guess_kind(plain: str) -> IdentifierKind:
    """The kind that folded text looks like. A VIN half typed is a VIN; so is what looks like nothing."""
    if _JAPANESE_FRAME.fullmatch(latin(plain)):
        return IdentifierKind.FRAME
    if read_plate(_compact(plain)).known:
        return IdentifierKind.PLATE
    return IdentifierKind.VIN


def _read_vin(plain: str, this_year: int | None) -> Reading:
    typed = _LABEL_GLUED_ON.sub("", _compact(plain))
    value = latin(typed)
    issues = [*_unreadable(value), *_vin_issues(value)]
    known = None
    if not issues:
        known = facts(value, this_year=this_year)
        check = known.check_digit
        if check.mandatory and not check.fits:
            params = {"found": check.found, "computed": check.computed}
            issues.append(Issue("vin_check_digit_differs", Severity.INFO, (9,), params))
        if vin.is_placeholder(value):
            issues.append(Issue("vin_placeholder", Severity.INFO))
    else:
        issues += _other_kind(plain, IdentifierKind.VIN)
    groups = (value[:3], value[3:9], value[9:])
    return Reading(
        IdentifierKind.VIN,
        value,
        " ".join(group for group in groups if group),
        changes=_look_alikes(typed),
        issues=tuple(issues),
        vin_facts=known,
    )


def _vin_issues(value: str) -> Iterator[Issue]:
    hidden: tuple[int, ...] = ()
    if masks.is_masked(value):
        pattern = masks.pattern(value)
        hidden = tuple(i for i, c in enumerate(pattern, 1) if c == masks.HIDDEN)
        yield Issue("vin_masked", positions=hidden, params={"pattern": pattern})
    strange = (i for i, c in enumerate(value, 1) if c not in vin.ALPHABET and c != UNREADABLE)
    if bad := tuple(i for i in strange if i not in hidden):
        yield Issue("vin_bad_character", positions=bad)
    count = len(value)
    if count < vin.LENGTH:
        yield Issue("vin_too_short", params={"count": count, "missing": vin.LENGTH - count})
    if count > vin.LENGTH:
        yield Issue("vin_too_long", params={"count": count, "extra": count - vin.LENGTH})


def _read_frame(plain: str) -> Reading:
    # The hyphen divides model code and serial. A space that stands there means it; other spaces mean nothing.
    spaced = _JAPANESE_FRAME.fullmatch(latin(plain)) is not None and " " in plain
    typed = without_labels(plain.replace(" ", "-" if spaced else ""))
    value = latin(typed)
    changes = list(_look_alikes(typed))
    if spaced:
        changes.append(Change(value.index("-") + 1, " ", "-"))
    issues = [*_unreadable(value), *_frame_issues(value)]
    if issues or len(value) == vin.LENGTH:
        issues += _other_kind(plain, IdentifierKind.FRAME)
    if _FRAME_WITHOUT_HYPHEN.fullmatch(value):
        issues.append(Issue("frame_hyphen_missing", Severity.INFO))
    if _FRAME_WITH_LETTERS.fullmatch(value):
        start = value.index("-") + 1
        letters = tuple(i for i, c in enumerate(value, 1) if i > start and c.isalpha())
        issues.append(Issue("frame_serial_not_digits", Severity.INFO, letters))
    return Reading(
        IdentifierKind.FRAME,
        value,
        value,
        changes=tuple(sorted(changes, key=lambda change: change.position)),
        issues=tuple(issues),
    )


def _frame_issues(value: str) -> Iterator[Issue]:
    # Body numbers of other makers have no common form, so only what none of them has is refused.
    bad = tuple(
        i for i, c in enumerate(value, 1) if not (c.isascii() and c.isalnum()) and c not in {"-", UNREADABLE}
    )
    count = len(value)
    fits = _SHORTEST_FRAME <= count <= _LONGEST_FRAME and any("0" <= c <= "9" for c in value)
    if bad or not fits:
        yield Issue("frame_malformed", positions=bad, params={"count": count})


def _read_plate(plain: str) -> Reading:
    typed = _compact(plain)
    plate = read_plate(typed)
    bad = tuple(i for i in plate.bad_positions if plate.value[i - 1] != UNREADABLE)
    count = len(plate.value)
    issues = list(_unreadable(plate.value))
    if bad or not _SHORTEST_PLATE <= count <= LONGEST_PLATE:
        issues.append(Issue("plate_malformed", positions=bad, params={"count": count}))
    if issues:
        issues += _other_kind(plain, IdentifierKind.PLATE)
    if plate.never_issued:
        issues.append(Issue("plate_never_issued", Severity.INFO))
    return Reading(
        IdentifierKind.PLATE,
        plate.value,
        plate.display,
        # A Russian plate is the same plate from either keyboard, and is shown in Cyrillic whatever was typed.
        changes=() if plate.in_cyrillic else _look_alikes(typed),
        issues=tuple(issues),
    )


def _compact(plain: str) -> str:
    # Once more without labels: what divided a label may have hidden it.
    return without_labels(plain.translate(_DIVIDERS))


def _look_alikes(typed: str) -> tuple[Change, ...]:
    return tuple(Change(i, c, CYRILLIC_TO_LATIN[c]) for i, c in enumerate(typed, 1) if c in CYRILLIC_TO_LATIN)


def _unreadable(value: str) -> Iterator[Issue]:
    positions = tuple(i for i, c in enumerate(value, 1) if c == UNREADABLE)
    if positions:
        yield Issue("identifier_unreadable_character", positions=positions)


def _other_kind(plain: str, kind: IdentifierKind) -> Iterator[Issue]:
    """A kind that `plain` fits, although it was read as `kind`."""
    compact = latin(_compact(plain))
    if len(compact) == vin.LENGTH and vin.ALPHABET.issuperset(compact):
        looks_like = IdentifierKind.VIN
    elif _JAPANESE_FRAME.fullmatch(latin(plain)) or _FRAME_WITHOUT_HYPHEN.fullmatch(compact):
        looks_like = IdentifierKind.FRAME
    elif read_plate(compact).known:
        looks_like = IdentifierKind.PLATE
    else:
        return
    if looks_like is not kind:
        yield Issue("identifier_other_kind", Severity.INFO, params={"kind": looks_like})
