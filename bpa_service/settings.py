"""What an operator can set: environment variables with the prefix BPA_, or files in BPA_SECRETS_DIR."""

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
from shared_schemas.clock import EXPERT_BUDGET

COOKIE: Final = "autodetective_expert"

CommaList = Annotated[tuple[str, ...], NoDecode]
Seconds = Annotated[int, Field(gt=0)]


class Settings(BaseSettings):
    """Every process of bpa reads these. The times can be shortened so that whole flows run within seconds."""

    # A value that is refused may be a secret: the message names the variable only.
    model_config = SettingsConfigDict(env_prefix="BPA_", frozen=True, hide_input_in_errors=True)

    environment: Literal["development", "production"] = "production"
    log_format: Literal["console", "json"] = "json"
    host: str = "127.0.0.1"
    port: int = Field(default=8002, gt=0, lt=65536)
    public_url: str = "http://127.0.0.1:8002"
    peer_url: str = "http://127.0.0.1:8001"
    photos_url: str = Field(
        default="http://localhost:8001", description="cabinet's PUBLIC_URL: its links to photos lead there"
    )
    web_dir: Path = Field(
        default=Path(__file__).parent / "web" / "dist",
        description="the built desk; without it there is only the API",
    )
    database_url: str = Field(repr=False, description="as a role that owns nothing and is no superuser")
    owner_database_url: str = Field(
        default="", repr=False, description="the same database as its owner, for `cli migrate` only"
    )
    bus_url: str = Field(default="", repr=False, description="empty: signed HTTP; amqp://…: RabbitMQ")
    cache_url: str = Field(default="memory://", repr=False, description="redis://… or memory://")
    service_keys: CommaList = Field(repr=False, description="first signs, all verify; shared with cabinet")
    secret_keys: CommaList = Field(repr=False, description="own keys, for tokens and sealed secrets")

    budget_seconds: Seconds = int(EXPERT_BUDGET.total_seconds())
    claim_window_seconds: Seconds = 120
    lease_seconds: Seconds = 90
    resume_window_seconds: Seconds = 180
    client_patience_seconds: Seconds = 48 * 3600
    tick_seconds: float = Field(default=1.0, gt=0)
    open_hours: str = Field(default="", description='e.g. "08:00-22:00 Europe/Moscow"; empty: always open')

    session_seconds: Seconds = 12 * 3600
    sign_ins_per_login: str = "20/15minute"
    # The experts of one office share an address.
    sign_ins_per_address: str = "100/15minute"
    # Every device does so six times an hour.
    refreshes_per_account: str = "300/hour"
    refreshes_per_address: str = "3000/hour"
    demo_password: str = Field(default="", repr=False)

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
        "sign_ins_per_login", "sign_ins_per_address", "refreshes_per_account", "refreshes_per_address"
    )
    @classmethod
    def _is_a_limit(cls, value: str) -> str:
        limits.parse(value)
        return value

    @field_validator("public_url", "peer_url", "photos_url")
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
        return RelyingParty.at(self.public_url, "Автодетектив: эксперты")

    @property
    def has_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def budget(self) -> timedelta:
        return timedelta(seconds=self.budget_seconds)

    @property
    def session_length(self) -> timedelta:
        return timedelta(seconds=self.session_seconds)


def read_environment() -> Settings:
    """The settings of this process. Without those that it needs the process ends and says which.

    Also arms the failpoints that a test asks for, as only here it shows whether this is production.
    """
    settings = environment.read(Settings)
    failpoints.arm(environment=settings.environment)
    return settings
