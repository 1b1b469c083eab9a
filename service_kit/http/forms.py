"""Multipart forms with one file, read only once it is known who sends them: FastAPI would read them before."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, BinaryIO, Final, Protocol, TypeVar, cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException

from service_kit.http.problems import TimedOut
from service_kit.http.route import refuse_forbidden_text

FORM_TYPE: Final = "multipart/form-data"
MAX_FIELD_BYTES: Final = 1024
# The field of the file.
_FILE: Final = "file"
_IN_MEMORY: Final = 1024 * 1024

Fields = TypeVar("Fields", bound=BaseModel)


class Target(Protocol):
    """Where the bytes of the file go as they come in."""

    async def write(self, data: bytes | memoryview) -> None: ...


async def receive_form(
    request: Request,
    fields: type[Fields],
    target: Target,
    *,
    seconds: float,
    field_bytes: int = MAX_FIELD_BYTES,
) -> Fields:
    """The form's fields; the bytes of its `file` are written to `target`. Raises TimedOut after `seconds`, and
    what FastAPI raises for a body that is not as documented, or has a field of more than `field_bytes`.
    """
    content_type, options = parse_options_header(request.headers.get("content-type", ""))
    if content_type.decode("latin-1").lower() != FORM_TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if b"boundary" not in options:
        raise _malformed("Missing boundary in multipart.")
    form = _Form(most_fields=len(fields.model_fields), field_bytes=field_bytes)
    try:
        parser = MultipartParser(options[b"boundary"], form.callbacks())
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                parser.write(chunk)
                for piece in form.taken():
                    await target.write(piece)
        parser.finalize()
    except FormParserError:
        raise _malformed("Invalid multipart data.") from None
    except TimeoutError:
        raise TimedOut from None
    return _validated(form.texts, fields, has_file=form.has_file)


@asynccontextmanager
async def sent_form(
    request: Request, fields: type[Fields], *, seconds: float, field_bytes: int = MAX_FIELD_BYTES
) -> AsyncGenerator[tuple[Fields, BinaryIO]]:
    """The form's fields and its `file`, at its beginning; it is on disk where it is large. Raises the same."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        sent = await receive_form(request, fields, _Spool(file), seconds=seconds, field_bytes=field_bytes)
        file.seek(0)
        yield sent, cast("BinaryIO", file)


class _Spool:
    def __init__(self, file: tempfile.SpooledTemporaryFile[bytes]) -> None:
        self._file = file

    async def write(self, data: bytes | memoryview) -> None:
        await asyncio.to_thread(self._file.write, data)


class _Form:
    """What a parser finds. Of the files, only that of the field `file` is looked at."""

    def __init__(self, *, most_fields: int, field_bytes: int) -> None:
        self.texts: dict[str, str] = {}
        self.has_file = False
        self._most_fields, self._field_bytes = most_fields, field_bytes
        self._fields = self._files = 0
        self._header, self._value, self._disposition = b"", b"", b""
        self._name = ""
        self._is_file = False
        self._text = bytearray()
        self._pieces: list[memoryview] = []

    def callbacks(self) -> Any:
        """By the names that the parser knows them by."""
        names = ("part_begin", "part_data", "part_end", "header_field", "header_value", "header_end")
        return {f"on_{name}": getattr(self, f"_{name}") for name in (*names, "headers_finished")}

    def taken(self) -> list[memoryview]:
        """What came of the file since this was asked last. It lies in the chunk that was parsed."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def _part_begin(self) -> None:
        self._header, self._value, self._disposition = b"", b"", b""
        self._text = bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise _malformed('The Content-Disposition header field "name" must be provided.')
        self._name = _decoded(options[b"name"])
        refuse_forbidden_text(self._name)
        self._is_file = b"filename" in options
        if self._is_file:
            refuse_forbidden_text(_decoded(options[b"filename"]))
            self._files += 1
            if self._files > 1:
                raise _malformed("Too many files. Maximum number of files is 1.")
        else:
            self._fields += 1
            if self._fields > self._most_fields:
                raise _malformed(f"Too many fields. Maximum number of fields is {self._most_fields}.")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            if len(self._text) + end - start > self._field_bytes:
                raise _malformed(f"Part exceeded maximum size of {self._field_bytes // 1024}KB.")
            self._text += data[start:end]
        elif self._name == _FILE:
            self._pieces.append(memoryview(data)[start:end])

    def _part_end(self) -> None:
        if not self._is_file:
            text = _decoded(self._text)
            refuse_forbidden_text(text)
            self.texts[self._name] = text
        elif self._name == _FILE:
            self.has_file = True


def _malformed(detail: str) -> HTTPException:
    return HTTPException(HTTPStatus.BAD_REQUEST, detail)


def _decoded(text: bytes | bytearray) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _validated(texts: dict[str, str], model: type[Fields], *, has_file: bool) -> Fields:
    problems: list[Mapping[str, Any]] = []
    if not has_file:
        problems.append({"type": "missing", "loc": ("body", _FILE), "msg": "A file is required"})
        texts.pop(_FILE, None)
    try:
        fields = model.model_validate(texts)
    except ValidationError as error:
        problems += [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(problems) from None
    if not has_file:
        raise RequestValidationError(problems)
    return fields
