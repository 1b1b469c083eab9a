"""The addresses of a badge: its picture, and where whoever clicks on it is led."""

from typing import Final

from service_kit.link_tokens import LinkTokens
from shared_schemas.report.content import ReportLanguage

TOKENS: Final = LinkTokens("badge for adverts")
PREFIX: Final = "/api/v1/badges"


def picture(public_url: str, token: str, language: ReportLanguage) -> str:
    return f"{public_url}{PREFIX}/{token}/picture.svg?lang={language}"


def way_to_verify(public_url: str, token: str) -> str:
    """It leads to where the newest report is verified, so what is pasted once stays true."""
    return f"{public_url}{PREFIX}/{token}/verify"
