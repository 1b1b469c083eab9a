"""What a bot says: text that messengers take as it is meant, and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape as _escape
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

from service_kit.notifying.channels import Wording

Language = Literal["ru", "en"]


@dataclass(frozen=True, slots=True)
class Button:
    """Either `data`, up to 64 bytes that come back when it is pressed, or the `url` that it opens."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A message: `html` is ours, with everything that others wrote escaped; without it nothing is said.

    With `edits` it takes the place of that message, where it is still there; with `answers` it also answers the
    press of a button, by `toast` if it has one.
    """

    html: str = ""
    buttons: Sequence[Sequence[Button]] = ()
    is_silent: bool = False
    edits: int | None = None
    answers: str | None = None
    toast: str = ""

    def as_json(self) -> dict[str, Any]:
        rows = [[[one.label, one.data, one.url] for one in row] for row in self.buttons]
        return {
            "html": self.html,
            "buttons": rows,
            "is_silent": self.is_silent,
            "edits": self.edits,
            "answers": self.answers,
            "toast": self.toast,
        }

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Saying":
        rows = [[Button(*one) for one in row] for row in told["buttons"]]
        return replace(cls(**told), buttons=rows)


def escape(text: str) -> str:
    """Somebody's words, to be read as they were written."""
    return _escape(text, quote=False)


def shortened(text: str, most: int) -> str:
    """Plain text of at most so many characters, as messengers count them: those beyond the first plane twice."""
    if _length(text) <= most:
        return text
    kept = text[: most - 1]
    while _length(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def opens_outside(url: str) -> bool:
    """Whether messengers take the address for a button: not one of this machine or of a private network."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))


def plainly(wording: Wording) -> Saying:
    """A notification's own words, with its action as a button."""
    if not wording.title:
        return Saying(html=escape(wording.short))
    html = f"<b>{escape(wording.title)}</b>\n{escape(wording.sentence.removesuffix(':'))}"
    return with_link(html, wording.action, wording.link)


def with_link(html: str, action: str, link: str) -> Saying:
    """A text with a button below it, or with the address in it where messengers take it for no button.

    Without an action there is neither.
    """
    if not (link and action):
        return Saying(html=html)
    if opens_outside(link):
        return Saying(html=html, buttons=((Button(action, url=link),),))
    return Saying(html=f"{html}\n{escape(link)}")
