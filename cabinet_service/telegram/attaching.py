"""Photos of a chat become evidence, by the same verbs as those that the app sends."""

from uuid import UUID

from cabinet_service.accounts import quotas
from cabinet_service.inspections.evidence import service as evidence
from cabinet_service.inspections.evidence.schemas import UploadFields
from cabinet_service.photos.service import TakenIn
from cabinet_service.telegram import binding, checking, placing, questions
from cabinet_service.telegram.fetching import Fetched
from cabinet_service.telegram.placing import Placement
from cabinet_service.telegram.talk import Talk
from service_kit.chats.saying import Saying
from shared_schemas.words import Shot


async def attach(talk: Talk, placement: Placement, fetched: Fetched) -> tuple[list[Saying], list[TakenIn]]:
    """Make them evidence; returns what to say, and those whose files nobody needs. Raises a Problem."""
    target, client = placement.target, talk.client
    if client is None:  # the chat was left meanwhile
        return await binding.start(talk, ""), list(fetched.taken)
    spare: list[TakenIn] = []
    ids: list[UUID] = []
    for photo in fetched.taken:
        await quotas.count(talk.means.limits, "photos", client)
        shot, sha256 = target.shot or Shot.OTHER, photo.sha256.hex()
        fields = UploadFields(shot=shot, sha256=sha256, info_task_id=target.task_id)
        async with talk.acting(client) as acting:
            received = await evidence.add_photo(
                acting, target.inspection_id, photo, fields, files=talk.means.files
            )
        ids.append(received.view.id)
        if not received.took_file:
            spare.append(photo)
    await placing.placed(talk, placement)
    if not ids:
        return list(fetched.refused), spare
    if target.task_id is not None:
        then = await questions.answered_by(talk, target, tuple(ids))
    elif target.is_draft:
        kept = talk.say("photo.kept", count=len(ids))
        then = kept + await checking.after_photos(talk, client, target.inspection_id, fetched.number)
    else:
        then = talk.say("photo.added", count=len(ids))
    advice = [] if all(one.is_file for one in placement.photos) else talk.say("photo.asFile")
    return [*fetched.refused, *advice, *then], spare
