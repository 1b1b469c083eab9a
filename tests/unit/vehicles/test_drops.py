"""Files that are dropped for sources."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpa_service.vehicles.sources.bulk import as_of, drops


def drop(folder: Path, name: str, content: str = "x") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_each_source_has_a_folder_and_its_oldest_file_comes_first(tmp_path: Path) -> None:
    for name in (
        "us_auctions/2026-02-01.csv",
        "us_auctions/2025-12-31.csv",
        "copart/salesdata_20260901.csv",
        "who/2020-01-01.csv",
        "loose.csv",
    ):
        drop(tmp_path, name)

    found = [(one.source, one.path.name) for one in drops(tmp_path)]

    assert found == [
        ("copart", "salesdata_20260901.csv"),
        ("us_auctions", "2025-12-31.csv"),
        ("us_auctions", "2026-02-01.csv"),
    ]


def test_what_is_unfinished_hidden_or_a_link_is_passed_over(tmp_path: Path) -> None:
    secret = drop(tmp_path, "secret.csv")
    for name in ("rdw/a.json.part", "rdw/.b.json", "rdw/c.json.tmp"):
        drop(tmp_path, name)
    (tmp_path / "rdw" / "link.json").symlink_to(secret)

    assert not list(drops(tmp_path))


def test_there_need_be_no_folder(tmp_path: Path) -> None:
    assert not list(drops(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("salesdata_20260901.csv", datetime(2026, 9, 1, tzinfo=UTC)),
        ("mot-2023-01-02-part3.csv.gz", datetime(2023, 1, 2, tzinfo=UTC)),
        ("2023.02.31 and 2023.03.01.csv", datetime(2023, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_file_is_of_the_day_in_its_name(tmp_path: Path, name: str, day: datetime) -> None:
    assert as_of(drop(tmp_path, name)) == day


def test_a_file_without_a_day_is_of_when_it_was_written(tmp_path: Path) -> None:
    path = drop(tmp_path, "part 12345678 of 3.csv")
    os.utime(path, (1_700_000_000, 1_700_000_000))

    assert as_of(path) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
