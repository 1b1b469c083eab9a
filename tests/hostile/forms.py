"""Multipart forms: as they should be, and in every way that they should not."""

import hashlib
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.factories.photos import jpeg
from tests.hostile import nasty

_PHOTO: Final = jpeg(64, 48)
_SHOTS: Final = ("vin_stamped", "vin_plate", "front", "rear")


def photo(dice: Random) -> bytes:
    """A small photo like no other: its comment is random."""
    comment = dice.randbytes(12)
    return _PHOTO[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + _PHOTO[2:]


@dataclass
class Form:
    """The parts of a form as they will be written, and how they are held together."""

    parts: list[tuple[bytes, bytes]] = field(
        default_factory=list[tuple[bytes, bytes]]
    )  # the header lines and the content of each
    boundary: bytes = b"zx7q"
    said_boundary: bytes = b"boundary=zx7q"
    end: bytes = b"--\r\n"

    def add(self, name: bytes, content: bytes, more: bytes = b"") -> None:
        self.parts.append((b'Content-Disposition: form-data; name="' + name + b'"' + more, content))

    @property
    def content_type(self) -> bytes:
        return b"multipart/form-data; " + self.said_boundary

    def body(self) -> bytes:
        line = b"--" + self.boundary
        parts = b"".join(
            line + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n" for head, content in self.parts
        )
        return parts + line + self.end


def good(dice: Random, *, of_copy: bool = False) -> Form:
    """A photo, or a copy that goes ahead of one."""
    content = photo(dice)
    form = Form()
    form.add(b"shot", dice.choice(_SHOTS).encode())
    form.add(b"sha256", hashlib.sha256(content).hexdigest().encode())
    form.add(b"file", content, b'; filename="photo.jpg"\r\nContent-Type: image/jpeg')
    if of_copy:
        form.add(b"media_type", b"image/jpeg")
        form.add(b"size_bytes", str(dice.randrange(1, 4_000_000)).encode())
    return form


_NAMES: Final = (
    b"../../etc/passwd", b"a.svg", b"\x00.jpg", b"a" * 9000, b"\xff\xfe", b"\xed\xa0\x80",
    b'q"; name="sha256', b"CON", b"",
    b"%00", "фото.jpg".encode(), b"a.php\x00.jpg", b"\\\\host\\share", b"<script>", b"a\tb",
    b"=?utf-8?B?AA==?=",
)  # fmt: skip
_LINES: Final = (
    b"\r\nContent-Transfer-Encoding: base64", b"\r\nContent-Type: multipart/mixed; boundary=inner",
    b"\r\nContent-Type: text/plain; charset=utf-7", b"\r\nContent-Type: text/plain; charset=nonsense",
    b"\r\nX-Long: " + b"a" * 20_000, b"\r\n" + b"\r\n".join([b"X-Many: 1"] * 500), b"\r\nno colon at all",
    b"; filename*=utf-8''%00%ff", b"; filename*=nonsense''a", b"\r\nContent-Length: 99999999999999",
    b"\r\n: empty",
    b'\r\nContent-Disposition: form-data; name="shot"', b"; name=shot", b"\r\n folded: yes",
    b"; charset=utf-16",
)  # fmt: skip
_BOUNDARIES: Final = (
    b"", b"boundary=", b"boundary=other", b'boundary="zx7q', b"boundary=" + b"z" * 5000,
    b"boundary=zx7q; boundary=b",
    b"boundary=\xff", b"boundary=zx7q; charset=utf-16", b"boundary=zx7q; charset=nonsense", b"BOUNDARY=zx7q",
    b"boundary*=utf-8''zx7q",
)  # fmt: skip
_FIELDS: Final = (
    b"captured_at", b"info_task_id", b"shot", b"sha256", b"file", b"media_type", b"size_bytes", b"colour", b"",
    b"a" * 3000, b"\xff",
)  # fmt: skip


def bad(dice: Random, *, of_copy: bool = False) -> Form:
    """A form with something wrong with it, or with several things."""
    form = good(dice, of_copy=of_copy)
    for _ in range(dice.choice((1, 1, 2))):
        dice.choice(_TRICKS)(form, dice)
    return form


def _drop(form: Form, dice: Random) -> None:
    if form.parts:
        del form.parts[dice.randrange(len(form.parts))]


def _twice(form: Form, dice: Random) -> None:
    form.parts += dice.choices(form.parts, k=dice.choice((1, 2, 40, 1500))) if form.parts else []


def _rename_file(form: Form, dice: Random) -> None:
    form.add(b"file", photo(dice), b'; filename="' + dice.choice(_NAMES) + b'"')


def _odd_field(form: Form, dice: Random) -> None:
    name = dice.choice(_FIELDS)
    form.add(name, nasty.text(dice).encode("utf-8", "surrogatepass"))


def _odd_head(form: Form, dice: Random) -> None:
    if form.parts:
        at = dice.randrange(len(form.parts))
        head, content = form.parts[at]
        form.parts[at] = (head + dice.choice(_LINES), content)


def _nested(form: Form, dice: Random) -> None:
    form.parts.append((b'Content-Type: multipart/form-data; boundary="zx7q"', good(dice).body() * 3))


def _nothing_said(form: Form, dice: Random) -> None:
    form.parts.append((dice.choice((b"", b"Content-Disposition: attachment", b"X: y")), b"content"))


def _odd_boundary(form: Form, dice: Random) -> None:
    form.said_boundary = dice.choice(_BOUNDARIES)


def _odd_end(form: Form, dice: Random) -> None:
    form.end = dice.choice((b"", b"-", b"--", b"\r\n", b"--\r\ntrailing", b"\r\n\r\n", b"\x00--\r\n"))


def _odd_file(form: Form, dice: Random) -> None:
    content = dice.choice(
        (b"", b"\xff\xd8\xff", b"GIF89a", b"\0" * 300_000, photo(dice)[:-9], b"%PDF-1.7", b"<svg/>")
    )
    form.parts = [part for part in form.parts if b'"file"' not in part[0] and b'"sha256"' not in part[0]]
    form.add(b"sha256", hashlib.sha256(content).hexdigest().encode())
    form.add(b"file", content, b'; filename="photo.jpg"')


def _bare_lines(form: Form, _dice: Random) -> None:
    form.parts = [(head.replace(b"\r\n", b"\n"), content) for head, content in form.parts]


_TRICKS: Final = (
    _drop,
    _twice,
    _rename_file,
    _odd_field,
    _odd_head,
    _nested,
    _nothing_said,
    _odd_boundary,
    _odd_end,
    _odd_file,
    _bare_lines,
)
