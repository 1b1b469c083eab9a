"""What a mapping says: a TOML file per source, checked when it is loaded. A new source is a new file, not code.

The fields of a record are mapped under `[shape.fields]`, attributes under `[shape.attributes]`, as a column's
name or as `{ from = "…", as = "converter", … }`. A column's name alone is a text, or in an attribute whatever the
attribute is. In documents a column is a path (`paths.py`).
"""

from collections.abc import Mapping as MappingOf
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bpa_service.vehicles.mappings.converters import AnySpec
from bpa_service.vehicles.mappings.converters.values import Words
from bpa_service.vehicles.records.attributes import ATTRIBUTES, AttributeType
from bpa_service.vehicles.records.columns import NAMES
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.record import IdentifierName
from shared_schemas.records import Kind, Outcome

_BY_TYPE = {
    AttributeType.TEXT: "text",
    AttributeType.NUMBER: "figure",
    AttributeType.FLAG: "flag",
    AttributeType.DAY: "day",
}
# Groups of fields that one converter fills, and lists that several may add to.
_GROUPS = frozenset({"mileage"})
# The columns that a split adds.
SPLIT: Final = frozenset({"match", "alone"})
# What the engine fills itself.
_OWN = frozenset({"source", "kind", "key", "row_hash", "file", "row", "item", "as_of", "asked_at", "marks"})


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class FileSpec(_Model):
    """How the files are written. `header` has all columns of a table in their usual order.

    With `lines` a line is one cell. What stands in `header` and is mapped by no shape is known and kept out:
    nobody needs it, or it is about people. `may_lack` are mapped columns that not every version has: no other may
    be missing. `renamed` gives for a column the names that it had or has elsewhere.
    """

    lines: bool = False
    header: tuple[str, ...] = ()
    has_header: bool = True
    encodings: tuple[str, ...] = ("utf-8", "cp1251", "cp1252")
    delimiters: tuple[str, ...] = (",", ";", "\t", "|")
    backslash: bool = False
    items: str = ""
    json_lines: bool = False
    may_lack: tuple[str, ...] = ()
    renamed: MappingOf[str, tuple[str, ...]] = Field(default_factory=dict)


class Version(_Model):
    """A version of the source's format: the first whose signs all fit is the one that a file is said to be."""

    name: str
    delimiter: str = ""
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class Condition(_Model):
    """That what is at a path is one of `among`, or none of `none_of`; texts compared, null is the empty one."""

    at: str
    among: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


class Split(_Model):
    """A column that may speak of several vehicles: each thing that `pattern` finds in it is an item of its own.

    The item has two columns more: `match` is what was found, and `alone` the whole text if only one thing was.
    """

    column: str
    pattern: str


class Shape(_Model):
    """Records of one kind out of a row or document: one for each item at `each`.

    It is for documents that have something at each path of `needs`, and items that meet `only`. `key` are columns
    that name the row at the source. Without `identified` a record need not say which vehicle it is of.
    """

    kind: Kind
    each: str = ""
    needs: tuple[str, ...] = ()
    only: tuple[Condition, ...] = ()
    split: Split | None = None
    key: tuple[str, ...] = ()
    identified: bool = True
    constants: MappingOf[str, str] = Field(default_factory=dict)
    fields: MappingOf[str, AnySpec]
    attributes: MappingOf[str, AnySpec] = Field(default_factory=dict)
    codes: tuple[AnySpec, ...] = ()

    @field_validator("fields", mode="before")
    @classmethod
    def _plain_fields(cls, fields: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(fields) - set(NAMES) - _GROUPS | set(fields) & _OWN:
            raise ValueError(f"no fields of a record: {sorted(unknown)}")
        return {name: _spec(spec, "text") for name, spec in fields.items()}

    @field_validator("fields")
    @classmethod
    def _words_that_there_are(cls, fields: MappingOf[str, AnySpec]) -> MappingOf[str, AnySpec]:
        for name, words in (("outcome", Outcome), ("action", Action)):
            spec = fields.get(name)
            if spec is not None and not (isinstance(spec, Words) and set(spec.words.values()) <= set(words)):
                raise ValueError(f"{name} is none of {sorted(words)}")
        return fields

    @field_validator("attributes", mode="before")
    @classmethod
    def _plain_attributes(cls, attributes: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(attributes) - set(ATTRIBUTES):
            raise ValueError(f"no attributes: {sorted(unknown)}")
        return {name: _spec(spec, _BY_TYPE[ATTRIBUTES[name].type]) for name, spec in attributes.items()}

    @field_validator("constants")
    @classmethod
    def _known_constants(cls, constants: MappingOf[str, str]) -> MappingOf[str, str]:
        if unknown := set(constants) - (set(NAMES) - _OWN):
            raise ValueError(f"no fields of a record: {sorted(unknown)}")
        return constants

    def columns(self) -> tuple[str, ...]:
        """Every column that is read, once, in the order of the mapping."""
        specs = (*self.fields.values(), *self.attributes.values(), *self.codes)
        named = [
            one for spec in specs for one in ((spec.source,) if isinstance(spec.source, str) else spec.source)
        ]
        return tuple(dict.fromkeys((*named, *self.key)))


def _spec(spec: Any, converter: str) -> Any:
    return {"from": spec, "as": converter} if isinstance(spec, str) else {"as": converter, **spec}


class Block(_Model):
    """A block of an answer: where its items are, what counts them, and which of the answer's sources fill it.

    `declined` and `not_covered` are signs that the source will not judge, or knows no such vehicle.
    """

    kind: Kind
    at: str
    count: str = ""
    filled_by: tuple[str, ...] = ()
    declined: Condition | None = None
    not_covered: Condition | None = None


class States(_Model):
    """Where an answer says how its own sources stand, and what its words for that mean."""

    at: str
    name: str
    state: str
    words: MappingOf[str, Literal["data", "failed", "running", "not_covered", "declined"]]


class Asking(_Model):
    """How a source is asked about one vehicle over HTTP, and how often, how long and how dearly.

    `url` names what it takes in braces: `…?kenteken={plate}`; with a `body` it is asked by POST. `rate` is as in
    `60/minute`. An answer stands for `fresh_hours`. After `failures_to_rest` failures in a row it is left alone
    for `rest_seconds`. Of statuses, `empty` mean that it knows no such vehicle, `running` that it is at work.
    """

    url: str
    takes: tuple[IdentifierName, ...]
    body: MappingOf[str, str] | None = None
    fresh_hours: float = 24
    rate: str = "60/minute"
    timeout_seconds: float = Field(default=10, gt=0, le=120)
    retries: int = Field(default=2, ge=0, le=5)
    failures_to_rest: int = Field(default=5, ge=1)
    rest_seconds: float = 60
    cost: float = 0
    currency: str = ""
    empty: tuple[int, ...] = (404,)
    running: tuple[int, ...] = (202,)

    @model_validator(mode="after")
    def _names_what_it_takes(self) -> "Asking":
        asked = self.url + "".join((self.body or {}).values())
        if not self.takes or any(f"{{{name}}}" not in asked for name in self.takes):
            raise ValueError("what it takes stands in its url or body")
        return self


class Mapping(_Model):
    """A source's files and answers, and what becomes of them.

    `delivery` is `complete` where a file is the whole of what the source has, so that what is not in it is taken
    back, and `changes` where it adds to earlier ones. `zone` is that of the source's texts; without one its times
    stay local. `unwrap` are paths of which the first that a document has leads to what the shapes read. `errors`
    are signs that an answer is none: it is rejected, and says nothing about a vehicle. `[common]` are fields of
    every shape that has no such field itself. With `hides_numbers` its VINs as a rule hide characters, so that a
    vehicle is not found by one, and its silence about one says nothing.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    title: str
    language: str = Field(default="", pattern=r"^([a-z]{2})?$")
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    zone: str = ""
    delivery: Literal["complete", "changes"] = "changes"
    hides_numbers: bool = False
    nothing: tuple[str, ...] = ()
    file: FileSpec = FileSpec()
    versions: tuple[Version, ...] = ()
    unwrap: tuple[str, ...] = ()
    errors: tuple[Condition, ...] = ()
    blocks: tuple[Block, ...] = ()
    states: States | None = None
    asking: Asking | None = None
    shape: tuple[Shape, ...]

    @model_validator(mode="before")
    @classmethod
    def _with_common(cls, data: dict[str, Any]) -> dict[str, Any]:
        common: dict[str, Any] = data.pop("common", {})
        shapes: list[dict[str, Any]] = data.get("shape", [])
        return {
            **data,
            "shape": [{**shape, "fields": {**common, **shape.get("fields", {})}} for shape in shapes],
        }

    @model_validator(mode="after")
    def _has_shapes(self) -> "Mapping":
        if not self.shape:
            raise ValueError("a mapping has at least one shape")
        return self

    def known_columns(self) -> frozenset[str]:
        """Whatever a header may have without being a surprise, under the names of the mapping."""
        return self.read_columns() | set(self.file.header)

    def read_columns(self) -> frozenset[str]:
        """The columns that some shape reads."""
        split = {shape.split.column for shape in self.shape if shape.split}
        only = {condition.at for shape in self.shape for condition in shape.only}
        return frozenset(column for shape in self.shape for column in shape.columns()) - SPLIT | split | only
