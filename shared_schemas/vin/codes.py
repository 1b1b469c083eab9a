"""What can be known of a maker's code, the first three characters of a VIN (ISO 3780), and on what grounds."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import NamedTuple


class YearPlace(StrEnum):
    """Where the makers of a code put the model year. `NOWHERE`: what stands at 10 is something else."""

    UNKNOWN = auto()
    NOWHERE = auto()
    AT_10 = auto()
    AT_11 = auto()


class CheckRule(StrEnum):
    """What position 9 is. `MANDATED`: a check digit, by law (North America, China). `COMPUTED`: one, by what is
    seen of the plant. `NONE`: something else, by the same. `UNKNOWN`: it may be either.
    """

    MANDATED = "mandated"
    COMPUTED = "computed"
    NONE = "none"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Whence it is known whose code it is, the best first.

    `CURATED`: a row of our own with its source. `LISTED`: at least two of three lists of codes agree; no car was
    looked at. `LIBRARY`: vininfo says so. `NOTHING`: nobody does, or not for certain.
    """

    CURATED = "curated"
    LISTED = "listed"
    LIBRARY = "library"
    NOTHING = "nothing"


class Plant(StrEnum):
    """Where cars with a code were built, as far as the code alone says so."""

    AVTOVAZ = "avtovaz"
    GM_AVTOVAZ = "gm_avtovaz"
    BOGDAN = "bogdan"
    GAZ = "gaz"
    UAZ = "uaz"
    KAMAZ = "kamaz"
    MAZ = "maz"
    AZLK = "azlk"
    IZHAVTO = "izhavto"
    HYUNDAI_ST_PETERSBURG = "hyundai_st_petersburg"
    AVTOTOR = "avtotor"
    TAGAZ = "tagaz"
    GM_ST_PETERSBURG = "gm_st_petersburg"
    VOLKSWAGEN_KALUGA = "volkswagen_kaluga"
    FORD_VSEVOLOZHSK = "ford_vsevolozhsk"
    FORD_SOLLERS = "ford_sollers"
    SOLLERS_YELABUGA = "sollers_yelabuga"
    SOLLERS_CHELNY = "sollers_chelny"
    SOLLERS_VLADIVOSTOK = "sollers_vladivostok"
    MAZDA_SOLLERS = "mazda_sollers"
    RENAULT_MOSCOW = "renault_moscow"
    NISSAN_RUSSIA = "nissan_russia"
    PSMA = "psma"
    TOYOTA_ST_PETERSBURG = "toyota_st_petersburg"
    HAVAL_TULA = "haval_tula"
    VOLVO_KALUGA = "volvo_kaluga"
    MAN_ST_PETERSBURG = "man_st_petersburg"
    MERCEDES_TRUCKS_CHELNY = "mercedes_trucks_chelny"
    RUSSIA = "russia"
    SOLLERS = "sollers"
    BELGEE = "belgee"
    ZAZ = "zaz"
    ASAKA = "asaka"
    TESLA_SHANGHAI = "tesla_shanghai"
    EVOBUS = "evobus"
    TESLA_GRUNHEIDE = "tesla_grunheide"
    LOTUS_HETHEL = "lotus_hethel"
    AUTOALLIANCE = "autoalliance"


class Row(NamedTuple):
    """What is known of some codes. `codes` are divided by spaces.

    `makes` are all that they may stand for, empty where that is not certain. `since` is the year in which the
    plant made its first car, 0 where that is not known. `light` is whether all of it are cars and light trucks,
    whose cycle of 30 years position 7 tells in North America (49 CFR 565.15). `disputed`: sources contradict each
    other, so it is told and nothing is held against it.
    """

    codes: str
    makes: tuple[str, ...]
    source: str
    plant: Plant | None = None
    year: YearPlace = YearPlace.UNKNOWN
    check: CheckRule = CheckRule.UNKNOWN
    since: int = 0
    light: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What is known of one code; see `Row`. `listed` is whether any source has it at all."""

    makes: frozenset[str] = frozenset()
    basis: Basis = Basis.NOTHING
    source: str = ""
    plant: Plant | None = None
    year: YearPlace = YearPlace.UNKNOWN
    check: CheckRule = CheckRule.UNKNOWN
    since: int = 0
    light: bool = False
    disputed: bool = False
    listed: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether a make that is not among `makes` speaks against something."""
        return bool(self.makes) and not self.disputed and self.basis in {Basis.CURATED, Basis.LISTED}
