"""Badges as the API speaks of them."""

from datetime import datetime
from html import escape
from typing import Final, get_args

from pydantic import Field

from cabinet_service.reports.badges import links
from cabinet_service.reports.badges.drawing import WIDTH
from service_kit.http.schemas import ApiOutput
from shared_schemas.report.content import ReportLanguage

# What stands in a page of others never changes, so it says nothing that could.
_ALT: Final[dict[ReportLanguage, str]] = {
    "ru": "Автодетектив: проверка маркировки этой машины",
    "en": "Autodetective: check of this car's markings",
}


class BadgePaste(ApiOutput):
    """What is put into an advert, in one language: the picture's address alone, or HTML that also leads to where
    the report is verified.
    """

    language: ReportLanguage
    picture: str
    html: str

    @classmethod
    def of(cls, public_url: str, token: str) -> list["BadgePaste"]:
        """One for each language."""
        return [cls._in(language, public_url, token) for language in get_args(ReportLanguage)]

    @classmethod
    def _in(cls, language: ReportLanguage, public_url: str, token: str) -> "BadgePaste":
        picture = links.picture(public_url, token, language)
        link = links.way_to_verify(public_url, token)
        html = (
            f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">'
            f'<img src="{escape(picture)}" alt="{escape(_ALT[language])}" width="{WIDTH}" '
            'style="max-width:100%;height:auto" referrerpolicy="no-referrer"></a>'
        )
        return cls(language=language, picture=picture, html=html)


class MadeBadge(ApiOutput):
    """`is_shown`: it says what the answer is; else that it is not valid now. `paste` is empty where it cannot be
    given out any more, though it goes on working.
    """

    is_shown: bool
    created_at: datetime
    expires_at: datetime
    paste: list[BadgePaste]


class BadgeOut(ApiOutput):
    """The badge of an inspection, if there is one, and whether there may be."""

    may_be_made: bool = Field(description="The newest answer may be on a badge as things stand.")
    badge: MadeBadge | None
