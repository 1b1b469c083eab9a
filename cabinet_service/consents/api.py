"""What one is asked to agree to, agreeing to it, and taking that back."""

from http import HTTPStatus

from fastapi import APIRouter, Request

from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.consents import queries, service
from cabinet_service.consents.documents import IN_FORCE, Document
from cabinet_service.consents.schemas import ConsentIn, ConsentOut, Consents, DocumentOut
from service_kit.http.client_address import network_of
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/consents", tags=["consents"], route_class=CheckedRoute)


@router.get("")
async def list_consents(session: Reading, client: CurrentClient) -> Consents:
    """The documents in force with their texts, and what one has said about them so far."""
    records = await queries.records(session, client.account_id)
    held = {record.document: record for record in records}
    return Consents(
        documents=[DocumentOut.of(document, held.get(document)) for document in IN_FORCE],
        records=[ConsentOut.of(record) for record in records],
    )


@router.post("", status_code=HTTPStatus.CREATED)
async def give_consent(
    body: ConsentIn, request: Request, client: CurrentClient, once: Once, session: WriteSession, now: Now
) -> ConsentOut:
    """Agree to the version of a document that is in force. Without it nothing can be sent to the experts."""
    record = await service.give(
        session,
        client.account_id,
        body.document,
        body.version,
        language=body.language,
        network=network_of(request),
        now=now,
    )
    return await once.keep(ConsentOut.of(record))


@router.post("/{document}/withdrawal", status_code=HTTPStatus.CREATED)
async def withdraw_consent(
    document: Document, request: Request, client: CurrentClient, once: Once, session: WriteSession, now: Now
) -> ConsentOut:
    """Take a consent back. Nothing new can be sent then; what was sent goes on until the account is erased."""
    network = network_of(request)
    record = await service.withdraw(session, client.account_id, document, network=network, now=now)
    return await once.keep(ConsentOut.of(record))
