"""What the bot says, in the languages of `messages`."""

from pathlib import Path
from typing import Final

from service_kit.chats.texts import BotTexts

_TEXTS: Final = BotTexts(Path(__file__).with_name("messages"), ())
words: Final = _TEXTS.words
html: Final = _TEXTS.html
