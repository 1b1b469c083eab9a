"""What a VIN says, and what does not agree with it, as both public APIs speak of it.

The words for the codes stand under `vin` in the catalogues of `service_kit/web/messages`.
"""

from collections.abc import Mapping

from pydantic import ConfigDict

from service_kit.http.schemas import ApiOutput
from shared_schemas.vin.claims import ClaimPart, DoubtCode, DoubtSeverity
from shared_schemas.vin.conclusions import ConclusionCode


class ConclusionOut(ApiOutput):
    """What follows of a VIN: information, no proof. `positions` of its characters, from 1, are its grounds."""

    model_config = ConfigDict(from_attributes=True)

    code: ConclusionCode
    positions: tuple[int, ...]
    params: Mapping[str, str]


class DoubtOut(ApiOutput):
    """What of a claim does not agree with the VIN; a question to look into, never a verdict.

    `contradiction`: both cannot be true, as far as is known. `anomaly`: honest cars are hardly ever so.
    `unusual`: some honest cars are. Where nothing is known there is none.
    """

    model_config = ConfigDict(from_attributes=True)

    code: DoubtCode
    about: ClaimPart
    severity: DoubtSeverity
    positions: tuple[int, ...]
    params: Mapping[str, str]
