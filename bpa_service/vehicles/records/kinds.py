"""What only the store of records says of them; what clients are told as well is in `shared_schemas.records`."""

from enum import StrEnum


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
