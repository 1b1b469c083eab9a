"""The mail server as an operator names it, and the address that letters come from."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

# Whether the connection turns to TLS: it has to, it does if the server offers it, it never does.
STARTTLS: Final = {"required": True, "auto": None, "never": False}
_SUBMISSION: Final = 587
_SUBMISSIONS: Final = 465  # TLS from the first byte


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where letters are handed over. `start_tls` is a value of STARTTLS."""

    host: str
    port: int
    implicit_tls: bool
    start_tls: bool | None
    username: str | None
    password: str | None = field(repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """Read `smtp://user:password@host:port?starttls=required` or `smtps://…`. Raises ValueError.

        `starttls` is a word of STARTTLS, `required` where there is none; with `smtps` it means nothing.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("is an address such as smtp://user:password@host:587?starttls=required")
        options = parse_qs(parts.query, keep_blank_values=True)
        policy = options.pop("starttls", ["required"])[-1]
        if options or policy not in STARTTLS:
            raise ValueError(
                f"may be followed by ?starttls= and one of {', '.join(STARTTLS)}, and nothing else"
            )
        implicit_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (_SUBMISSIONS if implicit_tls else _SUBMISSION),
            implicit_tls=implicit_tls,
            start_tls=False if implicit_tls else STARTTLS[policy],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


def sender_of(text: str) -> Address:
    """Read `Name <address>`. Raises ValueError.

    Where the letters come from is for the operator to know: the names of a house's own network (`localhost`,
    `mail.local`, `cars.test`) are as good as any.
    """
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    try:
        # The domain is judged for itself below: what is refused here is refused for what stands before it.
        validate_email(f"{local}@example.com", check_deliverability=False, allow_smtputf8=False)
        return Address(name, username=local, domain=domain.encode("idna").decode())
    except (EmailNotValidError, ValueError, IndexError):
        raise ValueError("is an address such as Autodetective <no-reply@cars.example>") from None
