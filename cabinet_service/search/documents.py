"""What an inspection is found by: its document. `FORM` is raised whenever that is made otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.core import queries as core
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.disputes import queries as disputes
from cabinet_service.inspections.talking import queries as talking
from service_kit.db import ReadSession
from service_kit.search.documents import Change, Document, Removal, TextField
from service_kit.search.engines import Indexed
from service_kit.search.keeping.making import claimed_names, facets_of, names_of, of_car, texts_of
from shared_schemas.events.bpa_v1 import DecisionView
from shared_schemas.search_words import STATES, VERDICTS, month_and_year
from shared_schemas.words import IdentifierKind

FORM: Final = "cabinet 3"
COMPANY: Final = "company"
FACETS: Final = (COMPANY,)
NO_COMPANY: Final = "-"
"""Whose name it was sent in where that was the client's own."""

Said = Mapping[UUID, Sequence[str]]


class Inspections:
    """The documents of cabinet: one of each inspection that was sent, for whoever sent it."""

    async def documents(self, session: ReadSession, versions: Mapping[UUID, int]) -> Sequence[Change]:
        """Whatever number of them, by five statements."""
        rows = await core.inspections(session, versions.keys())
        kept = [row for row in rows if row.erased_at is None and row.submitted_at is not None]
        ids = [row.id for row in kept]
        newest = await answers.newest_of(session, ids)
        said = [
            await read(session, ids) for read in (talking.messages_in, asking.said_in, disputes.reasons_in)
        ]
        gone = versions.keys() - set(ids)
        return [
            *(document_of(row, versions[row.id], newest.get(row.id), said) for row in kept),
            *(Removal(id_, versions[id_]) for id_ in gone),
        ]

    async def mentioning(
        self, _session: ReadSession, _subject_id: UUID, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        """None: what an inspection says of people it keeps itself."""
        del after, limit
        return ()


def document_of(row: Inspection, version: int, answer: DecisionView | None, said: Sequence[Said]) -> Document:
    """Of what was sent, with the answer that counts and all that was `said`."""
    assert row.submitted_at is not None  # noqa: S101 - only such have a document
    number = row.identifier or ""
    kind = core.identifier_kind(row)
    car = of_car(row.make, row.model, row.year, vin=number if kind is IdentifierKind.VIN else None)
    return Document(
        id=row.id,
        version=version,
        owner=str(row.account_id),
        at=row.submitted_at,
        names=names_of(claimed_names(number, kind, row.plate, number=row.number)),
        texts=texts_of(
            {
                TextField.ABOUT: [
                    car.words,
                    month_and_year(row.submitted_at),
                    STATES.get(row.state),
                    answer and VERDICTS[answer.verdict],
                ],
                TextField.PEOPLE: [row.expert_name, answer and answer.expert.display_name],
                TextField.FINDINGS: [
                    text
                    for finding in (answer.findings if answer else ())
                    for text in (finding.text, finding.explanation)
                ],
                TextField.ANSWER: [*_answered(answer), row.ended_note],
                TextField.MESSAGES: [row.worry, *(text for words in said for text in words.get(row.id, ()))],
            }
        ),
        # Whoever left a company is not even told how many there are.
        facets=facets_of({COMPANY: [row.company_id or NO_COMPANY]}),
    )


def _answered(answer: DecisionView | None) -> Iterator[str | None]:
    if answer is not None:
        yield from (answer.summary, answer.advice, *answer.not_covered)


INDEXED: Final = Indexed(name="inspections", facets=FACETS, form=FORM, source=Inspections())
