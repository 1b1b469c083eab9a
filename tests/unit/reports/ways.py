"""Every way in which a report is told."""

from typing import Final, get_args

from hypothesis import strategies as st

from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Presented, Reader, Scope
from shared_schemas.report.presenting import present
from tests.factories import reports

LANGUAGES: Final = get_args(ReportLanguage)
Way = tuple[ReportLanguage, Reader, Scope]
WAYS: Final = st.tuples(
    st.sampled_from(LANGUAGES),
    st.sampled_from(Reader),
    st.builds(Scope, photos=st.booleans(), history=st.booleans()),
)


def told(report: Report, way: Way, previous: Report | None = None) -> Presented:
    language, reader, scope = way
    return present(
        report, language=language, reader=reader, scope=scope, zone=reports.MOSCOW, previous=previous
    )
