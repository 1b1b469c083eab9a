"""How cases, names and photos hang together around a case, as nodes and edges; and what differs of its number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from string import ascii_uppercase
from typing import Final
from uuid import UUID

from bpa_service.cases.core.claims import as_read
from bpa_service.cases.core.models import Case
from bpa_service.cases.known.queries import Known, Other
from bpa_service.cases.known.signs import OfCase, OfRecord, Sign, SignKind, Statement, signs_of
from bpa_service.cases.naming.domain import Name, NameKind, NameSource
from bpa_service.vehicles.history.entries import last_day_of
from bpa_service.vehicles.history.mileage import COMPARED
from bpa_service.vehicles.records.record import Record
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.records import MileageQuality
from shared_schemas.words import IdentifierKind

MOST_CASES: Final = 12
MOST_NODES: Final = 30
MOST_PHOTOS: Final = 8


class NodeKind(StrEnum):
    CASE = "case"
    NUMBER = "number"
    PLATE = "plate"
    ENGINE = "engine"
    ADVERT = "advert"
    PHOTO = "photo"


class EdgeKind(StrEnum):
    """Why two nodes hang together: a client claims a name, an expert read it off a photo, a case has a photo or
    one that looks like it, an expert tied two cases.
    """

    CLAIMED = "claimed"
    READ = "read"
    SAME_PHOTO = "same_photo"
    SIMILAR_PHOTO = "similar_photo"
    TIED = "tied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`id` is of this graph alone. `case` is that of a case's node, `evidence_id` the photo of a photo's, whose
    `label` is a letter.
    """

    id: str
    kind: NodeKind
    label: str
    case: Case | None = None
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """From a case's node to another one, since when and on which photo of that case, where that is known."""

    source: str
    target: str
    kind: EdgeKind
    at: datetime | None = None
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """At most MOST_CASES, MOST_PHOTOS and MOST_NODES, the case itself first; `is_cut` if there would be more."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    signs: Sequence[Sign]
    is_cut: bool


_OF_NAMES: Final = {
    NameKind.NUMBER: NodeKind.NUMBER,
    NameKind.PLATE: NodeKind.PLATE,
    NameKind.ENGINE: NodeKind.ENGINE,
    NameKind.ADVERT: NodeKind.ADVERT,
}
_BY: Final = {NameSource.CLAIM: EdgeKind.CLAIMED, NameSource.READING: EdgeKind.READ}


def shown_in(known: Known) -> Sequence[Other]:
    """The other cases that are drawn: tied ones first, then those with most in common, then the newest."""

    def weight(other: Other) -> tuple[bool, bool, int, datetime, UUID]:
        has_number = NameKind.NUMBER in other.shares
        common = len(other.shares) + len(other.photos)
        return other.tie is not None, has_number, common, other.case.opened_at, other.case.id

    return sorted(known.others, key=weight, reverse=True)[: MOST_CASES - 1]


def graph_of(known: Known, names: Mapping[UUID, Sequence[Name]], records: Iterable[Record]) -> Graph:
    """The graph around a case; `names` are those of it and of the cases that are drawn, `records` of its car."""
    others = shown_in(known)
    drawn = _Drawing()
    drawn.cases([known.case, *(other.case for other in others)])
    for case_id, said in _shared_first(known, names):
        drawn.name(case_id, said)
    for other in others:
        drawn.others(known.case, other)
    return Graph(
        nodes=tuple(drawn.nodes.values()),
        edges=tuple(drawn.edges),
        signs=signs_of((*_of_cases(known, others, names), *_of_records(records))),
        is_cut=drawn.is_cut or known.has_more or len(known.others) > len(others),
    )


class _Drawing:
    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.is_cut = False
        self._photos: dict[UUID, str] = {}

    def cases(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._has(Node(id=f"case {case.id}", kind=NodeKind.CASE, label=case.number, case=case))

    def name(self, case_id: UUID, name: Name) -> None:
        node = Node(id=f"{name.kind} {name.key}", kind=_OF_NAMES[name.kind], label=_label(name))
        if self._has(node):
            kind = _BY[name.source]
            self._edge(case_id, node.id, kind, at=name.said_at, evidence_id=name.evidence_id)

    def others(self, case: Case, other: Other) -> None:
        if other.tie is not None:
            self._edge(case.id, f"case {other.case.id}", EdgeKind.TIED, at=other.tie.at)
        photos = [
            *((photo, EdgeKind.SAME_PHOTO) for photo in other.photos),
            *((photo, EdgeKind.SIMILAR_PHOTO) for photo in other.similar),
        ]
        for photo, kind in photos:
            mine = photo.evidence_id
            if mine not in self._photos and len(self._photos) >= MOST_PHOTOS:
                self.is_cut = True
                continue
            label = self._photos.get(mine) or ascii_uppercase[len(self._photos)]
            node = Node(id=f"photo {mine}", kind=NodeKind.PHOTO, label=label, evidence_id=mine)
            if self._has(node):
                self._photos[mine] = label
                self._edge(case.id, node.id, EdgeKind.SAME_PHOTO, evidence_id=mine)
                self._edge(other.case.id, node.id, kind, evidence_id=photo.other_id)

    def _has(self, node: Node) -> bool:
        """Whether there is such a node now."""
        if node.id not in self.nodes and len(self.nodes) >= MOST_NODES:
            self.is_cut = True
            return False
        self.nodes.setdefault(node.id, node)
        return True

    def _edge(
        self,
        case_id: UUID,
        target: str,
        kind: EdgeKind,
        *,
        at: datetime | None = None,
        evidence_id: UUID | None = None,
    ) -> None:
        edge = Edge(source=f"case {case_id}", target=target, kind=kind, at=at, evidence_id=evidence_id)
        if edge not in self.edges:
            self.edges.append(edge)


def _shared_first(known: Known, names: Mapping[UUID, Sequence[Name]]) -> list[tuple[UUID, Name]]:
    """The names of all cases that are drawn: those that most of them have first, then the case's own."""
    said = [(case_id, name) for case_id, of_case in names.items() for name in of_case]
    having: dict[tuple[NameKind, str], set[UUID]] = {}
    for case_id, name in said:
        having.setdefault((name.kind, name.key), set()).add(case_id)

    def weight(one: tuple[UUID, Name]) -> tuple[int, bool, NameKind, str, UUID, NameSource]:
        case_id, name = one
        cases = having[name.kind, name.key]
        return -len(cases), known.case.id not in cases, name.kind, name.key, case_id, name.source

    return sorted(said, key=weight)


def _label(name: Name) -> str:
    if name.kind is NameKind.PLATE:
        return as_read(name.key, IdentifierKind.PLATE)
    if name.kind is NameKind.NUMBER:
        return as_read(name.key, IdentifierKind.VIN)
    return name.key.replace("#", " ")


def _of_cases(
    known: Known, others: Sequence[Other], names: Mapping[UUID, Sequence[Name]]
) -> Iterator[Statement]:
    """What is said of the number of this case, by it and by those that have it, too."""
    if NameKind.NUMBER not in known.names:
        return
    for case in (known.case, *(other.case for other in others if NameKind.NUMBER in other.shares)):
        for name in names.get(case.id, ()):
            if name.kind is NameKind.PLATE:
                ground = OfCase(case.id, case.number, name.evidence_id)
                yield _statement(ground, SignKind.PLATE, _label(name), name.said_at.date())
        km = VehicleClaim.model_validate(case.claim).mileage_km
        if km is not None:
            ground = OfCase(case.id, case.number)
            yield _statement(ground, SignKind.MILEAGE, str(km), case.submitted_at.date(), km=km)


def _of_records(records: Iterable[Record]) -> Iterator[Statement]:
    """What records say of it, of a day of their own: a file's day is that of no car."""
    for record in records:
        if record.began is None:
            continue
        ground = OfRecord(record.source, record.file, record.row, record.as_of.date())
        since, until = record.began, last_day_of(record) or record.began
        said = {
            SignKind.PLATE: record.plate and as_read(record.plate, IdentifierKind.PLATE),
            SignKind.COLOUR: record.colour,
            SignKind.PLACE: record.place,
        }
        for kind, text in said.items():
            if text:
                yield Statement(ground=ground, kind=kind, text=text, since=since, until=until)
        km = record.mileage_km
        if km is not None and MileageQuality(record.mileage_quality) in COMPARED:
            yield Statement(
                ground=ground, kind=SignKind.MILEAGE, text=str(km), since=since, until=until, km=km
            )


def _statement(ground: OfCase, kind: SignKind, text: str, on: date, *, km: int = 0) -> Statement:
    return Statement(ground=ground, kind=kind, text=text, since=on, until=on, km=km)
