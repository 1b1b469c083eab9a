"""The links for whoever stands at a car: their tokens, and the page that each leads to."""

from typing import Final

from service_kit.link_tokens import LinkTokens

TOKENS: Final = LinkTokens("link to a car")
SENT_AS: Final = "yard_"
"""How the bearer token of a request begins that comes by a link, so that it is taken for no other."""


def address(public_url: str, token: str) -> str:
    """The page that it opens. Behind the #, which is sent to nobody: no log and no preview of a chat has it."""
    return f"{public_url}/yard#{token}"
