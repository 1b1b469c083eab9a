"""The words of a vehicle record: what it is of, how exactly it is dated, how good its mileage is."""

from enum import StrEnum


class Kind(StrEnum):
    """What a record is of. A history has one block of each; coverage is told block by block."""

    DESCRIPTION = "description"  # make, model, year, colour and what else a source knows a car to be
    REGISTRATION = "registration"  # an act of registration: first, changed, ended
    OWNERSHIP = "ownership"  # a period of one owner
    INSPECTION = "inspection"  # a periodic technical test
    MILEAGE = "mileage"  # a reading of the odometer that is part of nothing else
    ACCIDENT = "accident"
    DAMAGE = "damage"  # a calculation of damage, a total loss
    REPAIR = "repair"
    SERVICE = "service"
    INSURANCE = "insurance"
    RECALL = "recall"
    PLEDGE = "pledge"
    LEASING = "leasing"
    WANTED = "wanted"  # stolen or sought
    RESTRICTION = "restriction"  # acts of registration are forbidden
    FINE = "fine"
    COMMERCIAL_USE = "commercial_use"  # taxi, car sharing, hire
    CUSTOMS = "customs"  # import, export
    SCRAPPING = "scrapping"
    ADVERT = "advert"
    AUCTION = "auction"
    EQUIPMENT = "equipment"  # option codes


class Precision(StrEnum):
    """How exactly `began` is known: of a year or month it is the first day."""

    NONE = ""  # there is no date
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    TIME = "time"


class MileageQuality(StrEnum):
    """What is known of a mileage. Only `actual` and `unstated` have a value that a history may compare."""

    NONE = ""  # nothing was said of mileage
    UNSTATED = "unstated"  # a value, and no word of how good it is
    ACTUAL = "actual"
    EXEMPT = "exempt"  # so old a car need not state it (US brand E)
    NOT_ACTUAL = "not_actual"  # the source itself says that it is not the true one (US brand N)
    NOT_READ = "not_read"  # the odometer was missing or could not be read
    SENTINEL = "sentinel"  # a number that stands for nothing: 0, 1, 999999
    UNREADABLE = "unreadable"  # something is written that is no mileage


class Outcome(StrEnum):
    """How what a record is of came out, or how it stands."""

    NONE = ""
    PASSED = "passed"
    PASSED_AFTER_REPAIR = "passed_after_repair"
    FAILED = "failed"
    ABANDONED = "abandoned"
    ACTIVE = "active"
    ENDED = "ended"
    SOLD = "sold"


class Action(StrEnum):
    """What a source does by a row: it states, or takes back what it stated under the same key."""

    STATE = "state"
    WITHDRAW = "withdraw"


class Mark(StrEnum):
    """What a reader should know of how a record was read. None of them means that the car is in doubt."""

    TEXT_MIXED_ENCODING = "text_mixed_encoding"  # this row was in another encoding than its file
    TEXT_UNREADABLE = "text_unreadable"  # bytes that no encoding of the source has; � stands there
    TEXT_CONTROLS_REMOVED = "text_controls_removed"  # NULs and other controls
    TEXT_CUT = "text_cut"  # longer than the field may be
    VIN_LETTERS_REPAIRED = "vin_letters_repaired"  # Cyrillic look-alikes were read as Latin
    VIN_MASKED = "vin_masked"  # a pattern, not a VIN
    VIN_MALFORMED = "vin_malformed"  # kept as written, and found by nothing
    VIN_PLACEHOLDER = "vin_placeholder"  # belongs to no car
    VIN_IS_PROSE = "vin_is_prose"  # words stand where a VIN should
    VIN_SEVERAL = "vin_several"  # several VINs in one cell
    FRAME_UNUSUAL = "frame_unusual"  # not built as Japanese ones are: may be a VIN cut short
    PLATE_MALFORMED = "plate_malformed"
    NAME_LETTERS_REPAIRED = "name_letters_repaired"  # two scripts within one word
    MODEL_CUT_BY_SOURCE = "model_cut_by_source"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IN_FUTURE = "date_in_future"
    DATES_DISAGREE = "dates_disagree"  # the same event dated twice, on different days
    YEAR_IMPLAUSIBLE = "year_implausible"
    MILEAGE_UNREADABLE = "mileage_unreadable"
    MILEAGE_IMPLAUSIBLE = "mileage_implausible"
    MILEAGE_SENTINEL = "mileage_sentinel"
    VALUE_UNREADABLE = "value_unreadable"  # an attribute; its text is kept as written
    CODE_UNKNOWN = "code_unknown"  # in no table of the source
    CODE_AMBIGUOUS = "code_ambiguous"  # the source's table gives it two meanings
