"""Letters as they lie in an inbox: plain text, and the same laid out, with one button.

No picture, nothing fetched, nothing that tells when or where it was read.
"""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Final

from email_validator import validate_email

from service_kit.notifying.channels import Message, Wording

# Colours of the web app's tokens. What mail programs leave out of a style they leave out of all of it: so each
# element says its own.
_TEXT: Final = "margin:0 0 16px;font:17px/1.5 -apple-system,Segoe UI,Roboto,Arial,sans-serif;color:#12161c"
_SMALL: Final = "margin:24px 0 0;font:14px/1.5 -apple-system,Segoe UI,Roboto,Arial,sans-serif;color:#55606e"
_BUTTON: Final = (
    "display:inline-block;padding:14px 22px;border-radius:10px;background:#0b57d0;color:#ffffff;"
    "font:600 17px/1.2 -apple-system,Segoe UI,Roboto,Arial,sans-serif;text-decoration:none"
)


def letter(message: Message, *, sender: Address, unsubscribe: str | None) -> EmailMessage:
    """The letter of a message. `unsubscribe` is where no more of its kind are asked for, by one POST (RFC 8058).

    Raises ValueError for an address that no letter can go to.
    """
    mail, wording = EmailMessage(), message.wording
    mail["From"] = sender
    mail["To"] = Address(addr_spec=_ascii_address(message.to))
    mail["Subject"] = wording.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{message.message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # nobody's out-of-office note should come back
    if unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(wording.letter)
    if wording.action:
        mail.add_alternative(html_of(wording), subtype="html")
    return mail


def html_of(wording: Wording) -> str:
    """The letter laid out: what happened, one sentence, a button. Of what was laid out nothing is left out."""
    brand, _, footer = wording.letter.strip().rpartition("\n\n")[2].partition("\n")
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"></head>'
        '<body style="margin:0;padding:0;background:#f6f7f9">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"'
        ' style="max-width:560px;background:#ffffff"><tr><td style="padding:28px 24px">'
        f'<p style="{_TEXT};font-weight:600">{escape(wording.title)}</p>'
        f'<p style="{_TEXT}">{escape(wording.sentence.rstrip(":"))}</p>'
        f'<p style="margin:24px 0"><a href="{escape(wording.link)}" style="{_BUTTON}">'
        f"{escape(wording.action)}</a></p>"
        f'<p style="{_SMALL}">{escape(brand)}<br>{escape(footer)}</p>'
        "</td></tr></table></td></tr></table></body></html>"
    )


def _ascii_address(address: str) -> str:
    """The address with its domain as DNS knows it. Raises ValueError."""
    found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    if found.ascii_email is None:
        raise ValueError("only the domain of an address may have letters beyond ASCII")
    return found.ascii_email
