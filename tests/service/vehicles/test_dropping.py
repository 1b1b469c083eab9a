"""What lies in the drop folder is imported once, when it is no longer being written, and is never touched."""

import os
from pathlib import Path

import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.vehicles.importing.dropping import DropFolder
from bpa_service.vehicles.importing.working import Worker
from bpa_service.vehicles.mappings import catalogue
from tests.service.vehicles.conftest import Colleague, stock


@pytest.fixture
def folder(bpa_ports: ApiPorts, drops: Path) -> DropFolder:
    return DropFolder(drops, bpa_ports.backbone.database)


def dropped(drops: Path, content: str, name: str = "stock-2026-11-01.csv") -> Path:
    path = drops / "jp_stock" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


async def test_the_folder_gets_a_place_for_each_source(folder: DropFolder, drops: Path) -> None:
    assert await folder.look() == 0
    assert sorted(path.name for path in drops.iterdir()) == list(catalogue.names())


async def test_a_file_is_taken_once_it_stays_as_it_is(
    folder: DropFolder, drops: Path, admin: Colleague, worker: Worker
) -> None:
    path = dropped(drops, stock(1))
    assert await folder.look() == 0
    path.write_text(stock(2))
    assert await folder.look() == 0
    assert await folder.look() == 1
    assert await folder.look() == 0
    waits = (await admin.source())["next"]
    assert (waits["came_by"], waits["started_by"], waits["as_of"]) == ("drop", None, "2026-11-01T00:00:00Z")
    await worker.work()
    assert (await admin.seen(waits["id"]))["tally"]["records"] == 2
    assert path.read_text() == stock(2)


async def test_whatever_became_of_a_file_it_is_not_taken_again(
    folder: DropFolder, drops: Path, admin: Colleague, worker: Worker, bpa_ports: ApiPorts
) -> None:
    dropped(drops, stock(1))
    dropped(drops, "<html></html>", "stock-2026-11-02.csv")
    for _ in range(2):
        await folder.look()
    await worker.work()
    failed, published = (await admin.get("imports")).json()["items"]
    assert [failed["reason"], published["state"]] == ["html_instead_of_data", "published"]
    await admin.undo(published["id"])
    await worker.work()

    another = DropFolder(drops, bpa_ports.backbone.database)  # of a worker that begins
    for one in (folder, another):
        for _ in range(3):
            assert await one.look() == 0
    os.utime(drops / "jp_stock" / "stock-2026-11-01.csv")
    for _ in range(3):
        assert await another.look() == 0
    dropped(drops, stock(1), "stock-2026-11-03.csv")  # the same, as of another day
    assert [await another.look() for _ in range(3)] == [0, 1, 0]


async def test_files_get_into_the_line_by_their_day_whichever_was_copied_first(
    folder: DropFolder, drops: Path, admin: Colleague
) -> None:
    dropped(drops, stock(2), "stock-2026-11-02.csv")
    await folder.look()
    dropped(drops, stock(1), "stock-2026-11-01.csv")
    assert await folder.look() == 0
    assert await folder.look() == 2
    files = [one["file"] for one in (await admin.get("imports")).json()["items"]]
    assert files == ["stock-2026-11-02.csv", "stock-2026-11-01.csv"]


async def test_what_is_no_delivery_is_passed_over(
    folder: DropFolder, drops: Path, admin: Colleague, tmp_path: Path
) -> None:
    for name in (".hidden.csv", "stock.csv.part"):
        dropped(drops, stock(1), name)
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(stock(1))
    (drops / "jp_stock" / "link.csv").symlink_to(elsewhere)
    (drops / "jp_stock" / "folder.csv").mkdir()
    for _ in range(3):
        assert await folder.look() == 0
    assert (await admin.get("imports")).json()["items"] == []


async def test_a_file_that_changed_or_went_in_the_line_is_not_imported(
    folder: DropFolder, drops: Path, admin: Colleague, worker: Worker
) -> None:
    changed = dropped(drops, stock(1), "stock-2026-11-01.csv")
    gone = dropped(drops, stock(2), "stock-2026-11-02.csv")
    for _ in range(2):
        await folder.look()
    changed.write_text(stock(3))
    gone.unlink()
    await worker.work()
    reasons = [one["reason"] for one in (await admin.get("imports")).json()["items"]]
    assert reasons == ["file_missing", "file_changed"]
