"""What an operator can set: environment variables with the prefix CABINET_, or files in CABINET_SECRETS_DIR."""

from collections.abc import Mapping
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, ClassVar, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import SettingsConfigDict

from cabinet_service.smtp_server import SmtpServer, sender_of
from service_kit import environment
from service_kit.api_keys import KeyForm, KeyKind
from service_kit.settings import Limit, OptionalWebAddress, Seconds, ServiceSettings, WebAddress

COOKIE: Final = "autodetective_client"


def _smtp_address(value: str) -> str:
    if value:
        SmtpServer.at(value)
    return value


def _sender(value: str) -> str:
    if value:
        sender_of(value)
    return value


def _bot_token(value: str) -> str:
    if not value.isascii() or any(not letter.isprintable() or letter.isspace() for letter in value):
        raise ValueError("is the token alone, in one line, as the platform for partners shows it")
    return value


class Settings(ServiceSettings):
    """Every process of cabinet reads these."""

    model_config = SettingsConfigDict(env_prefix="CABINET_")
    COOKIE = COOKIE
    NAME = "Автодетектив"
    RETIRED: ClassVar[Mapping[str, str]] = {"KEY_KIND": "is now SANDBOX, of both services"}

    port: int = Field(default=8001, gt=0, lt=65536, description="where the API listens")
    public_url: WebAddress = Field(
        default="http://127.0.0.1:8001", description="where people reach this service"
    )
    peer_url: WebAddress = Field(default="http://127.0.0.1:8002", description="where the other service is")
    web_dir: Path = Field(
        default=Path(__file__).parent / "web" / "dist",
        description="the built web app; without it there is only the API",
    )

    files_dir: Path = Field(
        default=Path(".data/files"),
        description="photos, reports and archives: a whole path, the same for api and worker",
    )
    sandbox_url: OptionalWebAddress = Field(
        default="",
        description="where partners' programs are tried: the public address of a sandbox; empty: there is none",
    )
    files_url: str = Field(
        default="",
        pattern=r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$",
        description="the same in a bucket, as s3://bucket or s3://bucket/folder; empty: in FILES_DIR",
    )
    files_endpoint: OptionalWebAddress = Field(
        default="", description="where FILES_URL's store answers; empty: Amazon's own, of FILES_REGION"
    )
    files_region: str = Field(default="us-east-1", description="in which region requests to it are signed")
    files_key_id: str = Field(
        default="", description="the access key of FILES_URL; empty: a role of the machine or the pod"
    )
    files_secret_key: str = Field(default="", repr=False, description="what belongs to FILES_KEY_ID")
    outbox_dir: Path = Field(
        default=Path(".data/outbox"),
        description="in development, letters and messages that are not really sent",
    )
    erasures_file: Path | None = Field(
        default=None,
        description="where erasures are noted, by ids and instants, for `erasures-apply` after a restore; on "
        "another disk than the database; empty: nowhere",
    )
    smtp_url: Annotated[str, AfterValidator(_smtp_address)] = Field(
        default="",
        repr=False,
        description="smtp(s)://user:password@host:port?starttls=required; empty: a page shows the letters",
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(
        default="", description="who letters come from; empty: no-reply@ and the host of PUBLIC_URL"
    )

    sms_url: OptionalWebAddress = Field(
        default="",
        description="where short messages are handed over, as `adapters/sms.py` asks; empty: no SMS",
    )
    sms_token: str = Field(default="", repr=False, description="what the gateway knows us by")

    max_token: Annotated[str, AfterValidator(_bot_token)] = Field(
        default="", repr=False, description="of the bot in MAX, from the platform for partners; empty: no MAX"
    )
    max_bot: str = Field(
        default="", pattern=r"^([A-Za-z0-9_]{3,64})?$", description="the bot's name, as in max.ru/NAME"
    )
    max_api_url: WebAddress = Field(
        default="https://platform-api2.max.ru", description="the Bot API of MAX, where it is another"
    )
    max_ca_file: Path | None = Field(
        default=None,
        description="who signs the certificate of MAX_API_URL, where no authority of the machine does",
    )
    max_links_per_account: Limit = Field(
        default="30/hour", description="links that tie a chat in MAX to an account"
    )
    report_key: str = Field(
        default="",
        description="signs reports: the path of a PKCS#12 or PEM file, or pkcs11:…; empty: one for development",
    )
    report_key_password: str = Field(default="", repr=False, description="what opens it")
    report_tsa_url: OptionalWebAddress = Field(
        default="", description="who vouches for the time of signatures (RFC 3161); empty: nobody does"
    )

    # A program that asks once a second has ten times as much.
    requests_per_key: Limit = Field(default="600/minute", description="requests with one key of a program")
    wrong_keys_per_address: Limit = Field(
        default="60/minute", description="tries with keys that are none, from one address"
    )

    session_seconds: Seconds = Field(default=90 * 24 * 3600, description="how long a client stays signed in")
    sign_in_code_seconds: Seconds = Field(default=10 * 60, description="how long a code opens an account")
    code_again_seconds: Seconds = Field(
        default=30, description="the wait before the next code to a contact, from one address"
    )
    # Who asks for codes to somebody's contact all the time shall not keep them out: so it is counted for each
    # address, and by itself on a device where they signed in before. What is counted over all addresses is loose.
    codes_per_contact_and_address: Limit = Field(
        default="6/hour", description="codes asked for to one contact from one address"
    )
    codes_per_contact_and_address_a_day: Limit = Field(default="12/day", description="the same over a day")
    codes_per_contact: Limit = Field(default="20/hour", description="codes asked for to one contact in all")
    # With five tries a code, whoever guesses at one contact all year long is right once in some 14 years.
    codes_per_contact_a_day: Limit = Field(default="40/day", description="the same over a day")
    contact_codes_per_account: Limit = Field(
        default="10/hour;20/day", description="codes to contacts that one account wants to add"
    )
    codes_per_device: Limit = Field(
        default="20/day", description="codes asked for on a device where the client signed in before"
    )
    # Whole towns share one address of a mobile operator.
    codes_per_address: Limit = Field(default="100/hour", description="codes asked for from one address")
    sign_ins_per_address: Limit = Field(default="300/hour", description="tries to sign in from one address")
    sign_ins_per_device: Limit = Field(
        default="60/hour", description="tries to sign in on a device where the client signed in before"
    )
    refreshes_per_address: Limit = Field(default="6000/hour", description="refreshed tokens from one address")
    numbers_per_address: Limit = Field(
        default="600/minute", description="numbers looked at before signing in, from one address"
    )
    # A look at what is known of a car is free, and no way to fetch a register car by car.
    previews_per_address: Limit = Field(
        default="300/hour", description="cars of which one asks what is known, from one address"
    )
    previews_per_account: Limit = Field(
        default="120/hour", description="cars of which one asks what is known, by account"
    )
    test_messages_per_account: Limit = Field(
        default="20/hour", description="messages that one sends oneself to see whether they come"
    )
    # A photo takes a processor one to three seconds. A dozen photos of a car, each taken three times, make 36.
    readings_per_address: Limit = Field(
        default="30/minute", description="photos from which a number is read, from one address"
    )
    readings_per_account: Limit = Field(
        default="60/hour", description="photos from which a number is read, by account"
    )
    verifications_per_address: Limit = Field(
        default="60/minute;600/hour",
        description="codes and files of reports that are verified, from one address",
    )
    # What one account may do, and one company with all its people. A dealer has 200 cars on a lot; a photo is
    # sent as a small copy and as the original.
    drafts_per_account: Limit = Field(default="60/hour;200/day", description="drafts that one account begins")
    drafts_per_company: Limit = Field(
        default="1000/hour;5000/day", description="drafts that all people of a company begin"
    )
    submits_per_account: Limit = Field(
        default="40/hour;150/day", description="inspections that one account sends"
    )
    submits_per_company: Limit = Field(
        default="600/hour;3000/day", description="inspections that all people of a company send"
    )
    messages_per_account: Limit = Field(default="20/minute;300/day", description="messages to the experts")
    photos_per_account: Limit = Field(
        default="1200/hour;6000/day",
        description="photos; a phone sends a small copy and the original of each",
    )
    # What one program of a company may do, whichever of its keys it uses.
    drafts_per_program: Limit = Field(
        default="1000/hour;5000/day", description="drafts that one program begins"
    )
    submits_per_program: Limit = Field(
        default="600/hour;3000/day", description="inspections that one program sends"
    )
    messages_per_program: Limit = Field(
        default="120/minute;3000/day", description="messages to the experts, by program"
    )
    photos_per_program: Limit = Field(
        default="12000/hour;60000/day", description="photos that one program sends"
    )
    disputes_per_program: Limit = Field(default="100/day", description="answers that one program objects to")
    opinions_per_program: Limit = Field(
        default="600/hour;3000/day", description="ratings and outcomes that one program tells"
    )
    yard_links_per_program: Limit = Field(
        default="600/hour;3000/day", description="links to photograph a car that one program gives out"
    )
    histories_per_program: Limit = Field(
        default="200/hour;1000/day", description="histories without an inspection that one program orders"
    )
    disputes_per_account: Limit = Field(default="10/day", description="answers objected to")
    opinions_per_account: Limit = Field(
        default="60/hour;200/day", description="ratings and outcomes that one account tells"
    )
    watches_per_account: Limit = Field(
        default="120/hour;400/day", description="how often one account begins to watch a car"
    )
    # Each may cost what sources ask for an answer.
    histories_per_account: Limit = Field(
        default="20/hour;60/day", description="histories without an inspection that one account orders"
    )
    histories_per_company: Limit = Field(
        default="300/hour;1500/day",
        description="histories without an inspection that all people of a company order",
    )
    archives_per_account: Limit = Field(default="3/day", description="archives of one's data")
    companies_per_account: Limit = Field(default="5/day", description="companies that one account makes")
    invitations_per_account: Limit = Field(
        default="100/hour;300/day", description="invitations into companies that one account makes"
    )
    # An office shares one address.
    invitations_per_address: Limit = Field(
        default="60/minute;600/hour", description="invitations that are opened or taken, from one address"
    )
    shares_per_account: Limit = Field(
        default="30/hour;100/day", description="links to reports that are given out, and badges"
    )
    # Whoever has a link needs no sign-in. A page of a report has up to some sixty photos, and asks twice a minute
    # whether it is still the newest; an office shares one address.
    shared_opens_per_address: Limit = Field(
        default="60/minute;1000/hour", description="reports opened by links, from one address"
    )
    shared_photos_per_address: Limit = Field(
        default="1200/minute;20000/hour", description="photos in them, from one address"
    )
    shared_looks_per_address: Limit = Field(
        default="300/minute", description="looks whether they are still the newest, from one address"
    )
    shared_codes_per_address: Limit = Field(
        default="30/hour", description="codes entered for links that ask for one, from one address"
    )
    shared_codes_per_link: Limit = Field(default="20/hour", description="codes entered for one link")
    # Adverts are looked at by many, some of them behind one address.
    badge_looks_per_address: Limit = Field(
        default="600/minute;10000/hour", description="pictures of badges that are looked at, from one address"
    )
    yard_links_per_account: Limit = Field(
        default="60/hour;300/day", description="links by which somebody at a car photographs it"
    )
    # Whoever has a link to a car sends a photo in a copy and in parts; a lot of cars has one address.
    yard_requests_per_link: Limit = Field(
        default="300/minute;6000/hour", description="requests by one such link"
    )
    yard_requests_per_address: Limit = Field(
        default="1200/minute;40000/hour", description="requests by such links from one address"
    )
    webhook_changes_per_company: Limit = Field(
        default="60/hour;200/day", description="changes of a company's webhooks"
    )
    webhook_tests_per_company: Limit = Field(
        default="60/hour", description="events that a company has sent to its webhooks as a test"
    )
    webhook_replays_per_company: Limit = Field(
        default="120/hour", description="events that a company has sent to its webhooks once more"
    )
    # Somebody tries a file in several forms, and looks at each list more than once before it is sent.
    sheets_per_account: Limit = Field(
        default="20/minute;200/hour", description="spreadsheets that are read for one account"
    )
    logos_per_account: Limit = Field(
        default="20/hour;60/day", description="logos that one account gives to companies"
    )
    bulk_checks_per_account: Limit = Field(
        default="60/minute;600/hour", description="lists of cars that one account looks at before sending"
    )
    # As many as a company may open one by one, and the lots of several dealers at once.
    bulk_rows_per_company: Limit = Field(
        default="5000/hour;20000/day", description="cars that a company orders out of lists"
    )
    # As many cars as somebody sends a colleague to in a day.
    reminders_per_pair: Limit = Field(
        default="30/hour;100/day", description="reminders of cars from one person to another"
    )
    # Searching goes on while somebody types.
    searches_per_account: Limit = Field(
        default="120/minute;5000/day", description="questions to the search, one at each pause in typing"
    )
    draft_patience_seconds: Seconds = Field(
        default=30 * 24 * 3600, description="a draft that nobody touches for so long expires"
    )
    # So long after the answer a client is asked what came of it, once.
    outcome_asked_after_seconds: Seconds = Field(
        default=21 * 24 * 3600, description="so long after the answer a client is asked what came of it, once"
    )

    @model_validator(mode="after")
    def _keeps_photos_where_they_are_found(self) -> Self:
        if bool(self.files_key_id) != bool(self.files_secret_key):
            raise ValueError("FILES_KEY_ID and FILES_SECRET_KEY: are needed both, or neither")
        if not self.files_url and (self.files_endpoint or self.files_key_id):
            raise ValueError("FILES_URL: is needed with FILES_ENDPOINT or FILES_KEY_ID, as s3://bucket")
        if not self.files_url and not self.is_development and not self.files_dir.is_absolute():
            raise ValueError(
                "FILES_DIR: is a folder with its whole path, such as /var/lib/autodetective/files: the photos of "
                "one process must be there for the next, wherever that is started"
            )
        return self

    @model_validator(mode="after")
    def _names_its_bot_in_max(self) -> Self:
        if self.max_token and not self.max_bot:
            raise ValueError("MAX_BOT: is needed with MAX_TOKEN: links to the bot are made of its name")
        return self

    @property
    def key_form(self) -> KeyForm:
        """What keys of programs look like; `masking` knows it."""
        return KeyForm("adk", KeyKind.TEST if self.sandbox else KeyKind.LIVE)

    @property
    def has_chats(self) -> bool:
        """Whether there is a messenger where clients have chats."""
        return bool(self.telegram_token or self.max_token)

    @property
    def development_report_key(self) -> Path:
        """Where the key lies that signs reports in development."""
        return self.files_dir.absolute().with_name("report-key.pem")

    @property
    def sender(self) -> Address:
        host = urlsplit(self.public_url).hostname
        return sender_of(self.mail_from or f"Автодетектив <no-reply@{host}>")

    @property
    def smtp_server(self) -> SmtpServer | None:
        return SmtpServer.at(self.smtp_url) if self.smtp_url else None

    @property
    def sign_in_code_length(self) -> timedelta:
        return timedelta(seconds=self.sign_in_code_seconds)

    @property
    def code_again_after(self) -> timedelta:
        return timedelta(seconds=self.code_again_seconds)

    @property
    def outcome_asked_after(self) -> timedelta:
        return timedelta(seconds=self.outcome_asked_after_seconds)

    @property
    def draft_patience(self) -> timedelta:
        return timedelta(seconds=self.draft_patience_seconds)


def read_environment() -> Settings:
    """The settings of this process. Without those that it needs the process ends and says which."""
    return environment.read(Settings)
