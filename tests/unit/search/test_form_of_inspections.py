"""A document of an inspection that is made otherwise has another form."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from cabinet_service.inspections.core.models import Inspection
from cabinet_service.search.documents import FORM, document_of
from service_kit.search.documents import Document
from shared_schemas.events.bpa_v1 import DecisionView, ExpertRef, FindingSeverity, FindingView
from shared_schemas.words import InspectionState, Verdict

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ID = UUID(int=7)
COMPANY = UUID(int=2)


def made(company_id: UUID | None = COMPANY) -> Document:
    row = Inspection(
        id=ID,
        number="A-1000001",
        account_id=UUID(int=1),
        company_id=company_id,
        state=InspectionState.ANSWERED,
        identifier_typed="xta210990y2766389",
        identifier_kind_asked=None,
        identifier="XTA210990Y2766389",
        as_seen=False,
        plate="A123BC77",
        make="Шкода",
        model="Octavia",
        year=2019,
        worry="Are the digits genuine?",
        expert_name="Anna",
        ended_note=None,
        submitted_at=AT,
    )
    finding = FindingView(
        finding_id=ID, severity=FindingSeverity.ANOMALY, text="The 7 is re-struck.", places=()
    )
    answer = DecisionView(
        version=1,
        verdict=Verdict.FORGERY_SIGNS,
        summary="Stamped again.",
        advice="Do not buy.",
        findings=(finding,),
        not_covered=("the engine",),
        expert=ExpertRef(expert_id=ID, display_name="Vera"),
        decided_at=AT,
    )
    return document_of(row, 5, answer, [{ID: ["Message."]}, {ID: ["Question?"]}, {}])


def test_it_belongs_to_whoever_sent_it() -> None:
    document = made()
    assert (document.owner, document.version, document.at) == (str(UUID(int=1)), 5, AT)
    assert document.facets == {"company": {str(COMPANY)}}
    assert made(company_id=None).facets == {"company": {"-"}}


def test_a_document_that_is_made_otherwise_has_another_form() -> None:
    """Whoever changes what documents are made of raises FORM, and writes the new digest here."""
    document = made()
    names = sorted((name.kind.value, name.key) for name in document.names)
    facets = sorted((name, sorted(held)) for name, held in document.facets.items())
    text = json.dumps([names, dict(sorted(document.texts.items())), facets], ensure_ascii=False)
    assert (FORM, sha256(text.encode()).hexdigest()[:16]) == ("cabinet 3", "9bc50a70aa06676e")
