"""What an operator can set: environment variables with the prefix BPA_, or files in BPA_SECRETS_DIR."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_settings import SettingsConfigDict

from bpa_service.opening_hours import OpenHours
from service_kit import environment
from service_kit.api_keys import KeyForm, KeyKind
from service_kit.settings import Limit, Seconds, ServiceSettings, WebAddress, Words
from shared_schemas.clock import EXPERT_BUDGET

COOKIE: Final = "autodetective_expert"


def _hours(value: str) -> str:
    OpenHours.parse(value)
    return value


def _clickhouse(value: str) -> str:
    if value and not value.startswith(("clickhouse://", "clickhouses://")):
        raise ValueError("is an address such as clickhouse://user:password@host:9000/database")
    return value


def _folder(value: object) -> object:
    return value or None


OptionalFolder = Annotated[Path | None, BeforeValidator(_folder)]
"""None where there is none, in the environment an empty text."""
ClickHouseAddress = Annotated[str, AfterValidator(_clickhouse)]


class Settings(ServiceSettings):
    """Every process of bpa reads these. The times can be shortened so that whole flows run within seconds."""

    model_config = SettingsConfigDict(env_prefix="BPA_")
    COOKIE = COOKIE
    NAME = "Автодетектив: эксперты"

    port: int = Field(default=8002, gt=0, lt=65536, description="where the API listens")
    public_url: WebAddress = Field(
        default="http://127.0.0.1:8002", description="where people reach this service"
    )
    peer_url: WebAddress = Field(default="http://127.0.0.1:8001", description="where the other service is")
    web_dir: Path = Field(
        default=Path(__file__).parent / "web" / "dist",
        description="the built web app; without it there is only the API",
    )
    photos_url: WebAddress = Field(
        default="http://localhost:8001", description="cabinet's PUBLIC_URL: its links to photos lead there"
    )

    clickhouse_url: ClickHouseAddress = Field(
        default="", repr=False, description="where vehicle records are kept; empty: none are"
    )

    sources: Words = Field(
        default=(), description="which are asked about the car of a case, e.g. rdw,dvsa_mot_api; empty: none"
    )
    source_addresses: Mapping[str, WebAddress] = Field(
        default_factory=dict[str, WebAddress],
        description='other hosts of sources, e.g. {"rdw": "https://sandbox.example"}',
    )
    source_headers: Mapping[str, Mapping[str, str]] = Field(
        default_factory=dict[str, Mapping[str, str]],
        repr=False,
        description='what signs us in at sources, e.g. {"dvsa_mot_api": {"X-API-Key": "…"}}',
    )
    enquiries_per_expert: Limit = Field(
        default="60/hour", description="sources that one expert has asked again"
    )
    imports_dir: OptionalFolder = Field(
        default=None,
        description="where files of vehicle records wait that are sent at the desk, the same for the API and the "
        "worker; empty: none can be sent",
    )
    import_file_bytes: int = Field(default=2 * 1024**3, gt=0, description="the largest that can be sent")
    drop_folder: OptionalFolder = Field(
        default=None,
        description="in folders named after sources, files to import; empty: none are looked for",
    )

    budget_seconds: Seconds = Field(
        default=int(EXPERT_BUDGET.total_seconds()),
        description="within so long an inspection is promised an answer",
    )
    claim_window_seconds: Seconds = Field(
        default=120, description="within so long somebody should take a case"
    )
    lease_seconds: Seconds = Field(
        default=90, description="a case comes back so long after its expert was last heard of"
    )
    resume_window_seconds: Seconds = Field(
        default=180, description="within so long work should go on after a client answered"
    )
    client_patience_seconds: Seconds = Field(
        default=48 * 3600, description="a case whose client does not reply for so long expires"
    )
    tick_seconds: float = Field(default=1.0, gt=0, description="how often the clocks are looked at")
    open_hours: Annotated[str, AfterValidator(_hours)] = Field(
        default="", description='e.g. "08:00-22:00 Europe/Moscow"; empty: always open'
    )

    session_seconds: Seconds = Field(default=12 * 3600, description="how long an expert stays signed in")
    # Who tries wrong passwords all the time shall not keep the owner out: so it is counted for each address, and
    # by itself on a device where they signed in before. What is counted over all addresses is loose.
    sign_ins_per_login_and_address: Limit = Field(
        default="20/15minute", description="tries to sign in with one login from one address"
    )
    sign_ins_per_login: Limit = Field(
        default="200/15minute", description="tries to sign in with one login in all"
    )
    sign_ins_per_device: Limit = Field(
        default="20/15minute", description="tries to sign in on a device where the expert signed in before"
    )
    # The experts of one office share an address.
    sign_ins_per_address: Limit = Field(
        default="100/15minute", description="tries to sign in from one address with any login"
    )
    requests_per_token: Limit = Field(
        default="300/minute", description="requests with one personal token of an expert"
    )
    wrong_tokens_per_address: Limit = Field(
        default="60/minute", description="tries with personal tokens that are none, from one address"
    )
    refreshes_per_address: Limit = Field(default="3000/hour", description="refreshed tokens from one address")
    test_messages_per_expert: Limit = Field(
        default="20/hour", description="messages that one sends oneself to see whether they come"
    )
    vehicle_lookups_per_expert: Limit = Field(
        default="120/minute;3000/day", description="lookups of vehicle records"
    )
    # One for each pause in typing.
    searches_per_expert: Limit = Field(
        default="240/minute;20000/day", description="questions to the search, one at each pause in typing"
    )
    demo_password: str = Field(
        default="", repr=False, description="of the experts that `demo-people` makes; for development"
    )

    @model_validator(mode="after")
    def _asks_nobody_of_no_car(self) -> Self:
        if self.sandbox and self.sources:
            raise ValueError(
                "SOURCES: is empty with SANDBOX: sources are not asked of cars that do not exist"
            )
        return self

    @model_validator(mode="after")
    def _finds_files_where_they_were_put(self) -> Self:
        for name, folder in (("IMPORTS_DIR", self.imports_dir), ("DROP_FOLDER", self.drop_folder)):
            if folder and not self.is_development and not folder.is_absolute():
                raise ValueError(
                    f"{name}: is a folder with its whole path, such as /var/lib/autodetective/drop"
                )
        return self

    @property
    def token_form(self) -> KeyForm:
        """What personal tokens of experts look like; `masking` knows it."""
        return KeyForm("ade", KeyKind.TEST if self.sandbox else KeyKind.LIVE)

    @property
    def hours(self) -> OpenHours | None:
        """When the experts work; None for always."""
        return OpenHours.parse(self.open_hours)

    @property
    def budget(self) -> timedelta:
        return timedelta(seconds=self.budget_seconds)


def read_environment() -> Settings:
    """The settings of this process. Without those that it needs the process ends and says which."""
    return environment.read(Settings)
