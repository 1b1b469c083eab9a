"""A client's chats in MAX: the kit's routes for them."""

from typing import Final

from cabinet_service.max.errors import MaxNotOffered
from cabinet_service.max.tables import updates
from cabinet_service.notifications.choosers import ME, ME_JUST_SIGNED_IN
from cabinet_service.notifications.notices import notices
from cabinet_service.settings import Settings
from service_kit.chats.routes import Chatters, chat_routes


def _bot(settings: Settings) -> str | None:
    return settings.max_bot if settings.max_token else None


# Codes to sign in with come to a chat: it is tied like a passkey.
_CHATTERS: Final = Chatters(
    notices=notices,
    updates=updates,
    bot=_bot,
    not_offered=MaxNotOffered,
    limit="max_links_per_account",
    me=ME,
    tying=ME_JUST_SIGNED_IN,
)
router: Final = chat_routes(_CHATTERS)
