"""Uploads keep to tus 1.0.0 (https://tus.io/protocols/resumable-upload), also where only others use it."""

import base64
import hashlib
from typing import Final

import httpx
import pytest

from tests.service.inspections.conftest import Person
from tests.service.uploads.phone import TUS, Phone

ANY: Final = "0b7c3c1e-2f0d-4b0e-9c43-6d1f6f0b7a11"


def digest(algorithm: str, content: bytes) -> str:
    return base64.b64encode(hashlib.new(algorithm, content).digest()).decode()


async def test_the_server_says_what_it_speaks(cabinet_api: httpx.AsyncClient) -> None:
    told = (await cabinet_api.options("/api/v1/uploads")).headers
    assert told["tus-version"] == "1.0.0"
    assert set(told["tus-extension"].split(",")) == {"creation", "checksum", "expiration", "termination"}
    assert set(told["tus-checksum-algorithm"].split(",")) == {"sha1", "sha256"}
    assert int(told["tus-max-size"]) > 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_parts_are_compared_with_their_checksum(phone: Phone, algorithm: str) -> None:
    await phone.begin()
    wrong = {"Upload-Checksum": f"{algorithm} {digest(algorithm, b'other')}"}
    assert (await phone.part(0, 1000, **wrong)).status_code == 460
    assert await phone.reached() == 0
    right = {"Upload-Checksum": f"{algorithm} {digest(algorithm, phone.photo[:1000])}"}
    assert (await phone.part(0, 1000, **right)).status_code == 204
    assert await phone.reached() == 1000


async def test_a_checksum_that_is_not_offered_is_refused_by_name(phone: Phone) -> None:
    await phone.begin()
    answer = await phone.part(0, 1000, **{"Upload-Checksum": f"md5 {digest('md5', phone.photo[:1000])}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "checksum_not_offered")
    assert "sha1, sha256" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "extension"),
    [
        ({"Upload-Defer-Length": "1"}, "creation-defer-length"),
        ({"Upload-Concat": "partial"}, "concatenation"),
        ({"Content-Length": "4"}, "creation-with-upload"),
    ],
)
async def test_an_extension_that_is_not_offered_is_refused_by_name(
    phone: Phone, headers: dict[str, str], extension: str
) -> None:
    answer = await phone.begin(**headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "upload_not_offered")
    assert answer.json()["params"]["extension"] == extension


async def test_a_post_is_what_its_override_says(phone: Phone, client: Person) -> None:
    await phone.begin()
    content = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}

    async def post(method: str, headers: dict[str, str], body: bytes = b"") -> httpx.Response:
        overridden = headers | {"X-HTTP-Method-Override": method}
        return await client.send("POST", phone.place, headers=overridden, content=body)

    assert (await post("PATCH", content, phone.photo[:1000])).status_code == 204
    assert (await post("HEAD", TUS)).headers["upload-offset"] == "1000"
    assert (await post("DELETE", TUS)).status_code == 204
    assert (await post("HEAD", TUS)).status_code == 404
    assert (await post("PUT", TUS)).status_code == 405


async def test_every_answer_names_the_protocol(
    phone: Phone, client: Person, cabinet_api: httpx.AsyncClient
) -> None:
    await phone.begin()
    answers = [
        await cabinet_api.head(f"/api/v1{phone.place}", headers=TUS),
        await phone.begin(**{"Tus-Resumable": "0.2.2"}),
        await phone.begin(**{"Upload-Length": "many"}),
        await client.send("HEAD", f"/uploads/{ANY}/content", headers=TUS),
        await client.send("PUT", f"/uploads/{ANY}/content", headers=TUS),
        await client.send("HEAD", "/uploads/nothing/content", headers=TUS),
    ]
    assert [answer.status_code for answer in answers] == [401, 412, 400, 404, 405, 404]
    assert {answer.headers["tus-resumable"] for answer in answers} == {"1.0.0"}
    assert answers[1].headers["tus-version"] == "1.0.0"


async def test_bytes_of_another_type_are_refused_as_such(phone: Phone) -> None:
    await phone.begin()
    for kind in ("image/jpeg", ""):
        answer = await phone.part(0, 1000, **{"Content-Type": kind})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("upload_id", ["nothing", f"{ANY}0", "%20"])
@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
async def test_at_an_id_that_cannot_be_one_there_is_nothing(
    client: Person, method: str, upload_id: str
) -> None:
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answer = await client.send(method, f"/uploads/{upload_id}/content", headers=headers)
    assert answer.status_code == 404
    assert (await client.get(f"/uploads/{upload_id}")).json()["code"] == "not_found"
