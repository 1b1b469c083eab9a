"""Contacts, sign-in codes and what a client may do. Pure: no database, no clock, no network."""

import hmac
import re
import unicodedata
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from service_kit.signing import KeyRing

Language = Literal["ru", "en"]

CODE_DIGITS: Final = 6
MAX_TRIES: Final = 5
HOME_REGION: Final = "RU"
MAX_CONTACT_LENGTH: Final = 254
MAX_NAME_LENGTH: Final = 200

# Comes along when a contact is copied: marks of the direction of writing, and what has no width.
_INVISIBLE: Final = dict.fromkeys(
    map(
        ord,
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    )
)
_LINK: Final = re.compile(r"(?:tel|mailto):(?://)?([^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_PHONE_TEXT: Final = re.compile(r"[\d\s()+.\-‐‑‒–—−/]+")
# Cyrillic letters that are drawn like Latin ones: a label of these alone is read as Latin by everybody.
_DRAWN_LIKE_LATIN: Final = frozenset("авекмнорстухѕіјԁԛԝһӏ")
_MOBILE: Final = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)


class ContactKind(StrEnum):
    """How a client is reached; also the name of the channel that reaches it."""

    EMAIL = "email"
    PHONE = "phone"


class Change(StrEnum):
    """What changed in how an account is signed in to, as its client is told."""

    EMAIL_ADDED = "email_added"
    PHONE_ADDED = "phone_added"
    CHAT_TIED = "chat_tied"
    MAX_TIED = "max_tied"
    EMAIL_REMOVED = "email_removed"
    PHONE_REMOVED = "phone_removed"

    @classmethod
    def added(cls, kind: ContactKind) -> "Change":
        return cls.EMAIL_ADDED if kind is ContactKind.EMAIL else cls.PHONE_ADDED

    @classmethod
    def tied(cls, messenger: str) -> "Change":
        return cls.MAX_TIED if messenger == "max" else cls.CHAT_TIED

    @classmethod
    def removed(cls, kind: ContactKind) -> "Change":
        return cls.EMAIL_REMOVED if kind is ContactKind.EMAIL else cls.PHONE_REMOVED


class Role(StrEnum):
    """What a member of a company is there: an agent works for one branch, an admin for all of it.

    An integrator is a program: it orders and sees as an agent does, of one branch or, without one, of all of the
    company, and manages nothing.
    """

    PARTNER_AGENT = "partner_agent"
    PARTNER_ADMIN = "partner_admin"
    INTEGRATOR = "integrator"


class KeyScope(StrEnum):
    """What the key of a program may be used for; what it reaches is what its account sees."""

    INSPECTIONS_READ = "inspections:read"
    INSPECTIONS_WRITE = "inspections:write"
    PHOTOS_WRITE = "photos:write"
    REPORTS_READ = "reports:read"
    USAGE_READ = "usage:read"
    WEBHOOKS_MANAGE = "webhooks:manage"


OF_WHOLE_COMPANIES: Final = frozenset({KeyScope.WEBHOOKS_MANAGE})
"""What no key of a branch has: a webhook tells of every branch."""


GRANTS: Final[Mapping[str, str]] = {
    KeyScope.INSPECTIONS_READ: "See inspections, their photos, messages and answers.",
    KeyScope.INSPECTIONS_WRITE: "Order, change, cancel and dispute inspections, and write to the experts.",
    KeyScope.PHOTOS_WRITE: "Send photos, have them sent by links, and take them back from drafts.",
    KeyScope.REPORTS_READ: "Read reports, as data and as PDF.",
    KeyScope.USAGE_READ: "See what was ordered in a month and what is left of it, and fetch the register.",
    KeyScope.WEBHOOKS_MANAGE: "Manage the addresses that webhooks go to, read what was sent, and replay it.",
}
"""What each is for, as the contract tells it."""


class AtLimit(StrEnum):
    """What becomes of an order above what a month allows: it is refused, or sent and seen to be above."""

    REFUSE = "refuse"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Contact:
    """An e-mail address in lower case, or a phone number in E.164. Equal contacts reach the same inbox."""

    kind: ContactKind
    value: str

    @property
    def masked(self) -> str:
        """Enough to recognise one's own contact by, too little to learn another's."""
        if self.kind is ContactKind.PHONE:
            return f"{self.value[:2]}***{self.value[-2:]}"
        local, _, domain = self.value.rpartition("@")
        return f"{local[: 1 if len(local) > 1 else 0]}***@{domain}"


class NotAContact(ValueError):
    """The text is neither an e-mail address nor the number of a mobile phone."""


class MixedLetters(NotAContact):
    """The domain looks like another one: letters of two alphabets stand in it side by side."""


def parse_contact(text: str) -> Contact:
    """The contact that a person typed or pasted. A number without a country code is Russian.

    Raises NotAContact, or MixedLetters for an address that would go elsewhere than it seems to.
    """
    text = text.translate(_INVISIBLE).strip()
    if link := _LINK.fullmatch(text):
        text = link[1].strip()
    if len(text) > MAX_CONTACT_LENGTH:
        raise NotAContact("too long")
    return _email(text) if "@" in text else _phone(text)


def _email(text: str) -> Contact:
    try:
        address = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise NotAContact(str(error)) from None
    if _looks_like_another(address.domain.lower()):
        raise MixedLetters(address.domain)
    # Mail servers do not tell capitals apart, and people type the same address both ways.
    return Contact(ContactKind.EMAIL, address.normalized.lower())


def _looks_like_another(domain: str) -> bool:
    labels = domain.split(".")
    scripts = [_scripts(label) for label in labels]
    if any(len(found) > 1 for found in scripts):
        return True
    # почта.рф is what it seems to be; Cyrillic letters under .com that are all drawn like Latin ones are not.
    return "LATIN" in scripts[-1] and any(
        found == {"CYRILLIC"} and _DRAWN_LIKE_LATIN.issuperset(filter(str.isalpha, label))
        for label, found in zip(labels, scripts, strict=True)
    )


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(c, "").split(" ")[0] for c in label if c.isalpha()}


def _phone(text: str) -> Contact:
    # The library would read letters as the digits on the same keys, and take in extensions.
    if not _PHONE_TEXT.fullmatch(text):
        raise NotAContact("not a phone number")
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise NotAContact(str(error)) from None
    # Codes sent to premium numbers are a way to make money at our cost; a fixed line takes none.
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        raise NotAContact("not the number of a mobile phone")
    return Contact(ContactKind.PHONE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def code_of(challenge_id: UUID, keys: KeyRing) -> str:
    """The code of a challenge: six digits that only we can work out, and so need not store anywhere."""
    return _code(keys.sign(_signed_text(challenge_id)))


def is_code_of(challenge_id: UUID, code: str, keys: KeyRing) -> bool:
    """Whether `code` is right, under the key in use or one on its way in or out."""
    given = code.encode("utf-8", "surrogatepass")
    signatures = keys.all_signatures(_signed_text(challenge_id))
    return any(hmac.compare_digest(_code(signature).encode(), given) for signature in signatures)


def _signed_text(challenge_id: UUID) -> bytes:
    return b"sign-in code\n" + challenge_id.bytes


def _code(signature: str) -> str:
    number = int.from_bytes(urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class Membership:
    """What a client is in one company. An agent always has a branch."""

    company_id: UUID
    branch_id: UUID | None
    role: Role

    @property
    def is_of_all(self) -> bool:
        """Whether it reaches all of the company, and not one branch."""
        return self.role is Role.PARTNER_ADMIN or self.branch_id is None


@dataclass(frozen=True, slots=True)
class VisibleInspections:
    """Which inspections a client sees: those that fit at least one line.

    Ordered by `account_id` for themself, or for one of the companies in `member_of`;
    of a company in `companies`; of a branch in `branches`.
    """

    account_id: UUID
    member_of: tuple[UUID, ...]
    companies: tuple[UUID, ...]
    branches: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A link to one inspection: by it somebody who has no account acts for the client who gave it."""

    id: UUID
    inspection_id: UUID


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """By which key a program acts, for what company, and what it may be used for in this request."""

    id: UUID
    company_id: UUID
    scopes: frozenset[KeyScope]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Client:
    """The signed-in person behind a request, or the program with its `key`.

    With `link` it is whoever has that link, and this is who gave it. `is_program` says of the account that keys
    were made for it, whoever acts for it now.
    """

    account_id: UUID
    display_name: str | None
    language: Language
    memberships: tuple[Membership, ...] = ()
    link: HeldLink | None = None
    key: KeyInUse | None = None
    is_program: bool = False

    def may_act_for(self, company_id: UUID | None, branch_id: UUID | None) -> bool:
        """Whether they may order in this name: their own (None, None), or a company's.

        An admin acts for the company or any of its branches, an agent for the own branch only, an integrator
        as their membership says, and a program never in a name of its own.
        Whether `branch_id` is a branch of the company is not known here.
        """
        if company_id is None:
            return branch_id is None and self.key is None
        membership = self.membership_in(company_id)
        if membership is None:
            return False
        return membership.is_of_all or branch_id == membership.branch_id

    def reaches(self, inspection_id: UUID) -> bool:
        """Whether it may be theirs at all: of a link's holder there is one that may."""
        return self.link is None or self.link.inspection_id == inspection_id

    def orders_for(self, named: UUID | None) -> UUID | None:
        """The company of an order in which `named` is: a program orders for its own, if it names none."""
        return self.key.company_id if self.key is not None and named is None else named

    def membership_in(self, company_id: UUID) -> Membership | None:
        return next((one for one in self.memberships if one.company_id == company_id), None)

    def is_admin_of(self, company_id: UUID) -> bool:
        membership = self.membership_in(company_id)
        return membership is not None and membership.role is Role.PARTNER_ADMIN

    @property
    def visible_inspections(self) -> VisibleInspections:
        return VisibleInspections(
            account_id=self.account_id,
            member_of=tuple(one.company_id for one in self.memberships),
            companies=tuple(one.company_id for one in self.memberships if one.is_of_all),
            branches=tuple(
                one.branch_id for one in self.memberships if one.branch_id is not None and not one.is_of_all
            ),
        )

    @property
    def administered(self) -> tuple[UUID, ...]:
        """The companies of which they are an admin."""
        return tuple(one.company_id for one in self.memberships if one.role is Role.PARTNER_ADMIN)

    @property
    def webhooks_of(self) -> tuple[UUID, ...]:
        """The companies whose webhooks they manage: those that they administer, or a program's, by its key."""
        if self.key is None:
            return self.administered
        if KeyScope.WEBHOOKS_MANAGE not in self.key.scopes:
            return ()
        return tuple(one.company_id for one in self.memberships if one.is_of_all)
