"""The signature on a report: made by a key that may sign, and broken by whatever is done to the file."""

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import which

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from pkcs11 import Attribute, lib
from pkcs11.util.x509 import decode_x509_certificate

from cabinet_service.entrypoints.commands import command_line
from cabinet_service.reports.pdf.typesetting_process import typeset
from cabinet_service.reports.signing.choosing import key_of
from cabinet_service.reports.signing.keys import KeyRefused, open_key
from cabinet_service.reports.signing.making import make_key
from cabinet_service.reports.verifying.judging_process import look_into
from cabinet_service.settings import Settings
from tests.factories import reports as examples
from tests.factories.report_files import CODE, paper, presented
from tests.factories.report_keys import NOW, TAMPERED, a_key, cut_off, p12, pair, pem, signed

pytestmark = pytest.mark.busless
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return typeset(presented(examples.one_finding()), {}, paper())


def test_what_is_signed_covers_all_of_the_file(pdf: bytes, tmp_path: Path) -> None:
    key = a_key(tmp_path)
    looked = look_into(signed(pdf, key, tmp_path), frozenset({key.certificate}))
    assert looked == {"code": CODE, "signed": True, "whole": True}


@pytest.mark.parametrize("meddle", TAMPERED.values(), ids=TAMPERED.keys())
def test_what_is_done_to_it_afterwards_is_seen(
    meddle: Callable[[bytes], bytes], pdf: bytes, tmp_path: Path
) -> None:
    key = a_key(tmp_path)
    looked = look_into(meddle(signed(pdf, key, tmp_path)), frozenset({key.certificate}))
    assert (looked["code"], looked["whole"]) == (CODE, False)


@pytest.mark.skipif(which("pdfsig") is None, reason="apt install poppler-utils")
@pytest.mark.parametrize(
    ("name", "valid", "total"),
    [
        ("as it was", True, True),
        ("flipped", False, True),
        ("appended", True, False),
        ("page_replaced", True, False),
    ],
)
def test_an_independent_reader_sees_the_same(
    name: str, valid: bool, total: bool, pdf: bytes, tmp_path: Path
) -> None:
    made = signed(pdf, a_key(tmp_path), tmp_path)
    path = tmp_path / "signed.pdf"
    path.write_bytes(TAMPERED[name](made) if name in TAMPERED else made)
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert ("Signature is Valid" in said) == valid
    assert ("Total document signed" in said) == total


def test_the_signature_of_another_key_is_none_of_ours(pdf: bytes, tmp_path: Path) -> None:
    ours, theirs = a_key(tmp_path), a_key(tmp_path, "Somebody")
    looked = look_into(signed(pdf, theirs, tmp_path), frozenset({ours.certificate}))
    assert looked == {"code": CODE, "signed": False, "whole": False}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x00" * 1000, b"%PDF-1.7\nxref\n" + b"9" * 5000])
def test_what_is_no_pdf_says_nothing(data: bytes) -> None:
    assert look_into(data, frozenset()) == {"code": None, "signed": False, "whole": False}


def test_a_part_of_a_report_still_says_which_it_was(pdf: bytes, tmp_path: Path) -> None:
    key = a_key(tmp_path)
    looked = look_into(cut_off(signed(pdf, key, tmp_path)), frozenset({key.certificate}))
    assert not looked["whole"]


def test_a_key_is_read_from_each_kind_of_file(tmp_path: Path) -> None:
    key, certificate = pair()
    _, other = pair()
    files = {
        "a.pem": (pem(key, certificate), ""),
        "b.pem": (pem(key, other, certificate, password="secret"), "secret"),
        "c.p12": (p12(key, certificate, "secret"), "secret"),
    }
    told: set[str] = set()
    for name, (data, password) in files.items():
        (tmp_path / name).write_bytes(data)
        told.add(open_key(str(tmp_path / name), password, now=NOW).certificate)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("flaw", "why"),
    [
        ("none", "cannot be read"),
        ("rubbish", "neither PEM nor a PKCS#12"),
        ("over", "is over since"),
        ("early", "holds from"),
        ("another", "no certificate in the file is of this key"),
        ("alone", "there is no certificate"),
        ("password", "that the password opens"),
        ("usage", "not for signatures"),
        ("uri", "module-path"),
        ("token", "the token does not give it"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_and_says_why(flaw: str, why: str, tmp_path: Path) -> None:
    path, password = tmp_path / "key", ""
    key, certificate = pair()
    match flaw:
        case "rubbish":
            path.write_bytes(b"rubbish")
        case "over":
            path.write_bytes(pem(*pair(ends=NOW - timedelta(seconds=1))))
        case "early":
            path.write_bytes(pem(*pair(begins=NOW + timedelta(days=1))))
        case "another":
            path.write_bytes(pem(key, pair()[1]))
        case "alone":
            path.write_bytes(pem(key))
        case "password":
            path.write_bytes(p12(key, certificate, "secret"))
            password = "wrong"
        case "usage":
            path.write_bytes(pem(*pair(signs=False)))
        case _:
            pass
    where = {
        "uri": "pkcs11:object=reports",
        "token": "pkcs11:token=none;object=reports?module-path=/nowhere.so",
    }.get(flaw, str(path))
    with pytest.raises(KeyRefused, match=why):
        open_key(where, password, now=NOW)


def test_a_key_that_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "key.pem"
    assert make_key(path, "Autodetective", now=NOW)
    before = path.read_bytes()
    assert not make_key(path, "Autodetective", now=NOW)
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["key.pem"]


@pytest.mark.skipif(not SOFTHSM.exists(), reason="apt install softhsm2")
def test_a_key_in_a_token_signs(pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    key, certificate = pair(ends=NOW + timedelta(days=3650))
    _into_token(tmp_path, pem(key), certificate)
    where = f"pkcs11:token=reports;object=signing?module-path={SOFTHSM}"
    opened = open_key(where, "1234", now=NOW)
    looked = look_into(signed(pdf, opened, tmp_path), frozenset({opened.certificate}))
    assert looked["whole"]
    with pytest.raises(KeyRefused):
        open_key(where.replace("object=signing", "object=other"), "1234", now=NOW)


def _into_token(folder: Path, key: bytes, certificate: Certificate) -> None:
    path = folder / "key.pem"
    path.write_bytes(key)
    of_token = ["--pin", "1234", "--module", str(SOFTHSM)]
    for what in (
        ["--init-token", "--free", "--label", "reports", "--so-pin", "5678"],
        ["--token", "reports", "--label", "signing", "--id", "01", "--import", str(path)],
    ):
        command = ["softhsm2-util", *what, *of_token]
        subprocess.run(command, check=True, env=os.environ, capture_output=True)
    with lib(str(SOFTHSM)).get_token(token_label="reports").open(rw=True, user_pin="1234") as session:
        of_it = decode_x509_certificate(certificate.public_bytes(Encoding.DER))
        named = {Attribute.LABEL: "signing", Attribute.ID: b"\x01", Attribute.TOKEN: True}
        session.create_object(of_it | named)


def test_production_does_not_start_without_a_key_that_can_sign(tmp_path: Path) -> None:
    def settings(**given: str) -> Settings:
        stated = {
            "environment": "development",
            "files_dir": str(tmp_path / "files"),
            "database_url": "postgresql://nobody@localhost/nothing",
            "service_keys": "s" * 32,
            "secret_keys": "s" * 32,
        }
        return Settings.model_validate(stated | given)

    made = key_of(settings())
    assert (made.subject, (tmp_path / "report-key.pem").exists()) == ("CN=Autodetective\\, development", True)
    assert key_of(settings()).certificate == made.certificate
    for environment, key, said in (
        ("production", "", "report-key-create"),
        ("production", str(tmp_path / "none.pem"), "cannot be read"),
        ("development", str(tmp_path / "none.pem"), "cannot be read"),
    ):
        chosen = settings(report_key=key).model_copy(update={"environment": environment})
        with pytest.raises(SystemExit, match=said):
            key_of(chosen)


def test_a_key_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["report-key-create", str(tmp_path / "key.pem"), "--name", "Autodetective"]
    assert command_line().main(words) == 0
    made = (tmp_path / "key.pem").read_bytes()
    assert "signs until" in capsys.readouterr().out

    assert command_line().main([*words, "--unless-there"]) == 0
    assert command_line().main(words) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "key.pem").read_bytes() == made
