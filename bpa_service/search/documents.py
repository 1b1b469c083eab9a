"""What a case is found by: the document that is made of it.

`FORM` is raised whenever it is made otherwise, or documents were left as they were that should have been fed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from bpa_service.cases.asking import queries as asking
from bpa_service.cases.checklist import queries as checklist
from bpa_service.cases.core import queries as core
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.deciding.models import Decision
from bpa_service.cases.disputes import queries as disputes
from bpa_service.cases.findings import queries as findings
from bpa_service.cases.findings.models import Finding
from bpa_service.cases.naming import domain as naming_domain
from bpa_service.cases.naming import queries as naming
from bpa_service.cases.second_opinions import queries as second_opinions
from bpa_service.cases.second_opinions.models import SecondOpinion
from bpa_service.cases.talking import queries as talking
from bpa_service.evidence import queries as evidence
from bpa_service.experts import queries as experts
from bpa_service.search import mentions
from bpa_service.sla import queries as sla
from service_kit.db import ReadSession
from service_kit.search.documents import Change, Document, Name, NameKind, Removal, TextField
from service_kit.search.engines import Indexed
from service_kit.search.keeping.making import car_of, claimed_names, facets_of, names_of, texts_of
from service_kit.search.names import name_of
from shared_schemas.events.cabinet_v1 import ClientRef, VehicleClaim
from shared_schemas.search_words import MARKS, STATES, VERDICTS, month_and_year
from shared_schemas.words import Shot

FORM: Final = "bpa 3"
OWNER: Final = "desk"
"""Of all documents: who works here sees every case."""

_KINDS: Final = {
    naming_domain.NameKind.NUMBER: NameKind.NUMBER,
    naming_domain.NameKind.PLATE: NameKind.PLATE,
    naming_domain.NameKind.ENGINE: NameKind.ENGINE,
}
Said = Mapping[UUID, Sequence[str]]
OfCase = TypeVar("OfCase", Finding, SecondOpinion)


class Facet(StrEnum):
    """By what cases can be told apart. MARKING: of which kind of marking there are findings. SLA: whether the
    answer came in time, late, or is still open.
    """

    STATE = "state"
    VERDICT = "verdict"
    MAKE = "make"
    MODEL = "model"
    YEAR = "year"
    MARKING = "marking"
    EXPERT = "expert"
    COMPANY = "company"
    SLA = "sla"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What there is of some cases, each kind of it by the id of the case; `shots` and `people` by their own."""

    names: Mapping[UUID, Sequence[naming_domain.Name]]
    findings: Mapping[UUID, Sequence[Finding]]
    answers: Mapping[UUID, Decision]
    opinions: Mapping[UUID, Sequence[SecondOpinion]]
    messages: Said
    notes: Said
    asked: Said
    disputes: Said
    odd: Said
    breached: Collection[UUID]
    shots: Mapping[UUID, Shot]
    people: Mapping[UUID, str]


class Cases:
    """The documents of bpa: one of each case."""

    async def documents(self, session: ReadSession, versions: Mapping[UUID, int]) -> Sequence[Change]:
        """Whatever number of them, by a dozen statements."""
        cases = await core.cases(session, versions.keys())
        kept = [case for case in cases if case.erased_at is None]
        read = await _read(session, kept)
        gone = versions.keys() - {case.id for case in kept}
        return [
            *(_document(case, versions[case.id], read) for case in kept),
            *(Removal(id_, versions[id_]) for id_ in gone),
        ]

    async def mentioning(
        self, session: ReadSession, subject_id: UUID, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        """The cases in which somebody who works here is named."""
        return await mentions.of_expert(session, subject_id, after=after, limit=limit)


async def _read(session: ReadSession, cases: Sequence[Case]) -> Read:
    ids = [case.id for case in cases]
    held = await findings.held_in(session, ids)
    answers = await deciding.newest_answers(session, ids)
    opinions = await second_opinions.in_cases(session, ids)
    named = {
        *(case.holder_id for case in cases if case.holder_id),
        *(one.author_id for one in held),
        *(answer.author_id for answer in answers.values()),
        *(opinion.answered_by for opinion in opinions if opinion.answered_by),
    }
    return Read(
        names=await naming.of_cases(session, ids),
        findings=_by_case(held),
        answers=answers,
        opinions=_by_case(opinions),
        messages=await talking.messages_in(session, ids),
        notes=await talking.notes_in(session, ids),
        asked=await asking.said_in(session, ids),
        disputes=await disputes.reasons_in(session, ids),
        odd=await checklist.reasons_in(session, ids),
        breached=await sla.breached(session, ids),
        shots=await evidence.shots_on(session, {place.evidence_id for one in held for place in one.places}),
        people=await experts.names(session, named),
    )


def _by_case(rows: Sequence[OfCase]) -> Mapping[UUID, Sequence[OfCase]]:
    grouped: dict[UUID, list[OfCase]] = {}
    for row in rows:
        grouped.setdefault(row.case_id, []).append(row)
    return grouped


def _document(case: Case, version: int, read: Read) -> Document:
    claim = VehicleClaim.model_validate(case.claim)
    held = read.findings.get(case.id, ())
    answer = read.answers.get(case.id)
    opinions = read.opinions.get(case.id, ())
    marks = {shot for one in held for place in one.places if (shot := read.shots[place.evidence_id]) in MARKS}
    car = car_of(claim)
    client = ClientRef.model_validate(case.client)
    expert = answer.author_id if answer else case.holder_id if case.state in OPEN else None
    people = [
        case.holder_id if case.state in OPEN else None,
        answer and answer.author_id,
        *(one.author_id for one in held),
        *(opinion.answered_by for opinion in opinions),
    ]
    said = [one for words in (read.messages, read.asked, read.disputes) for one in words.get(case.id, ())]
    return Document(
        id=case.id,
        version=version,
        owner=OWNER,
        at=case.opened_at,
        names=names_of([*_claimed(claim, case.number), *_names(case, read)]),
        texts=texts_of(
            {
                TextField.ABOUT: [
                    car.words,
                    month_and_year(case.opened_at),
                    STATES.get(case.state),
                    answer and VERDICTS[answer.verdict],
                    *(MARKS[shot] for shot in sorted(marks)),
                ],
                TextField.PEOPLE: [read.people.get(one) for one in dict.fromkeys(people) if one],
                TextField.FINDINGS: [*_stated(held), *read.odd.get(case.id, ())],
                TextField.ANSWER: [*_answered(answer)],
                TextField.MESSAGES: [case.worry, *said],
                TextField.NOTES: [
                    *read.notes.get(case.id, ()),
                    *(text for opinion in opinions for text in (opinion.question, opinion.text)),
                ],
            }
        ),
        facets=facets_of(
            {
                Facet.STATE: [case.state],
                Facet.VERDICT: [answer and answer.verdict],
                Facet.MAKE: [car.make],
                Facet.MODEL: [car.model],
                Facet.YEAR: [claim.year],
                Facet.MARKING: marks,
                Facet.EXPERT: [expert],
                Facet.COMPANY: [client.company_id],
                Facet.SLA: [_kept_in_time(case, read)],
            }
        ),
    )


def _claimed(claim: VehicleClaim, number: str) -> Iterable[Name | None]:
    return claimed_names(claim.identifier, claim.identifier_kind, claim.plate, number=number)


def _names(case: Case, read: Read) -> Iterable[Name | None]:
    for name in read.names[case.id]:
        if kind := _KINDS.get(name.kind):
            yield name_of(kind, name.key)


def _stated(held: Sequence[Finding]) -> Iterable[str | None]:
    for one in held:
        yield one.text
        yield one.explanation


def _answered(answer: Decision | None) -> Iterable[str | None]:
    if answer is not None:
        yield from (answer.summary, answer.advice, *answer.not_covered, answer.reason)


def _kept_in_time(case: Case, read: Read) -> str | None:
    """Whether the 20 minutes were enough: of one that ended without an answer nobody can say."""
    if case.id in read.breached:
        return "late"
    if case.state in OPEN:
        return "open"
    return "in_time" if case.id in read.answers else None


INDEXED: Final = Indexed(name="cases", facets=tuple(Facet), form=FORM, source=Cases())
