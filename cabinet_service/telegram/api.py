"""A client's chats in Telegram: the kit's routes for them, and signing in by a chat."""

from typing import Final

from cabinet_service.notifications.choosers import ME, ME_JUST_SIGNED_IN
from cabinet_service.notifications.notices import notices
from cabinet_service.telegram.signing_in import router as signing_in
from cabinet_service.telegram.tables import updates
from service_kit.chats.routes import chat_routes, telegram_chatters

# A chat signs in by itself (`/signin`, and codes come there): it is tied like a passkey.
_CHATTERS: Final = telegram_chatters(notices=notices, updates=updates, me=ME, tying=ME_JUST_SIGNED_IN)
ROUTERS: Final = (chat_routes(_CHATTERS), signing_in)
