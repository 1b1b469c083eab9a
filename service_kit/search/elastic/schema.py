"""What a copy is made of: `template.json`, with the facets that a service has."""

import copy
import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

_TEMPLATE: Final = json.loads((Path(__file__).parent / "template.json").read_text())
_MADE_OF: Final = "made_of"


class Schema:
    """How the copies of an index are made. The template also keeps a write from making one that is not there."""

    def __init__(self, name: str, facets: Collection[str]) -> None:
        """`name` is the alias, `facets` are all that documents have."""
        parts = copy.deepcopy(_TEMPLATE)
        body = parts["template"]
        properties = body["mappings"]["properties"]
        properties["facets"]["properties"] = {facet: {"type": "keyword"} for facet in sorted(facets)}
        self.made_of = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
        body["mappings"]["_meta"] = {_MADE_OF: self.made_of}
        self.settings: Mapping[str, Any] = body["settings"]
        self.mappings: Mapping[str, Any] = body["mappings"]
        self.template: Mapping[str, Any] = {**parts, "index_patterns": [f"{name}-*"]}

    def differs(self, mappings: Mapping[str, Any]) -> str | None:
        """Why documents that are written to an index with these mappings would not be found as they should be."""
        if mappings.get("_meta", {}).get(_MADE_OF) != self.made_of:
            return "it is made by another version"
        missing = _missing(self.mappings["properties"], mappings.get("properties", {}))
        return missing and f"somebody changed its field {missing}"


def _missing(wanted: Mapping[str, Any], found: Mapping[str, Any], path: str = "") -> str | None:
    """The first of the wanted fields that is not there, or another. A server says nothing that goes by itself."""
    for name, field in wanted.items():
        there = found.get(name, {})
        inner = field.get("properties")
        if inner is None:
            if any(there.get(key) != value for key, value in field.items()):
                return path + name
        elif missing := _missing(inner, there.get("properties", {}), f"{path}{name}."):
            return missing
    return None
