"""A phone with passkeys, and the browser in front of it, as far as WebAuthn sees them."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from service_kit.passkeys.ceremony import decode, encode

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """A key pair that an authenticator made; with `counts` off it says 0 each time, as synchronised ones do."""

    rp_id: str
    user_handle: bytes
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    counts: bool = True
    count: int = 0

    @property
    def public_key(self) -> bytes:
        """As COSE writes it: an EC2 key for ES256 on P-256."""
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})


@dataclass
class Authenticator:
    """Does what a page at `origin` asks. What a test wants to be wrong is set before."""

    origin: str
    user_verified: bool = True
    passkeys: list[SoftPasskey] = field(default_factory=list[SoftPasskey])

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """`navigator.credentials.create(options).toJSON()`, with attestation `none`."""
        passkey = SoftPasskey(options["rp"]["id"], decode(options["user"]["id"]))
        self.passkeys.append(passkey)
        return self.attest(passkey, options)

    def attest(self, passkey: SoftPasskey, options: dict[str, Any]) -> dict[str, Any]:
        credential = (
            bytes(16) + len(passkey.credential_id).to_bytes(2) + passkey.credential_id + passkey.public_key
        )
        data = self._authenticator_data(passkey, HAS_CREDENTIAL) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": encode(self._client_data("webauthn.create", options)),
            "attestationObject": encode(attestation),
            "transports": ["internal"],
        }
        return self._credential(passkey, response)

    def get(self, options: dict[str, Any], passkey: SoftPasskey | None = None) -> dict[str, Any]:
        """`navigator.credentials.get(options).toJSON()`, with the newest passkey unless another is chosen."""
        passkey = passkey or self.passkeys[-1]
        passkey.count += passkey.counts
        data = self._authenticator_data(passkey)
        client_data = self._client_data("webauthn.get", options)
        signed = data + hashlib.sha256(client_data).digest()
        response = {
            "clientDataJSON": encode(client_data),
            "authenticatorData": encode(data),
            "signature": encode(passkey.key.sign(signed, ec.ECDSA(SHA256()))),
            "userHandle": encode(passkey.user_handle),
        }
        return self._credential(passkey, response)

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        data = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(data).encode()

    def _authenticator_data(self, passkey: SoftPasskey, flags: int = 0) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.user_verified else 0)
        return hashlib.sha256(passkey.rp_id.encode()).digest() + bytes([flags]) + passkey.count.to_bytes(4)

    @staticmethod
    def _credential(passkey: SoftPasskey, response: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": encode(passkey.credential_id),
            "rawId": encode(passkey.credential_id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }
