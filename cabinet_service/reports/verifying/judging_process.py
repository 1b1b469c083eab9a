"""The process that looks into PDF files of strangers: whose signature is on one, and which code."""

import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from cabinet_service.reports.verifying.marks import code_in_links
from cabinet_service.reports.verifying.refusal import UNREADABLE
from service_kit.decoding import decode_questions

MEMORY_LIMIT: Final = 768 * 1024**2
IDLE_SECONDS: Final = 60.0
NICENESS: Final = 2
_CODE: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{20}")


@dataclass(slots=True)
class Seen:
    """What was seen of a file until now."""

    code: str | None = None
    signed: bool = False
    whole: bool = False


def look_into(data: bytes, certificates: frozenset[str]) -> dict[str, Any]:
    """`code`: which report it says it is, if it says one; of a whole file the one that was signed. `signed`: it
    is signed by one of the certificates (SHA-256, in hex). `whole`: that signature holds, and covers all of it.
    """
    seen = Seen(code=code_in_links(data))
    with _whatever_it_is():
        reader: Any = PdfFileReader(BytesIO(data), strict=False)
        with _whatever_it_is():
            seen.code = _as_code(reader.trailer["/Info"]["/Keywords"]) or seen.code
        for signature in reader.embedded_regular_signatures:
            with _whatever_it_is():
                _judge(data, signature, certificates, seen)
            if seen.whole:
                break
    return asdict(seen)


def _judge(data: bytes, signature: Any, certificates: frozenset[str], seen: Seen) -> None:
    code = None
    with _whatever_it_is():
        code = _as_code(signature.sig_object["/Reason"])
        seen.code = code or seen.code
    certificate = signature.signer_cert
    if certificate.sha256.hex() not in certificates:
        return
    seen.signed = True
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status: Any = validate_pdf_signature(signature, context, context)
    # Its certificate may be over by now: that changes nothing in what was signed while it held.
    if status.intact and status.valid and status.docmdp_ok and _covers_all(data, signature):
        seen.whole, seen.code = True, code


def _covers_all(data: bytes, signature: Any) -> bool:
    """Whether the signature is of all of the file but its own place, and nothing else is in that place.

    What the library says of that (`coverage`) adds lengths up, and does not look where the gap is: a later part
    of the file, which is not signed, may state lengths that fit.
    """
    start, before, after, rest = (int(one) for one in signature.byte_range)
    return (
        start == 0
        and 0 < before < after
        and after + rest == len(data)
        and data[before : before + 1] == b"<"
        and data[after - 1 : after] == b">"
        and data[before + 1 : after - 1].lower() == bytes(signature.pkcs7_content).hex().encode()
    )


@contextmanager
def _whatever_it_is() -> Generator[None]:
    """A hostile file leads its reader to raise anything; what was seen until then counts."""
    with suppress(Exception):
        yield


def _as_code(value: Any) -> str | None:
    found = _CODE.fullmatch(str(value))
    return found.group() if found else None


def _work(question: dict[str, Any]) -> dict[str, Any]:
    return look_into(Path(question["file"]).read_bytes(), frozenset(question["certificates"]))


if __name__ == "__main__":
    decode_questions(
        _work, undecodable=UNREADABLE, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS, niceness=NICENESS
    )
