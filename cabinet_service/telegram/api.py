"""A client's chats in Telegram: the kit's routes for them, and signing in by a chat."""

from typing import Final

from cabinet_service.notifications.choosers import ME
from cabinet_service.notifications.notices import notices
from cabinet_service.telegram.signing_in import router as signing_in
from cabinet_service.telegram.tables import updates
from service_kit.telegram.chats import Chatters, chat_routes

ROUTERS: Final = (chat_routes(Chatters(notices=notices, updates=updates, me=ME)), signing_in)
