"""The sources that can be asked, and those of them that an operator has turned on."""

from collections.abc import Mapping as MappingOf
from functools import cache
from urllib.parse import urlsplit, urlunsplit

from bpa_service.settings import Settings
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.mappings.spec import Mapping
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.sources.connector import Facts, facts_of


@cache
def that_can_be_asked() -> MappingOf[str, Facts]:
    """Every source with a way to ask it, by its name."""
    mappings = (catalogue.mapping(name) for name in catalogue.names())
    return {one.name: facts_of(one) for one in mappings if one.asking is not None}


@cache
def facts(name: str) -> Facts | None:
    """What is known of a source that can be asked; None where none of that name can."""
    if name not in catalogue.names() or (mapping := catalogue.mapping(name)).asking is None:
        return None
    return facts_of(mapping)


def takes(source: Facts, about: Identifier) -> bool:
    """Whether it makes sense to ask the source by this number."""
    elsewhere = about.name == "plate" and bool(source.country) and about.country not in {"", source.country}
    return about.name in source.takes and not elsewhere


def at_address(mapping: Mapping, address: str) -> Mapping:
    """The same source asked at another host: of its own address the path and the query stay."""
    if mapping.asking is None:
        raise ValueError(f"{mapping.name} cannot be asked about a vehicle")
    there, own = urlsplit(address), urlsplit(mapping.asking.url)
    url = urlunsplit((there.scheme, there.netloc, there.path.rstrip("/") + own.path, own.query, ""))
    return mapping.model_copy(update={"asking": mapping.asking.model_copy(update={"url": url})})


def check(settings: Settings) -> None:
    """End the process, as for any setting that cannot work, if a source that is named cannot be asked."""
    for setting, names in (
        ("SOURCES", settings.sources),
        ("SOURCE_ADDRESSES", settings.source_addresses),
        ("SOURCE_HEADERS", settings.source_headers),
    ):
        if wrong := [name for name in names if facts(name) is None]:
            known = ", ".join(that_can_be_asked())
            raise SystemExit(f"BPA_{setting}: {', '.join(wrong)} cannot be asked; those that can are {known}")
