"""The links by which a report is shown: their tokens, and the page that each leads to."""

from typing import Final

from service_kit.link_tokens import LinkTokens

TOKENS: Final = LinkTokens("link to a report")


def address(public_url: str, token: str) -> str:
    """The page that shows it. Behind the #, which is sent to nobody: no log and no preview of a chat has it."""
    return f"{public_url}/report#{token}"
