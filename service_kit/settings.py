"""What every service is told by its operator. What of it cannot work is refused at the start, in one line.

A value that is wrong only shows once it is used, hours later and as somebody else's error. So each is read here
as whoever uses it will read it.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal, Self
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

import limits
from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service_kit.http.credentials import Cookies
from service_kit.passkeys.ceremony import RelyingParty
from service_kit.signing import KeyRing
from service_kit.zones import zone_named

MEMORY: Final = "memory://"
_BUSES: Final = ("amqp", "amqps")
_BOT_TOKEN: Final = re.compile(r"\d+:[\w-]+", re.ASCII)
_CACHES: Final = ("redis", "rediss", "redis+unix", "memory")


def _split_at_commas(value: str) -> tuple[str, ...]:
    return tuple(part for word in value.split(",") if (part := word.strip()))


def _words(value: object) -> object:
    return _split_at_commas(value) if isinstance(value, str) else value


def _keys(value: tuple[str, ...]) -> tuple[str, ...]:
    KeyRing(value)
    return value


def _networks(value: object) -> object:
    try:
        return tuple(map(ip_network, _split_at_commas(value))) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(
            f"are networks such as 10.0.0.0/8, or addresses, with commas between: {error}"
        ) from None


def _limit(value: str) -> str:
    try:
        limits.parse_many(value)
    except ValueError:
        raise ValueError("is a number per a time, such as 6/hour, 20/15minute or 40/hour;150/day") from None
    return value


def _web_address(value: str) -> str:
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is an address such as https://cars.example, beginning with https:// or http://")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("has no user, query or fragment")
    return value.rstrip("/")


def _database_address(value: str) -> str:
    if value and (_split(value).scheme != "postgresql" or not _split(value).netloc):
        raise ValueError("is an address such as postgresql://user:password@host:5432/database")
    return value


def _bus_address(value: str) -> str:
    if value and (_split(value).scheme not in _BUSES or not _split(value).hostname):
        raise ValueError("is empty, for signed HTTP, or such as amqp://user:password@host:5672/")
    return value


def _search_address(value: str) -> str:
    for one in _split_at_commas(value):
        parts = _split(one)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.port:
            raise ValueError(
                "is empty, for PostgreSQL, or https://user:password@host:9200, several with commas between"
            )
    return value


def _cache_address(value: str) -> str:
    parts = _split(value)
    if value and (
        parts.scheme not in _CACHES or (parts.scheme.startswith("redis") and not _names_place(value))
    ):
        raise ValueError("is an address such as redis://host:6379/0, or memory:// for a single process")
    return value


def _zone(value: str) -> str:
    try:
        return zone_named(value).key
    except ValueError:
        raise ValueError("is the name of a time zone, such as Europe/Moscow") from None


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # which is where urllib reads it
    except ValueError:
        raise ValueError("is no address: its port or its brackets are wrong") from None
    return parts


def _names_place(value: str) -> bool:
    return bool(_split(value).netloc or _split(value).path.strip("/"))


Keys = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_keys)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
"""Words with commas between."""
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]
Seconds = Annotated[int, Field(gt=0)]
Limit = Annotated[str, AfterValidator(_limit)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
OptionalWebAddress = Annotated[str, AfterValidator(lambda value: value and _web_address(value))]
"""Empty where there is none."""
DatabaseAddress = Annotated[str, AfterValidator(_database_address)]


def hsts(*, subdomains: bool) -> str:
    """Strict-Transport-Security for a year; of `subdomains` only whoever owns all of them can promise it."""
    return "max-age=31536000" + ("; includeSubDomains" if subdomains else "")


class ServiceSettings(BaseSettings):
    """What both services are told. Each adds its own, and the prefix of its variables."""

    # A value that is refused may be a secret: the message names the variable only.
    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)
    COOKIE: ClassVar[str]
    NAME: ClassVar[str]
    """What passkeys are shown with."""
    RETIRED: ClassVar[Mapping[str, str]] = {}
    """Names of earlier releases, and what stands for them now: whoever still sets one is told."""

    environment: Literal["development", "production"] = Field(
        default="production",
        description="production refuses what only a developer wants; development shows recorded letters",
    )
    sandbox: bool = Field(
        default=False,
        description="an installation for trying, the same for both services: what is ordered is marked as a test "
        "and answered by a script, and keys of programs say test",
    )
    log_format: Literal["console", "json"] = Field(
        default="json", description="one JSON object a line, or for people to read"
    )
    host: str = Field(default="127.0.0.1", description="the address on which the API listens")
    port: int = Field(gt=0, lt=65536, description="where the API listens")
    public_url: WebAddress = Field(description="where people reach this service")
    hsts_subdomains: bool = Field(
        default=False, description="tell browsers that every host below ours has https, too"
    )
    trusted_proxies: Networks = Field(
        default=(), description="the proxies before us, e.g. 10.0.0.0/8,2001:db8::/32; only they are believed"
    )
    peer_url: WebAddress = Field(description="where the other service is")
    web_dir: Path = Field(description="the built web app; without it there is only the API")

    database_url: DatabaseAddress = Field(
        min_length=1,
        repr=False,
        description="the address of the database, as a role that owns nothing and is no superuser",
        examples=["postgresql://user:password@host:5432/database"],
    )
    owner_database_url: DatabaseAddress = Field(
        default="", repr=False, description="the same database as its owner, for `migrate` only"
    )
    bus_url: Annotated[str, AfterValidator(_bus_address)] = Field(
        default="", repr=False, description="empty: signed HTTP; amqp://…: RabbitMQ"
    )
    cache_url: Annotated[str, AfterValidator(_cache_address)] = Field(
        default="", repr=False, description="redis://…; memory:// counts for each process by itself"
    )
    search_url: Annotated[str, AfterValidator(_search_address)] = Field(
        default="", repr=False, description="empty: PostgreSQL; https://host:9200: Elasticsearch"
    )
    search_api_key: str = Field(
        default="", repr=False, description="instead of a user and password in SEARCH_URL"
    )
    search_ca_file: Path | None = Field(
        default=None,
        description="who signs the certificate of SEARCH_URL, where no authority of the machine does",
    )
    search_index: str = Field(
        default="autodetective",
        pattern=r"^[a-z][a-z0-9_-]*$",
        description="how the indices of this installation begin there, where several share a cluster",
    )
    search_shards: int = Field(default=1, gt=0, description="of the next copy of the index that is built")
    search_replicas: int = Field(default=1, ge=0, description="of the same; 0 on a single node")
    service_keys: Keys = Field(
        repr=False,
        description="what both services sign with: the first signs, all verify",
        examples=["what `openssl rand -hex 32` prints"],
    )
    secret_keys: Keys = Field(
        repr=False,
        description="what this service alone knows, the same way",
        examples=["what `openssl rand -hex 32` prints"],
    )

    alive_file: Path | None = Field(
        default=None,
        description="touched every five seconds while relay, consumer or worker lives; for a healthcheck",
    )
    metrics_token: str = Field(
        default="",
        repr=False,
        description="what Prometheus sends as Authorization: Bearer; empty: no /metrics",
    )
    otlp_url: OptionalWebAddress = Field(
        default="",
        description="the collector of OpenTelemetry that traces are sent to, such as http://collector:4318; "
        "empty: none are recorded",
    )
    trace_ratio: float = Field(
        default=0.1,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="the share of traces that is recorded, of those that begin here: 0 to 1",
    )
    publishes_contract: bool = Field(default=False, description="/openapi.json in production, too")

    report_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Europe/Moscow", description="in whose times reports are told; the same for both services"
    )

    telegram_token: str = Field(
        default="",
        repr=False,
        description="of the bot, from @BotFather; empty: no Telegram",
    )
    telegram_bot: str = Field(
        default="", pattern=r"^([A-Za-z0-9_]{5,32})?$", description="the bot's name, without the @"
    )
    telegram_api_url: WebAddress = Field(
        default="https://api.telegram.org", description="the Bot API, where it is another than Telegram's own"
    )
    telegram_links_per_account: Limit = Field(
        default="30/hour", description="links that tie a chat in Telegram to an account"
    )

    session_seconds: Seconds = Field(description="how long somebody stays signed in")
    # Every device does so six times an hour.
    refreshes_per_account: Limit = Field(
        default="300/hour", description="refreshed tokens of an account; a device needs six an hour"
    )
    refreshes_per_address: Limit = Field(description="refreshed tokens from one address")

    @model_validator(mode="after")
    def _counts_together(self) -> "ServiceSettings":
        if not self.is_development and not self.cache_url:
            raise ValueError(
                "CACHE_URL: is needed, such as redis://host:6379/0: without it each process counts limits for "
                "itself (memory:// says that this is meant)"
            )
        return self

    @model_validator(mode="after")
    def _names_its_bot(self) -> Self:
        if self.telegram_token and not _BOT_TOKEN.fullmatch(self.telegram_token):
            raise ValueError("TELEGRAM_TOKEN: is such as 123456:ABC-DEF, as @BotFather told it")
        if self.telegram_token and not self.telegram_bot:
            raise ValueError(
                "TELEGRAM_BOT: is needed with TELEGRAM_TOKEN: links to the bot are made of its name"
            )
        return self

    @property
    def zone_of_reports(self) -> ZoneInfo:
        return zone_named(self.report_zone)

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def is_reached_from_outside(self) -> bool:
        """Whether messengers bring updates to us; on a machine that they cannot reach, we fetch them."""
        return not self.is_development and self.public_url.startswith("https://")

    @property
    def hsts(self) -> str:
        """What browsers are told about https, where we have it."""
        return hsts(subdomains=self.hsts_subdomains) if self.public_url.startswith("https://") else ""

    @property
    def shows_contract(self) -> bool:
        return self.is_development or self.publishes_contract

    @property
    def scraped_with(self) -> str | None:
        """The token that /metrics asks for; None asks for none, an empty one gives it to nobody."""
        return self.metrics_token or (None if self.is_development else "")

    @property
    def cache(self) -> str:
        """Where limits are counted."""
        return self.cache_url or MEMORY

    def limits(self) -> dict[str, str]:
        """How often what may be done, by names that the slices use: those of the settings."""
        return {name: getattr(self, name) for name in type(self).model_fields if "_per_" in name}

    @property
    def origin(self) -> str:
        """The origin of our own pages, as browsers send it."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def cookies(self) -> Cookies:
        return Cookies.named(self.COOKIE, self.origin)

    @property
    def relying_party(self) -> RelyingParty:
        return RelyingParty.at(self.public_url, self.NAME)

    @property
    def session_length(self) -> timedelta:
        return timedelta(seconds=self.session_seconds)
