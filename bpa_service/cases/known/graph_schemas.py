"""The graph around a case as the API speaks of it."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.known.covering import Covered
from bpa_service.cases.known.graph import Edge, EdgeKind, Graph, Node, NodeKind
from bpa_service.cases.known.signs import OfCase, Sign, SignKind, Statement
from bpa_service.evidence.links import PreviewOf
from bpa_service.vehicles.mappings import catalogue
from service_kit.http.schemas import ApiOutput
from shared_schemas.words import InspectionState


class NodeOut(ApiOutput):
    """A case, a name as people read it, or a photo in small (`preview`). `is_open` is of cases alone."""

    id: str
    kind: NodeKind
    label: str
    case_id: UUID | None
    state: InspectionState | None
    is_open: bool
    submitted_at: datetime | None
    preview: str | None

    @classmethod
    def of(cls, node: Node, preview: PreviewOf) -> Self:
        case = node.case
        return cls(
            id=node.id,
            kind=node.kind,
            label=node.label,
            case_id=case and case.id,
            state=case and case.state,
            is_open=case is not None and case.state in OPEN,
            submitted_at=case and case.submitted_at,
            preview=preview(node.evidence_id) if node.evidence_id else None,
        )


class EdgeOut(ApiOutput):
    """Why a case (`source`) and something else (`target`) hang together, since when, on which of its photos."""

    source: str
    target: str
    kind: EdgeKind
    at: datetime | None
    evidence_id: UUID | None

    @classmethod
    def of(cls, edge: Edge) -> Self:
        return cls(
            source=edge.source, target=edge.target, kind=edge.kind, at=edge.at, evidence_id=edge.evidence_id
        )


class SaidOut(ApiOutput):
    """What is said, of which days, and by whom: a case (on which photo), or a source (file, row, as of when).

    `source` is what people call it.
    """

    text: str
    since: date
    until: date
    case_id: UUID | None = None
    number: str | None = None
    evidence_id: UUID | None = None
    source: str | None = None
    file: str | None = None
    row: int | None = None
    as_of: date | None = None

    @classmethod
    def of(cls, said: Statement) -> Self:
        by = said.ground
        if isinstance(by, OfCase):
            return cls(
                text=said.text,
                since=said.since,
                until=said.until,
                case_id=by.case_id,
                number=by.number,
                evidence_id=by.evidence_id,
            )
        return cls(
            text=said.text,
            since=said.since,
            until=said.until,
            source=catalogue.title(by.source),
            file=by.file,
            row=by.row,
            as_of=by.as_of,
        )


class SignOut(ApiOutput):
    """Two statements of one number that differ. `changed`: far enough apart that one car may have been both."""

    kind: SignKind
    changed: bool
    earlier: SaidOut
    later: SaidOut

    @classmethod
    def of(cls, sign: Sign) -> Self:
        return cls(
            kind=sign.kind,
            changed=sign.changed,
            earlier=SaidOut.of(sign.earlier),
            later=SaidOut.of(sign.later),
        )


class GraphOut(ApiOutput):
    """What hangs together around a case: 12 cases and 30 nodes at most, itself first; `is_cut` if there are more.

    `registers` is what came of looking at records of the car: where they are not asked now, the signs say
    nothing of them.
    """

    asked_at: datetime
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    signs: list[SignOut]
    registers: Covered
    is_cut: bool

    @classmethod
    def of(cls, graph: Graph, registers: Covered, now: datetime, preview: PreviewOf) -> Self:
        return cls(
            asked_at=now,
            nodes=[NodeOut.of(node, preview) for node in graph.nodes],
            edges=[EdgeOut.of(edge) for edge in graph.edges],
            signs=[SignOut.of(sign) for sign in graph.signs],
            registers=registers,
            is_cut=graph.is_cut,
        )
