"""The key that signs reports: in a file (PKCS#12, or PEM with the certificate), or in a token, by PKCS#11."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

URI: Final = "pkcs11:"
"""How the address of a key in a token begins (RFC 7512)."""

SOON: Final = timedelta(days=30)
"""So long before a certificate is over there is a warning."""

_PEM: Final = b"-----BEGIN"


class KeyRefused(Exception):
    """The key cannot sign; the message says why, for an operator, and never what is in it."""


class SigningKey(NamedTuple):
    """A key that signs. `certificate` is SHA-256 of its certificate, in hex, by which a signature is ours."""

    signer: Any  # a pyhanko.sign.signers.Signer, which is annotated in part only
    certificate: str
    subject: str
    not_before: datetime
    not_after: datetime

    def check(self, now: datetime) -> None:
        """Raises KeyRefused where its certificate does not hold now."""
        if now < self.not_before:
            raise KeyRefused(f"its certificate holds from {self.not_before:%Y-%m-%d} only")
        if now >= self.not_after:
            raise KeyRefused(f"its certificate is over since {self.not_after:%Y-%m-%d}")


def open_key(where: str, password: str, *, now: datetime) -> SigningKey:
    """The key at a path, or at an address that begins with `pkcs11:`. Raises KeyRefused if it cannot sign now."""
    signer = _in_token(where, password) if where.startswith(URI) else _in_file(Path(where), password)
    parsed = x509.load_der_x509_certificate(signer.signing_cert.dump())
    _check_usage(parsed)
    key = SigningKey(
        signer=signer,
        certificate=parsed.fingerprint(hashes.SHA256()).hex(),
        subject=parsed.subject.rfc4514_string(),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
    )
    key.check(now)
    return key


def _in_file(path: Path, password: str) -> Any:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KeyRefused(f"it cannot be read: {error.strerror}") from None
    passphrase = password.encode() or None
    key, certificates = _of_pem(data, passphrase) if _PEM in data else _of_pkcs12(data, passphrase)
    certificate = next((one for one in certificates if _belong_together(key, one)), None)
    if certificate is None:
        raise KeyRefused("no certificate in the file is of this key")
    others = [one for one in certificates if one is not certificate]
    store = SimpleCertificateStore()
    store.register_multiple(_as_pyhanko_has_it(one) for one in others)
    form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return SimpleSigner(
        signing_cert=_as_pyhanko_has_it(certificate),
        signing_key=load_private_key_from_pemder_data(key.private_bytes(*form), None),
        cert_registry=store,
    )


def _of_pem(data: bytes, passphrase: bytes | None) -> tuple[PrivateKeyTypes, Sequence[x509.Certificate]]:
    try:
        certificates = x509.load_pem_x509_certificates(data)
    except ValueError:
        raise KeyRefused("there is no certificate in the file") from None
    try:
        return serialization.load_pem_private_key(data, passphrase), certificates
    except (ValueError, TypeError):
        raise KeyRefused("the file has no private key that the password opens") from None


def _of_pkcs12(data: bytes, passphrase: bytes | None) -> tuple[PrivateKeyTypes, Sequence[x509.Certificate]]:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError:
        raise KeyRefused("it is neither PEM nor a PKCS#12 file that the password opens") from None
    if key is None:
        raise KeyRefused("there is no private key in the file")
    return key, [*([certificate] if certificate else ()), *others]


def _belong_together(key: PrivateKeyTypes, certificate: x509.Certificate) -> bool:
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)


def _in_token(where: str, pin: str) -> Any:
    path, _, query = where.removeprefix(URI).partition("?")
    named = {name: unquote(value) for name, _, value in (one.partition("=") for one in path.split(";"))}
    library = parse_qs(query).get("module-path", [""])[0]
    label = named.get("object")
    if not library or not label:
        raise KeyRefused("its address names the object, and the library as module-path")
    criteria = TokenCriteria(label=named.get("token"))
    try:
        session = open_pkcs11_session(library, token_criteria=criteria, user_pin=pin or None)
        signer: Any = PKCS11Signer(
            session,
            cert_label=label,
            key_label=label,
            use_raw_mechanism=True,  # few tokens hash as well
        )
        found = signer.signing_cert is not None  # looked for when it is asked for first
    except (SigningError, OSError, RuntimeError) as error:
        raise KeyRefused(f"the token does not give it: {str(error) or type(error).__name__}") from None
    if not found:
        raise KeyRefused("there is no certificate beside it in the token")
    return signer


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise KeyRefused("its certificate is not for signatures")


def _as_pyhanko_has_it(certificate: x509.Certificate) -> Any:
    loading: Any = load_certs_from_pemder_data  # of a library without annotations
    return next(iter(loading(certificate.public_bytes(serialization.Encoding.DER))))
