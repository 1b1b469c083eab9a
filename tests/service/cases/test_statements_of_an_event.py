"""How many statements an event of cabinet takes here. Each is a round trip while its aggregate is locked.

BEGIN and COMMIT are not counted; one of a submit tells whoever is on shift, and two look for other cases of the
car, under a lock of its names. A number that grows is no failure by itself: change it here, and say why.
"""

from uuid import UUID

from bpa_service.wiring import event_handlers
from service_kit.bus import Delivery
from service_kit.ids import new_id
from shared_schemas.envelope import Envelope, Event
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.cases.conftest import START, Desk, photo, submitted
from tests.support.statements import statements_sent


async def test_an_event_that_is_delivered(desk: Desk) -> None:
    backbone = desk.ports.backbone
    handle = backbone.inbox(event_handlers(desk.ports)).delivery_handler(backbone.database)
    order = submitted()
    ids = {number: new_id() for number in (1, 2, 4)}

    async def sent_for(event: Event, number: int) -> list[str]:
        with statements_sent() as sent:
            await handle(_delivery(event, number, ids[number]))
        return sent

    def added() -> Event:
        return cabinet.InspectionEvidenceAddedV1(inspection_id=order.inspection_id, evidence=photo())

    opening = await sent_for(order, 1)
    assert not [statement for statement in opening if statement.startswith("UPDATE")]  # of what it inserted
    taken = {
        "submit": len(opening),
        "photo": len(await sent_for(added(), 2)),
        "again": len(await sent_for(added(), 2)),
        "ahead of its turn": len(await sent_for(added(), 4)),
    }
    assert taken == {"submit": 14, "photo": 7, "again": 4, "ahead of its turn": 4}


def _delivery(event: Event, number: int, event_id: UUID) -> Delivery:
    envelope = Envelope(
        event_id=event_id,
        type=event.TYPE,
        version=event.VERSION,
        aggregate_id=event.job_id,
        aggregate_seq=number,
        occurred_at=START,
        correlation_id="test",
        data=event.model_dump(mode="json"),
    )
    return Delivery("bpa.events", event_id, envelope.model_dump_json().encode(), 1)
