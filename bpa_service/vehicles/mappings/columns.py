"""What a table's header is against its mapping: renamed, reordered, missing, new; and which version it is."""

from dataclasses import dataclass
from difflib import get_close_matches

from bpa_service.vehicles.mappings.spec import Mapping, Version
from bpa_service.vehicles.records.rejects import FileReason, FileRefused


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns of one table. `places` says for a column of the mapping where it is; one that is missing is not
    in it.

    `renamed` are pairs of the mapping's name and the file's. `extra` are columns that no mapping knows: nothing
    of them is kept. `reordered` is whether those that are here stand in another order than in the mapping's file.
    """

    places: dict[str, int]
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    reordered: bool = False
    version: str = ""


def fitted(header: tuple[str, ...], mapping: Mapping, delimiter: str) -> Fit:
    """How `header` fits. Raises `FileRefused` where columns are missing that no version lacks.

    Names are compared without case and outer spaces. The refusal names what looks like a missing one.
    """
    file, known, read = mapping.file, mapping.known_columns(), mapping.read_columns()
    here = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
    places: dict[str, int] = {}
    renamed: list[tuple[str, str]] = []
    for column in sorted(known):
        for name in (column, *file.renamed.get(column, ())):
            if (place := here.get(name.casefold())) is not None:
                places[column] = place
                if name != column:
                    renamed.append((column, header[place]))
                break
    missing = tuple(sorted(known - set(places)))
    if lacked := [column for column in missing if column in read and column not in file.may_lack]:
        raise FileRefused(FileReason.COLUMNS_MISSING, details=tuple(_with_like(lacked, header, places)))
    extra = tuple(name for place, name in enumerate(header) if place not in set(places.values()))
    usual = [places[column] for column in file.header if column in places]
    version = next((one.name for one in mapping.versions if _is(one, places, delimiter)), "")
    return Fit(places, missing, extra, tuple(renamed), usual != sorted(usual), version)


def _with_like(lacked: list[str], header: tuple[str, ...], places: dict[str, int]) -> list[str]:
    taken = {header[place] for place in places.values()}
    free = {name.casefold(): name for name in header if name not in taken}
    found: list[str] = []
    for column in lacked:
        like = get_close_matches(column.casefold(), free, n=1)
        found.append(f"{column} ({free[like[0]]}?)" if like else column)
    return found


def _is(version: Version, places: dict[str, int], delimiter: str) -> bool:
    return (
        version.delimiter in {"", delimiter}
        and all(column in places for column in version.has)
        and not any(column in places for column in version.lacks)
    )
