"""Settings come from the environment, and what is secret from files, too."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import bpa_service.settings
import cabinet_service.settings

SERVICES = {"cabinet": cabinet_service.settings, "bpa": bpa_service.settings}
KEY, OTHER_KEY, OWN_KEY = "k" * 32, "o" * 32, "s" * 32

Give = Callable[..., Path]


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in os.environ:
        if name.startswith(("CABINET_", "BPA_")):
            monkeypatch.delenv(name)
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


def test_settings_do_not_show_their_secrets(service: str, give: Give) -> None:
    give(database_url="postgresql://u:secret@db/x", service_keys=KEY, secret_keys=OWN_KEY)

    shown = repr(SERVICES[service].read_environment())

    assert not [secret for secret in ("secret@", KEY, OWN_KEY) if secret in shown]
