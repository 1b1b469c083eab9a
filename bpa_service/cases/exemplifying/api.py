"""A photo of a case that was answered as genuine becomes an exemplar."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.exemplifying import service
from bpa_service.db.tables import TABLES
from bpa_service.exemplars import service as exemplars
from bpa_service.exemplars.dependencies import PicturesOfApp, UploadingCurator
from bpa_service.exemplars.errors import problem_of
from bpa_service.exemplars.picture_process import PictureRefused
from bpa_service.exemplars.schemas import ExemplarFields, ExemplarOut
from bpa_service.exemplars.service import KEEPING_LOCK, KeptFrom
from bpa_service.experts import scopes
from service_kit import idempotency, locks
from service_kit.db import database_now
from service_kit.http.edge import IdempotencyKey
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.http.route import CheckedRoute
from service_kit.side_process import Interrupted
from shared_schemas.rest import links

router = APIRouter(
    prefix="/api/v1/cases/{case_id}/evidence/{evidence_id}/exemplar",
    route_class=CheckedRoute,
    tags=["exemplars"],
)


@router.post("", status_code=HTTPStatus.CREATED)
async def keep_exemplar(
    case_id: UUID,
    evidence_id: UUID,
    body: ExemplarFields,
    request: Request,
    expert: UploadingCurator,
    ports: PortsOfApp,
    pictures: PicturesOfApp,
    key: IdempotencyKey = None,
) -> ExemplarOut:
    """Keep a photo of a case whose answer is clean: its pixels, and neither its place nor its time.

    When its client is forgotten, so is the picture.
    """
    database = ports.backbone.database
    # No transaction is open while cabinet is asked and the picture is written anew.
    async with database.reading(scopes.of(expert)) as session:
        photo = await service.genuine_photo(session, case_id, evidence_id)
        expires = links.expiry(await database_now(session))
    file = await service.fetched(ports.backbone.peer, ports.backbone.keys, photo, expires)
    try:
        picture = await pictures.rewritten(file)
    except PictureRefused as refusal:
        raise problem_of(refusal) from None
    except Interrupted as error:
        raise TemporarilyUnavailable(headers={"Retry-After": "2"}) from error
    async with database.writing(scopes.of(expert)) as session:
        now = await database_now(session)
        once = await idempotency.claim(
            session,
            TABLES.idempotency_keys,
            owner=str(expert.id),
            key=key,
            request=f"{request.method}\n{request.url.path}\n{body.model_dump_json()}".encode(),
            now=now,
            secrets=ports.secrets,
            subject_id=case_id,
        )
        await locks.share(session, KEEPING_LOCK)
        await service.genuine_photo(session, case_id, evidence_id)
        added = await exemplars.add(
            session,
            body.description(),
            picture,
            kept_from=KeptFrom(case_id=case_id, evidence_id=evidence_id),
            by=expert,
            now=now,
        )
        return await once.keep(ExemplarOut.of(added, {expert.id: expert.display_name}))
