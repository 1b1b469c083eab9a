"""Why a file is no logo, in codes. The words are in `errors`."""

from typing import Final

UNREADABLE: Final = "logo_unreadable"
TYPE_UNKNOWN: Final = "logo_type_unknown"
TOO_LARGE: Final = "logo_too_large"
TOO_SMALL: Final = "logo_too_small"
