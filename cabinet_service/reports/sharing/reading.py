"""What a link shows: which version, in which words, and how it stands to the others."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from cabinet_service.companies.logos.queries import Logo, logo_of
from cabinet_service.companies.logos.schemas import shown as as_shown
from cabinet_service.reports import queries as reports
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.queries import Version
from cabinet_service.reports.sharing import queries
from cabinet_service.reports.sharing.models import ReportShare
from cabinet_service.reports.sharing.opening import Visit
from cabinet_service.reports.sharing.pictures import shown_in
from cabinet_service.reports.sharing.schemas import SharedReport, SharedState, SharedVersion
from service_kit.caching import Cache
from service_kit.db import SYSTEM, Database, ReadSession
from service_kit.http.problems import NotFound
from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Presented
from shared_schemas.report.presenting import present

_FOUND_OUT_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """How it is worded for whoever reads it."""

    language: ReportLanguage
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Shown:
    """A version of a report by a link, with the digest that it was kept with. `previous` is the one that it
    replaced, if the link has shown that.

    `versions` are those that the link shows, the oldest first. `newest` is that of the answer, whose report may
    be on its way; `replaced_at` is since when there is a newer one.
    """

    report: Report
    sha256: str
    previous: Report | None
    versions: Sequence[Version]
    newest: int
    replaced_at: datetime | None
    logo: Logo | None

    @property
    def version(self) -> int:
        return self.report.version

    def answer(self, share: ReportShare, told: Told, *, read_before: int | None) -> SharedReport:
        return SharedReport(
            presented=_presented(self.report, share, told, self.previous, self.sha256),
            logo=as_shown(self.logo),
            version=self.version,
            is_newest=self.replaced_at is None,
            newest_version=self.newest,
            replaced_at=self.replaced_at,
            read_before=read_before,
            versions=[SharedVersion(version=one.number, made_at=one.made_at) for one in self.versions],
            expires_at=share.expires_at,
        )


async def shown(session: ReadSession, share: ReportShare, wanted: int | None) -> Shown:
    """The version that is asked for, of those that the link has shown; else the newest. Raises NotFound."""
    made = await reports.versions(session, share.subject)
    given = await share.subject.given(session)
    if not made or not given:
        raise NotFound
    seen = [one for one in made[:-1] if one.number in share.shown]
    versions = [*seen, made[-1]]
    asked = next((one for one in versions if one.number == (wanted or made[-1].number)), None)
    if asked is None:
        raise NotFound
    kept = await _kept(session, asked.report_id)
    report = Report.model_validate(kept.body)
    order = await share.subject.order(session)
    before = next((one for one in seen if one.number == report.replaces), None)
    return Shown(
        report=for_strangers(report),
        sha256=kept.sha256,
        previous=for_strangers(await _report(session, before.report_id)) if before else None,
        versions=versions,
        newest=given[-1].version,
        replaced_at=next((one.decided_at for one in given if one.version > asked.number), None),
        logo=await logo_of(session, order.company_id),
    )


async def read_before(session: ReadSession, share: ReportShare, visit: Visit, shown: Shown) -> int | None:
    """The newest older version that this browser has read by the link."""
    if visit.is_new:
        return None
    return await queries.read_before(session, share.id, visit.hashed(share.id), shown.version)


async def state(session: ReadSession, share: ReportShare) -> SharedState:
    """Which version is the newest. Raises NotFound where there is none any more."""
    given = await share.subject.given(session)
    if not given:
        raise NotFound
    newest = given[-1]
    return SharedState(newest_version=newest.version, made_at=newest.decided_at, expires_at=share.expires_at)


async def shown_versions(session: ReadSession, share: ReportShare) -> Sequence[Version]:
    """Those that the link has shown."""
    made = await reports.versions(session, share.subject)
    return [one for one in made if one.number in share.shown]


async def shows(
    database: Database, share: ReportShare, versions: Sequence[Version], evidence_id: UUID, *, cache: Cache
) -> bool:
    """Whether the photo stands in one of these versions, as the link shows it."""
    if not share.photos:
        return False
    for one in versions:
        if evidence_id in await _photos_of(database, share, one.report_id, cache):
            return True
    return False


async def _photos_of(
    database: Database, share: ReportShare, report_id: UUID, cache: Cache
) -> frozenset[UUID]:
    """A page asks for all photos of a report, which never changes: what it shows is found out once an hour."""
    key = f"shared_photos:{report_id}:{share.reader}:{share.history:d}"
    if (kept := await cache.get(key)) is not None:
        return frozenset(map(UUID, kept.decode().split()))
    async with database.reading(SYSTEM) as session:
        report = for_strangers(await _report(session, report_id))
    told = Told("en", UTC)  # which photos there are is the same in every wording
    found = shown_in(await asyncio.to_thread(_presented, report, share, told))
    await cache.put(key, " ".join(map(str, found)).encode(), lasts=_FOUND_OUT_FOR)
    return found


async def _report(session: ReadSession, report_id: UUID) -> Report:
    return Report.model_validate((await _kept(session, report_id)).body)


async def _kept(session: ReadSession, report_id: UUID) -> KeptReport:
    kept = await reports.report(session, report_id)
    if kept is None:
        raise NotFound
    return kept


def _presented(
    report: Report, share: ReportShare, told: Told, previous: Report | None = None, sha256: str | None = None
) -> Presented:
    return present(
        report,
        language=told.language,
        zone=told.zone,
        reader=share.reader,
        scope=share.scope,
        previous=previous,
        sha256=sha256,
        is_shared=True,
    )


def for_strangers(report: Report) -> Report:
    """What nobody is told but who ordered it stays out: what worried them, and where they found the car."""
    claim = report.claim.model_copy(update={"advert_url": None})
    return report.model_copy(update={"worry": None, "claim": claim})
