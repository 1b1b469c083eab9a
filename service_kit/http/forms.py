"""Multipart forms with one file, read only once it is known who sends them: FastAPI would read them before."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from service_kit.http.problems import TimedOut

FORM_TYPE: Final = "multipart/form-data"
MAX_FIELD_BYTES: Final = 1024

Fields = TypeVar("Fields", bound=BaseModel)


@asynccontextmanager
async def sent_form(
    request: Request, fields: type[Fields], *, seconds: float, field_bytes: int = MAX_FIELD_BYTES
) -> AsyncGenerator[tuple[Fields, UploadFile]]:
    """The form's fields and its `file`, which is on disk where it is large. Raises TimedOut after `seconds`,
    and what FastAPI raises for a body that is not as documented, or has a field of more than `field_bytes`.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != FORM_TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    count = len(fields.model_fields)
    try:
        async with asyncio.timeout(seconds):
            form = await request.form(max_files=1, max_fields=count, max_part_size=field_bytes)
    except TimeoutError:
        raise TimedOut from None
    try:
        yield _parts(form, fields)
    finally:
        await form.close()


def _parts(form: FormData, model: type[Fields]) -> tuple[Fields, UploadFile]:
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    file = form.get("file")
    problems: list[Mapping[str, Any]] = []
    if not isinstance(file, UploadFile):
        problems.append({"type": "missing", "loc": ("body", "file"), "msg": "A file is required"})
        texts.pop("file", None)
    try:
        fields = model.model_validate(texts)
    except ValidationError as error:
        problems += [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(problems) from None
    if not isinstance(file, UploadFile):
        raise RequestValidationError(problems)
    return fields, file
