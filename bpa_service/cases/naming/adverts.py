"""An advert as it is compared: the site and the listing's own number, whatever else a copied link carries."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

LONGEST: Final = 120
# Under a country some register below a word of their own: autotrader.co.uk.
_SECOND_LEVELS: Final = frozenset({"co", "com", "net", "org", "gov", "ac", "or", "ne"})
_COUNTRY: Final = 2
_LABELS_OF_A_SITE: Final = 2
# Shorter ones are years, prices and models: pages with those show many cars.
_NUMBER: Final = re.compile(r"\d{5,}")
_NUMBER_IN_QUERY: Final = ("id", "ad", "adid", "advertid", "listingid", "listing", "item", "itemid", "car_id")
_MOST_FIELDS: Final = 100


def advert_key(url: str) -> str | None:
    """The site and the number of the listing; None for a link that has none: it may show any number of cars.

    The same listing has the same key from a telephone, from another town's address of the site, and with what
    was added to the link on its way.
    """
    try:
        parts = urlsplit(url.strip())
        site = _site(parts.hostname or "")
        said = {name.lower(): value for name, value in parse_qsl(parts.query, max_num_fields=_MOST_FIELDS)}
    except ValueError:
        return None
    numbers = _NUMBER.findall(parts.path)
    for name in _NUMBER_IN_QUERY:
        numbers = numbers or _NUMBER.findall(said.get(name, ""))
    key = f"{site}#{numbers[-1]}" if site and numbers else ""
    return key if 0 < len(key) <= LONGEST else None


def _site(host: str) -> str:
    """The name under which a site is registered, near enough: without what is put before it."""
    labels = host.lower().strip(".").split(".")
    if len(labels) < _LABELS_OF_A_SITE or not all(labels):
        return ""
    is_deep = len(labels[-1]) == _COUNTRY and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-(_LABELS_OF_A_SITE + is_deep) :])
