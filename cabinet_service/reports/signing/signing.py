"""PAdES: the signature is in the file, and says that nothing in it may be changed."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

from cabinet_service.reports.signing.keys import SigningKey

FIELD: Final = "Signature"
# Of each of the two requests that a signature takes: a worker's slot is taken meanwhile.
_SECONDS: Final = 5


class TimestampUnavailable(Exception):
    """Who vouches for the time does not answer."""


def sign(pdf: Path, key: SigningKey, *, code: str, now: datetime, tsa_url: str) -> bytes:
    """The file with a signature of the whole of it. Blocks; with a `tsa_url` it asks there for the time.

    Raises KeyRefused where the key's certificate is over, and TimestampUnavailable.
    """
    key.check(now)
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=code,
    )
    stamper = HTTPTimeStamper(tsa_url, timeout=_SECONDS) if tsa_url else None
    try:
        pyhanko: Any = signers  # annotated in part only
        signed: BytesIO = pyhanko.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf.read_bytes())),
            metadata,
            signer=key.signer,
            timestamper=stamper,
        )
    except TimestampRequestError as error:
        raise TimestampUnavailable(str(error)) from error
    return signed.getvalue()
