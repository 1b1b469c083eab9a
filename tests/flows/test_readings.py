"""What stands on a photo, through both services: cabinet's own reader reads it, bpa proposes and keeps it."""

import time
from typing import Final

from deploy.demo.people import Expert, Json
from tests.factories.photos import VIN, jpeg, vin_plate
from tests.flows.conftest import VIN_CLAIM, People

# The reader's process starts, on a machine that has other work.
PATIENCE: Final = 90.0


def read(expert: Expert, case_id: str) -> dict[str, Json]:
    """What is said of each photo, by its shot, once the reader has said something of all."""
    deadline = time.monotonic() + PATIENCE
    while True:
        photos: list[Json] = expert.get(f"/cases/{case_id}/readings")["photos"]
        waiting = [
            one for one in photos if not one["proposal"] or one["proposal"]["state"] in ("asked", "failed")
        ]
        if not waiting:
            return {one["shot"]: one for one in photos}
        assert time.monotonic() < deadline, waiting
        time.sleep(0.2)


def test_a_plate_is_read_by_one_service_for_the_other_and_nothing_is_made_up(people: People) -> None:
    client, anna = people.client(), people.expert("anna")
    case_id: str = client.start(VIN_CLAIM)["id"]
    client.upload(case_id, "vin_plate", vin_plate())
    client.upload(case_id, "door_sticker", jpeg())
    client.submit(case_id)
    anna.wait_until(case_id, "queued")
    found = read(anna, case_id)
    [best, *_] = found["vin_plate"]["proposal"]["candidates"]
    assert (best["identifier"], best["kind"]) == (VIN, "vin")
    rows = found["vin_plate"]["comparison"]["rows"]
    assert [(row["accepted"], row["cells"], row["differs"]) for row in rows] == [
        (False, VIN, []),
        (True, VIN, []),
    ]
    assert found["door_sticker"]["proposal"]["state"] == "nothing"
