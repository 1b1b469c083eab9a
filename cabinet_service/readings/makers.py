"""Which makers there are, by the first three characters of a VIN, and which of them compute a check digit."""

from typing import Final

from vininfo.dicts.wmi import WMI  # pyright: ignore[reportMissingTypeStubs] - it has none

from shared_schemas import makers, vin

_LISTED: Final = frozenset[str](WMI)


def is_known(number: str) -> bool:
    """Whether the VIN begins with the code of a maker. Many codes are in no table: no is not a proof."""
    code = number[:3]
    # The library also has what stood on cars before there were VINs: all digits.
    listed = (code in _LISTED or code[:2] in _LISTED) and not code.isdigit() and code[0] != "0"
    return listed or makers.is_given(code)


def computes_check_digit(number: str) -> bool:
    """Whether position 9 is a check digit with this maker, as far as that is known."""
    return vin.check_digit(number).mandatory or number[:3] in makers.COMPUTE_CHECK_DIGIT
