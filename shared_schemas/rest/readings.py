"""What the reader of numbers saw on a photo, as cabinet answers bpa."""

from typing import Annotated

from pydantic import Field

from shared_schemas.base import Contract
from shared_schemas.evidence import Region
from shared_schemas.words import IdentifierKind


class ReadChange(Contract):
    """The character at `position` of the number was read as `typed`."""

    position: int
    typed: str
    became: str


class ReadNumber(Contract):
    """A number that the photo may show: `identifier` is compared, `formatted` is shown. A person confirms it.

    `upside_down`: what stands in `region` has to be turned by half a circle to be read.
    """

    identifier: str
    kind: IdentifierKind
    formatted: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    region: Region
    upside_down: bool = False
    changes: tuple[ReadChange, ...] = ()


class EvidenceReading(Contract):
    """What a photo most likely shows, best first; nothing, if no number was read surely enough.

    `number_seen` is whether it shows anything that may be a number of the body, readable or not.
    """

    candidates: tuple[ReadNumber, ...]
    number_seen: bool
