"""Keys that sign reports, and files that somebody has meddled with."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils import writer as writers
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from cabinet_service.reports.signing.keys import SigningKey, open_key
from cabinet_service.reports.signing.making import make_key
from cabinet_service.reports.signing.signing import sign
from tests.factories.report_files import CODE

NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)


def a_key(folder: Path, name: str = "Autodetective") -> SigningKey:
    path = folder / f"{name}.pem"
    make_key(path, name, now=datetime.now(UTC))
    return open_key(str(path), "", now=datetime.now(UTC))


def signed(pdf: bytes, key: SigningKey, folder: Path, code: str = CODE) -> bytes:
    path = folder / "unsigned.pdf"
    path.write_bytes(pdf)
    return sign(path, key, code=code, now=datetime.now(UTC), tsa_url="")


def pair(
    *,
    begins: datetime = NOW - timedelta(days=1),
    ends: datetime = NOW + timedelta(days=365),
    signs: bool = True,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and a certificate for it that holds from then to then."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ООО «Подпись»")])
    usage = {
        "digital_signature": signs,
        "content_commitment": False,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": not signs,
        "key_cert_sign": False,
        "crl_sign": False,
        "encipher_only": False,
        "decipher_only": False,
    }
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    return key, built.sign(key, hashes.SHA256())


def pem(key: ec.EllipticCurvePrivateKey, *certificates: x509.Certificate, password: str = "") -> bytes:
    locked = (
        serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    )
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    return text + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def p12(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, password: str) -> bytes:
    locked = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"reports", key, certificate, None, locked)


def flipped(pdf: bytes) -> bytes:
    """A byte of a drawing is another."""
    place = pdf.index(b"stream") + 40
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def appended(pdf: bytes) -> bytes:
    """Something is added after the signature, as PDF allows: the title says something else."""

    def entitle(writer: Any, _page: Any) -> None:
        writer.set_info(writer.add_object(_title()))

    return _updated(pdf, entitle)


def page_replaced(pdf: bytes) -> bytes:
    """The first page shows nothing any more, by an update after the signature."""

    def blank(writer: Any, page: Any) -> None:
        shown = page.get_object()
        shown["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b""))
        writer.mark_update(page)

    return _updated(pdf, blank)


class _Literal(generic.ByteStringObject):
    """A string as its bytes are, not in hex: its length counts once."""

    def write_to_stream(self, stream: Any, *_secured: Any, **_named: Any) -> None:
        escaped = (b"\\%03o" % byte if byte in b"()\\\r" else bytes([byte]) for byte in self)
        stream.write(b"(" + b"".join(escaped) + b")")


def forged(pdf: bytes) -> bytes:
    """The first page is another, and the signature is told once more with as many zeros after it as make the
    lengths that it covers, added up, that of the file.
    """
    padding, made = 0, b""
    for _ in range(10):
        made = _updated(pdf, lambda writer, page, zeros=padding: _forge(writer, page, zeros))
        told: Any = PdfFileReader(BytesIO(made), strict=False).embedded_regular_signatures[0]
        _, before, _, rest = told.byte_range
        missing = len(made) - (before + rest + 2 * len(told.pkcs7_content) + 2)
        if missing == 0:
            return made
        padding += missing
    raise AssertionError("the lengths do not meet")


def _forge(writer: Any, page: Any, padding: int) -> None:
    shown = page.get_object()
    shown["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.mark_update(page)
    field = writer.root["/AcroForm"]["/Fields"].raw_get(0).get_object()
    value = field.raw_get("/V")
    signature = value.get_object()
    signature["/Contents"] = _Literal(bytes(signature["/Contents"]) + bytes(padding))
    writer.mark_update(value)


def written_anew(pdf: bytes) -> bytes:
    """All that is in it in a new file, as a program that edits PDF saves it."""
    copying: Any = writers  # annotated in part only
    writer = copying.copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    saved = BytesIO()
    writer.write(saved)
    return saved.getvalue()


def cut_off(pdf: bytes) -> bytes:
    return pdf[: len(pdf) // 2]


TAMPERED: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    one.__name__: one for one in (flipped, appended, page_replaced, forged, written_anew)
}


def _title() -> Any:
    return generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("clean")})


def _updated(pdf: bytes, change: Callable[[Any, Any], None]) -> bytes:
    writer: Any = IncrementalPdfFileWriter(BytesIO(pdf))
    pages = writer.root["/Pages"]
    while (first := pages["/Kids"].raw_get(0)).get_object()["/Type"] != "/Page":
        pages = first.get_object()
    change(writer, first)
    changed = BytesIO()
    writer.write(changed)
    return changed.getvalue()
