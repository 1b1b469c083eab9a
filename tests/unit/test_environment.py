"""Settings come from the environment, and what is secret from files, too."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import bpa_service.settings
import cabinet_service.settings
from deploy import settings_table

SERVICES = {"cabinet": cabinet_service.settings, "bpa": bpa_service.settings}
KEY, OTHER_KEY, OWN_KEY = "k" * 32, "o" * 32, "s" * 32

Give = Callable[..., Path]


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in os.environ:
        if name.startswith(("CABINET_", "BPA_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv(f"{request.param.upper()}_CACHE_URL", "redis://cache")
    monkeypatch.setenv("CABINET_FILES_DIR", "/var/lib/photos")
    return request.param


@pytest.fixture
def give(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Give:
    """Lay secrets down as files, as Docker does: with a newline at the end."""

    def lay_down(**secrets: str) -> Path:
        for name, value in secrets.items():
            (tmp_path / f"{service}_{name}").write_text(f"{value}\n")
        monkeypatch.setenv(f"{service.upper()}_SECRETS_DIR", str(tmp_path))
        return tmp_path

    return lay_down


def test_secrets_come_from_files(service: str, give: Give) -> None:
    give(database_url="postgresql://u:p@db/x", service_keys=f"{KEY},{OTHER_KEY}", secret_keys=OWN_KEY)

    settings = SERVICES[service].read_environment()

    assert settings.database_url == "postgresql://u:p@db/x"
    assert settings.service_keys == (KEY, OTHER_KEY)
    assert settings.secret_keys == (OWN_KEY,)


def test_a_variable_wins_over_a_file(service: str, give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    give(database_url="postgresql://file/x", service_keys=KEY, secret_keys=OWN_KEY)
    monkeypatch.setenv(f"{service.upper()}_DATABASE_URL", "postgresql://variable/x")

    assert SERVICES[service].read_environment().database_url == "postgresql://variable/x"


def test_a_folder_that_is_not_there_is_named(
    service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(f"{service.upper()}_SECRETS_DIR", str(tmp_path / "nowhere"))

    with pytest.raises(SystemExit, match="SECRETS_DIR: there is no such folder"):
        SERVICES[service].read_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [("OTLP_URL", "collector:4318"), ("TRACE_RATIO", "1.5"), ("TRACE_RATIO", "nan"), ("TRACE_RATIO", "10%")],
)
def test_what_traces_cannot_be_sent_with_is_refused(
    service: str, give: Give, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    give(database_url="postgresql://u:p@db/x", service_keys=KEY, secret_keys=OWN_KEY)
    monkeypatch.setenv(f"{service.upper()}_{name}", value)

    with pytest.raises(SystemExit, match=f"{service.upper()}_{name}: "):
        SERVICES[service].read_environment()


def test_what_is_missing_is_named_and_what_is_there_is_not_told(
    service: str, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(service_keys=KEY)
    monkeypatch.setenv(f"{service.upper()}_PORT", OWN_KEY)

    with pytest.raises(SystemExit) as ended:
        SERVICES[service].read_environment()

    message = str(ended.value)
    assert f"{service.upper()}_DATABASE_URL: " in message
    assert f"{service.upper()}_PORT: " in message
    assert KEY not in message
    assert OWN_KEY not in message


ADDRESS = "postgresql://u:p@db/x"
NEEDED = {"DATABASE_URL": ADDRESS, "SERVICE_KEYS": KEY, "SECRET_KEYS": OWN_KEY}


def refused(service: str, monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    """What the process says before it ends."""
    for name, value in (NEEDED | values).items():
        monkeypatch.setenv(f"{service.upper()}_{name}", value)
    with pytest.raises(SystemExit) as ended:
        SERVICES[service].read_environment()
    return str(ended.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:p@db/x"),
        ("DATABASE_URL", "/var/db"),
        ("DATABASE_URL", "postgresql://u:p@db:many/x"),
        ("OWNER_DATABASE_URL", "postgres"),
        ("CACHE_URL", "memcached://cache"),
        ("CACHE_URL", "redis://"),
        ("CACHE_URL", "cache:6379"),
        ("CACHE_URL", ""),
        ("BUS_URL", "http://bus"),
        ("BUS_URL", "amqp://"),
        ("SEARCH_URL", "search:9200"),
        ("SEARCH_URL", "https://search.example"),
        ("SEARCH_URL", "https://one:9200,two:9200"),
        ("SEARCH_INDEX", "*"),
        ("SEARCH_SHARDS", "0"),
        ("PUBLIC_URL", "cars.example"),
        ("PUBLIC_URL", "//cars.example"),
        ("PUBLIC_URL", "ftp://cars.example"),
        ("PEER_URL", "https://"),
        ("SERVICE_KEYS", "short"),
        ("SERVICE_KEYS", f"{KEY},short"),
        ("SERVICE_KEYS", ","),
        ("SECRET_KEYS", "short"),
        ("REFRESHES_PER_ACCOUNT", "many"),
        ("PORT", "70000"),
        ("REPORT_ZONE", "Moscow"),
        ("REPORT_ZONE", "../etc"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "*"),
        ("DATABASE_URL", ""),
        ("PORT", "eight thousand"),
        ("PORT", ""),
        ("HSTS_SUBDOMAINS", "perhaps"),
        ("ENVIRONMENT", "staging"),
        ("LOG_FORMAT", "xml"),
        ("SESSION_SECONDS", "0"),
        ("SESSION_SECONDS", "1.5 h"),
        ("SEARCH_REPLICAS", "-1"),
        ("TELEGRAM_BOT", "@a bot"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(
    service: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    said = refused(service, monkeypatch, **{name: value})

    assert said.startswith(f"{service.upper()}_{name}: ")
    assert len(said.splitlines()) == 1
    assert "Value error" not in said
    assert "Input should" not in said


@pytest.mark.parametrize(
    "hours", ["all day", "08:00-22:00", "25:00-26:00 Europe/Moscow", "08:00-22:00 Moscow"]
)
@pytest.mark.parametrize("service", ["bpa"], indirect=True)
def test_opening_hours_that_cannot_be_read_are_refused_in_one_line(
    service: str, monkeypatch: pytest.MonkeyPatch, hours: str
) -> None:
    said = refused(service, monkeypatch, OPEN_HOURS=hours)

    assert said.startswith("BPA_OPEN_HOURS: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "http://127.0.0.1"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "mail.example:25"),
        ("SMTP_URL", "smtp://mail.example:25?starttls=perhaps"),
        ("SMTP_URL", "smtp://mail.example:25?tls=never"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "Автодетектив <@cars.example>"),
        ("FILES_DIR", "files"),
        ("MAX_TOKEN", "two words"),
        ("MAX_TOKEN", "ключ"),
        ("MAX_BOT", "a bot"),
        ("MAX_API_URL", "platform-api2.max.ru"),
    ],
)
@pytest.mark.parametrize("service", ["cabinet"], indirect=True)
def test_what_only_cabinet_is_told_is_refused_in_one_line(
    service: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    said = refused(service, monkeypatch, **{name: value})

    assert said.startswith(f"CABINET_{name}: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("service", ["cabinet"], indirect=True)
def test_whoever_sets_what_is_no_more_is_told(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        refused(service, monkeypatch, KEY_KIND="test") == "CABINET_KEY_KIND: is now SANDBOX, of both services"
    )


@pytest.mark.parametrize("service", ["cabinet"], indirect=True)
def test_a_token_of_a_bot_without_its_name_is_refused(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(service, monkeypatch, MAX_TOKEN=KEY)

    assert said.startswith("CABINET_MAX_BOT: ")
    assert KEY not in said


@pytest.mark.parametrize(
    ("public_url", "mail_from", "sender"),
    [
        ("https://cars.example/", "", "no-reply@cars.example"),
        ("http://localhost:8001", "", "no-reply@localhost"),
        ("https://cars.example", "Auto <desk@mail.local>", "desk@mail.local"),
        ("https://cars.example", "desk@cars.test", "desk@cars.test"),
    ],
)
@pytest.mark.parametrize("service", ["cabinet"], indirect=True)
def test_letters_come_from_the_house_unless_another_sender_is_named(
    service: str, monkeypatch: pytest.MonkeyPatch, public_url: str, mail_from: str, sender: str
) -> None:
    given = NEEDED | {"PUBLIC_URL": public_url, "SMTP_URL": "smtp://mail.example"}
    for name, value in (given | ({"MAIL_FROM": mail_from} if mail_from else {})).items():
        monkeypatch.setenv(f"CABINET_{name}", value)

    settings = cabinet_service.settings.read_environment()

    assert service == "cabinet"
    assert settings.sender.addr_spec == sender
    assert settings.smtp_server is not None


@pytest.mark.parametrize(
    ("value", "networks"),
    [
        ("", []),
        ("10.0.0.0/8, 2001:db8::/32", ["10.0.0.0/8", "2001:db8::/32"]),
        ("127.0.0.1,::1", ["127.0.0.1/32", "::1/128"]),
    ],
)
def test_proxies_are_trusted_by_their_networks(
    service: str, monkeypatch: pytest.MonkeyPatch, value: str, networks: list[str]
) -> None:
    for name, given in (NEEDED | {"CACHE_URL": "memory://", "TRUSTED_PROXIES": value}).items():
        monkeypatch.setenv(f"{service.upper()}_{name}", given)
    monkeypatch.setenv("CABINET_FILES_DIR", "/var/lib/files")

    assert list(map(str, SERVICES[service].read_environment().trusted_proxies)) == networks


@pytest.mark.parametrize(
    ("public_url", "subdomains", "told"),
    [
        ("https://cars.example", "", "max-age=31536000"),
        ("https://cars.example", "true", "max-age=31536000; includeSubDomains"),
        ("http://cars.example", "true", ""),
    ],
)
def test_browsers_are_told_of_https_where_it_is_and_of_other_hosts_where_one_says_so(
    service: str, monkeypatch: pytest.MonkeyPatch, public_url: str, subdomains: str, told: str
) -> None:
    given = NEEDED | {"CACHE_URL": "memory://", "PUBLIC_URL": public_url}
    for name, value in (given | ({"HSTS_SUBDOMAINS": subdomains} if subdomains else {})).items():
        monkeypatch.setenv(f"{service.upper()}_{name}", value)
    monkeypatch.setenv("CABINET_FILES_DIR", "/var/lib/files")

    assert SERVICES[service].read_environment().hsts == told


def test_settings_do_not_show_their_secrets(service: str, give: Give) -> None:
    give(database_url="postgresql://u:secret@db/x", service_keys=KEY, secret_keys=OWN_KEY)

    shown = repr(SERVICES[service].read_environment())

    assert not [secret for secret in ("secret@", KEY, OWN_KEY) if secret in shown]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eight thousand", "is no whole number; it is where the API listens, such as 80"),
        ("SESSION_SECONDS", "-5", "is too small; it is how long "),
        ("DATABASE_URL", "", "such as postgresql://user:password@host:5432/database"),
        ("DATABASE_URL", "mysql://u:p@db/x", "such as postgresql://user:password@host:5432/database"),
        ("TRUSTED_PROXIES", "proxy", "such as 10.0.0.0/8"),
        ("REFRESHES_PER_ACCOUNT", "many", "such as 6/hour"),
    ],
)
def test_what_is_refused_is_told_with_a_value_that_would_do(
    service: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    assert words in refused(service, monkeypatch, **{name: value})


@pytest.mark.parametrize("service", ["bpa"], indirect=True)
def test_what_is_no_json_is_named(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(service, monkeypatch, SOURCE_HEADERS="{rdw: x}")
    assert said.startswith("BPA_SOURCE_HEADERS: is no JSON; it is ")
    assert len(said.splitlines()) == 1


def test_every_setting_says_what_it_is_and_stands_in_the_table() -> None:
    for module in SERVICES.values():
        undescribed = [name for name, field in module.Settings.model_fields.items() if not field.description]
        assert undescribed == []
    assert settings_table.PATH.read_text(encoding="utf-8") == settings_table.table()
