"""What a file says of itself to whoever does not open it."""

import re
from typing import Final

# As they stand in a link of a page, whatever else is broken in the file.
_IN_LINK: Final = re.compile(rb"/verify/([0-9A-HJKMNP-TV-Z]{20})(?![0-9A-Za-z])")


def code_in_links(data: bytes) -> str | None:
    """The code of the report that it says it is."""
    found = _IN_LINK.search(data)
    return found.group(1).decode() if found else None
