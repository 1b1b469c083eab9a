"""Files that mean harm, sent over the API: none is given out as it came before it was decoded, nothing swells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import islice
from time import monotonic
from typing import Final

import httpx
import psutil
import pytest
from PIL import Image

from cabinet_service.photos.limits import MAX_PHOTOS_PER_INSPECTION, MIB
from deploy.demo.people import Client, Json, Refused, wait_for
from deploy.embedded.stack import Stack
from tests.flows.conftest import VIN_CLAIM, People
from tests.unit.photos.hostile import bases, hostile_files

pytestmark = pytest.mark.busless
BOUND: Final = 200 * MIB
ASKED_EVERY: Final = 1.0


class Memory:
    """The most that cabinet's API, and its worker with the process that decodes, took more than at first.

    Who their children are is asked once a second: that looks at every process of the machine.
    """

    def __init__(self, stack: Stack) -> None:
        self._roots = {
            name: psutil.Process(stack.processes[name].pid) for name in ("cabinet-api", "cabinet-worker")
        }
        self._families: Mapping[str, Sequence[psutil.Process]] = {}
        self._asked = float("-inf")
        self._first = self._resident()
        self.rise: Counter[str] = Counter()

    def look(self) -> None:
        for name, resident in self._resident().items():
            self.rise[name] = max(self.rise[name], resident - self._first[name])

    def _resident(self) -> Mapping[str, int]:
        if monotonic() - self._asked > ASKED_EVERY:
            self._families = {
                name: [root, *root.children(recursive=True)] for name, root in self._roots.items()
            }
            self._asked = monotonic()
        return {name: self._of(family) for name, family in self._families.items()}

    def _of(self, family: Sequence[psutil.Process]) -> int:
        resident = 0
        for process in family:
            try:
                resident += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return resident


def settled(client: Client, inspection_id: str, memory: Memory | None = None) -> list[Json]:
    """The photos of the inspection, once each was decoded or given up."""

    def look() -> list[Json] | None:
        if memory is not None:
            memory.look()
        photos: list[Json] = client.inspection(inspection_id)["evidence"]
        return None if any(photo["preview"] == "pending" for photo in photos) else photos

    return wait_for(look, "every preview", 300)


def download(client: Client, inspection_id: str, evidence_id: str, variant: str) -> httpx.Response:
    url = f"{client.base_url}/inspections/{inspection_id}/evidence/{evidence_id}/{variant}"
    return httpx.get(url, headers=client.headers, timeout=30)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_files_that_mean_harm_are_refused_decoded_or_kept_back(people: People) -> None:
    client = people.client()
    first: str = client.start(VIN_CLAIM)["id"]
    for content in bases().values():
        client.upload(first, "other", content)
    settled(client, first)
    memory = Memory(people.stack)
    outcomes: Counter[str] = Counter()
    files = hostile_files(rounds=2)
    while batch := list(islice(files, MAX_PHOTOS_PER_INSPECTION)):
        inspection_id: str = client.start(VIN_CLAIM)["id"]
        for name, content in batch:
            try:
                client.upload(inspection_id, "other", content, name=f'../../{name}.jpg"\r\n.php')
            except Refused as refused:
                outcomes["fault" if refused.status >= 500 else refused.code] += 1
            memory.look()
        for photo in settled(client, inspection_id, memory):
            outcomes[f"preview {photo['preview']}"] += 1
            if photo["preview"] == "ready":
                preview = download(client, inspection_id, photo["id"], "preview")
                assert preview.headers["content-type"] == "image/jpeg"
                with Image.open(BytesIO(preview.content)) as image:
                    image.load()
                    assert not image.getexif()
                original = download(client, inspection_id, photo["id"], "original")
                assert original.headers["content-disposition"].startswith("attachment")
                assert ".." not in original.headers["content-disposition"]
            else:
                for variant, code in (("preview", "preview_failed"), ("original", "original_withheld")):
                    answer = download(client, inspection_id, photo["id"], variant)
                    assert answer.json()["code"] == code
    assert outcomes.total() >= 500
    assert not outcomes["fault"]
    assert {"photo_polyglot", "photo_too_many_pixels", "preview ready", "preview failed"} <= outcomes.keys()
    assert memory.rise.keys() == {"cabinet-api", "cabinet-worker"}
    assert all(rise < BOUND for rise in memory.rise.values()), memory.rise
