"""Send a photo in parts by tus, and go on where a bad line broke off: python send_photo.py INSPECTION PHOTO."""

import base64
import hashlib
import os
import sys
from pathlib import Path

import httpx

PART = 256 * 1024


def send(api: httpx.Client, inspection_id: str, shot: str, photo: bytes) -> str:
    """The id of the photo, once it is evidence."""
    told = {"inspection_id": inspection_id, "shot": shot, "sha256": hashlib.sha256(photo).hexdigest()}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
    # Begun again with the same metadata it is the same upload.
    begun = api.post(
        "/api/v1/uploads", headers={"Upload-Length": str(len(photo)), "Upload-Metadata": metadata}
    )
    place = begun.raise_for_status().headers["Location"]
    while True:
        at = int(api.head(place).raise_for_status().headers["Upload-Offset"])
        if at == len(photo):
            break
        headers = {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
        try:
            api.patch(place, headers=headers, content=photo[at : at + PART]).raise_for_status()
        except httpx.TransportError:
            continue  # the next HEAD says how far it came
    return api.get(place.removesuffix("/content")).raise_for_status().json()["evidence_id"]


if __name__ == "__main__":
    with httpx.Client(
        base_url=os.environ["AUTODETECTIVE_URL"],
        headers={"Authorization": f"Bearer {os.environ['AUTODETECTIVE_KEY']}", "Tus-Resumable": "1.0.0"},
        timeout=60,
    ) as api:
        print(send(api, sys.argv[1], "vin_stamped", Path(sys.argv[2]).read_bytes()))
