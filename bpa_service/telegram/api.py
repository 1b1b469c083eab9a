"""An expert's chats in Telegram: the kit's routes for them."""

from typing import Final

from bpa_service.notifications.choosers import ME
from bpa_service.notifications.notices import notices
from bpa_service.telegram.tables import updates
from service_kit.chats.routes import chat_routes, telegram_chatters

# An expert's chat signs nobody in, and what can be done in it a session does as well: it takes no second factor.
router: Final = chat_routes(telegram_chatters(notices=notices, updates=updates, me=ME, tying=ME))
