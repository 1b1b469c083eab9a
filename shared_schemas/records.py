"""The words of a vehicle record, as both services speak of it, and how a block stands at a source."""

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


class FallKind(StrEnum):
    """What a fall of the mileage may be."""

    ROLLBACK = "rollback"
    PERHAPS_MILES = "perhaps_miles"  # the lower figure fits if it was read off in miles
    PERHAPS_KM = "perhaps_km"  # the higher one fits if it was read off in kilometres
    STANDS_ALONE = "stands_alone"  # one reading does not fit, and those around it fit each other


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


class CoverageState(StrEnum):
    """The six answers that a block can have."""

    DATA = "data"
    EMPTY = "empty"  # asked, answered, and nothing is on record there
    FAILED = "failed"  # asked, and no answer that can be believed
    NOT_COVERED = "not_covered"  # the source does not know such vehicles, or was not asked
    DECLINED = "declined"  # the source knows, and will not judge
    RUNNING = "running"  # asked, and not answered yet
