"""Reports as they are read: put into words when they are asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial

from cabinet_service.companies.logos.queries import Logo, logo_of
from cabinet_service.inspections.answers.queries import Given
from cabinet_service.reports import queries
from cabinet_service.reports.errors import RETRY_AFTER, ReportNotReady
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.subjects import Ordered, Subject
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound
from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Presented, Reader
from shared_schemas.report.presenting import present


@dataclass(frozen=True, slots=True)
class Read:
    """A report, the one that it replaces, the versions of the answer, the newest one last, and its logo."""

    kept: KeptReport
    replaced: KeptReport | None
    given: Sequence[Given]
    logo: Logo | None

    def presented(self, *, language: ReportLanguage, reader: Reader, zone: tzinfo) -> Callable[[], Presented]:
        """What puts it into words; that takes a while, and no session."""
        previous = Report.model_validate(self.replaced.body) if self.replaced else None
        report = Report.model_validate(self.kept.body)
        return partial(
            present,
            report,
            language=language,
            reader=reader,
            zone=zone,
            previous=previous,
            sha256=self.kept.sha256,
        )


async def find(session: ReadSession, subject: Subject, version: int, *, order: Ordered) -> Read:
    """A report of this order. Raises NotFound, or ReportNotReady for an answer whose report is not there yet."""
    reports = await queries.of_subject(session, subject)
    by_version = {one.version: one for one in reports}
    given = await subject.given(session)
    if version not in by_version:
        is_answer = any(one.version == version for one in given)
        raise ReportNotReady(headers=RETRY_AFTER) if is_answer else NotFound
    kept = by_version[version]
    logo = await logo_of(session, order.company_id)
    return Read(kept, by_version.get(kept.body["replaces"]), given, logo)
