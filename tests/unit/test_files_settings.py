"""Where files lie is said in a way that works, or refused at the start by its name."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cabinet_service.adapters.object_files import bucket_of
from cabinet_service.settings import Settings


def settings(**told: Any) -> Settings:
    return Settings(
        environment="development",
        database_url="postgresql://service@localhost/cabinet",
        service_keys=("between-the-services-in-tests",),
        secret_keys=("known-to-one-service-in-tests",),
        **told,
    )


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"files_url": "https://s3.example/photos"}, "files_url"),
        ({"files_url": "s3://"}, "files_url"),
        ({"files_url": "s3://photos/../other"}, "files_url"),
        ({"files_url": "s3://photos/"}, "files_url"),
        ({"files_url": "s3://photos", "files_endpoint": "s3.example"}, "files_endpoint"),
        ({"files_url": "s3://photos", "files_key_id": "key"}, "FILES_SECRET_KEY"),
        ({"files_url": "s3://photos", "files_secret_key": "secret"}, "FILES_KEY_ID"),
        ({"files_endpoint": "https://s3.example"}, "FILES_URL"),
    ],
)
def test_what_cannot_work_is_refused_by_its_name(told: dict[str, str], name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        settings(**told)


def test_with_a_bucket_the_folder_may_be_any() -> None:
    told = settings(
        files_url="s3://photos/cars",
        files_endpoint="https://s3.example",
        files_key_id="key",
        files_secret_key="secret",
        files_dir=Path("files"),
    )
    assert bucket_of(told).address == "s3://photos/cars"
    assert "secret" not in repr(bucket_of(told)).replace("secret_key", "")
    assert "'secret'" not in repr(told)
