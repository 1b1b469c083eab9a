"""What an operator can set: environment variables with the prefix CABINET_, or files in CABINET_SECRETS_DIR."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import limits
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service_kit import environment, failpoints
from service_kit.http.credentials import Cookies
from service_kit.passkeys.ceremony import RelyingParty

COOKIE: Final = "autodetective_client"

CommaList = Annotated[tuple[str, ...], NoDecode]
Seconds = Annotated[int, Field(gt=0)]


class Settings(BaseSettings):
    """Every process of cabinet reads these."""

    # A value that is refused may be a secret: the message names the variable only.
    model_config = SettingsConfigDict(env_prefix="CABINET_", frozen=True, hide_input_in_errors=True)

    environment: Literal["development", "production"] = "production"
    log_format: Literal["console", "json"] = "json"
    host: str = "127.0.0.1"
    port: int = Field(default=8001, gt=0, lt=65536)
    public_url: str = Field(default="http://127.0.0.1:8001", description="where clients reach this service")
    peer_url: str = "http://127.0.0.1:8002"
    database_url: str = Field(repr=False, description="as a role that owns nothing and is no superuser")
    owner_database_url: str = Field(
        default="", repr=False, description="the same database as its owner, for `cli migrate` only"
    )
    bus_url: str = Field(default="", repr=False, description="empty: signed HTTP; amqp://…: RabbitMQ")
    cache_url: str = Field(default="memory://", repr=False, description="redis://… or memory://")
    service_keys: CommaList = Field(repr=False, description="first signs, all verify; shared with bpa")
    secret_keys: CommaList = Field(
        repr=False, description="own keys, for sign-in codes, tokens and signed links"
    )

    files_dir: Path = Path(".data/files")
    outbox_dir: Path = Path(".data/outbox")
    web_dir: Path = Field(
        default=Path(__file__).parent / "web" / "dist",
        description="the built web app; without it there is only the API",
    )
    smtp_url: str = Field(
        default="",
        repr=False,
        description="smtp(s)://user:password@host:port?starttls=required; empty: a page shows the letters",
    )
    mail_from: str = "Автодетектив <no-reply@localhost>"

    session_seconds: Seconds = 90 * 24 * 3600
    sign_in_code_seconds: Seconds = 10 * 60
    code_again_seconds: Seconds = 30
    codes_per_contact: str = "6/hour"
    # With five tries a code, whoever guesses at one contact all year long is right once in some 30 years.
    codes_per_contact_a_day: str = "20/day"
    # Whole towns share one address of a mobile operator.
    codes_per_address: str = "100/hour"
    sign_ins_per_address: str = "300/hour"
    # Every device does so six times an hour.
    refreshes_per_account: str = "300/hour"
    refreshes_per_address: str = "6000/hour"
    numbers_per_address: str = "600/minute"
    test_messages_per_account: str = "5/hour"
    # A photo takes a processor one to three seconds. A dozen photos of a car, each taken three times, make 36.
    readings_per_address: str = "30/minute"
    readings_per_account: str = "60/hour"
    draft_patience_seconds: Seconds = 30 * 24 * 3600

    @field_validator("service_keys", "secret_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part for word in value.split(",") if (part := word.strip()))

    @field_validator("cache_url")
    @classmethod
    def _memory_where_there_is_no_cache(cls, value: str) -> str:
        return value or "memory://"

    @field_validator(
        "codes_per_contact",
        "codes_per_contact_a_day",
        "codes_per_address",
        "sign_ins_per_address",
        "refreshes_per_account",
        "refreshes_per_address",
        "numbers_per_address",
        "test_messages_per_account",
        "readings_per_address",
        "readings_per_account",
    )
    @classmethod
    def _is_a_limit(cls, value: str) -> str:
        limits.parse(value)
        return value

    @field_validator("public_url", "peer_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def origin(self) -> str:
        """The origin of our own pages, as browsers send it."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def cookies(self) -> Cookies:
        return Cookies(COOKIE, f"{COOKIE}_refresh", self.origin)

    @property
    def relying_party(self) -> RelyingParty:
        return RelyingParty.at(self.public_url, "Автодетектив")

    @property
    def has_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def session_length(self) -> timedelta:
        return timedelta(seconds=self.session_seconds)

    @property
    def sign_in_code_length(self) -> timedelta:
        return timedelta(seconds=self.sign_in_code_seconds)

    @property
    def code_again_after(self) -> timedelta:
        return timedelta(seconds=self.code_again_seconds)

    @property
    def draft_patience(self) -> timedelta:
        return timedelta(seconds=self.draft_patience_seconds)


def read_environment() -> Settings:
    """The settings of this process. Without those that it needs the process ends and says which.

    Also arms the failpoints that a test asks for, as only here it shows whether this is production.
    """
    settings = environment.read(Settings)
    failpoints.arm(environment=settings.environment)
    return settings
