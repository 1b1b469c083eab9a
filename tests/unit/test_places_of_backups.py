"""Where a backup looks for what it takes: the settings of both services, from files or variables."""

from pathlib import Path

import pytest

from deploy.backup.errors import Refused
from deploy.backup.places import from_environment

KEY, ANOTHER = "a" * 64, "b" * 64


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CABINET_SECRETS_DIR", str(tmp_path))
    return tmp_path


def test_keys_are_read_from_the_files_that_containers_find(secrets: Path) -> None:
    (secrets / "cabinet_secret_keys").write_text(f"{KEY}\n")
    (secrets / "bpa_secret_keys").write_text(f"{KEY},{ANOTHER}\n")
    places = from_environment()
    assert places.cabinet_secret_keys == (KEY,)
    assert places.bpa_secret_keys == (KEY, ANOTHER)


def test_keys_are_read_from_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CABINET_SECRET_KEYS", f"{KEY},{ANOTHER}")
    assert from_environment().cabinet_secret_keys == (KEY, ANOTHER)


def test_where_there_are_none_they_are_asked_for() -> None:
    with pytest.raises(Refused, match="CABINET_SECRET_KEYS"):
        from_environment().keys("cabinet")
