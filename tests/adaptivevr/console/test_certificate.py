"""Certificates for a headset: made, kept, renewed; and the clinic's own looked through."""

import os
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from adaptivevr.console.certificate import LEAF_DAYS, of_installation, own
from adaptivevr.errors import Refused

NOW_S = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
NAMES = ("192.168.1.20", "10.0.0.3", "study", "study.local", "localhost", "127.0.0.1")


def leaf(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "headset.pem").read_bytes())


def authority(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "adaptivevr-authority.crt").read_bytes())


def test_the_first_use_makes_an_authority_and_a_certificate_for_all_names(tmp_path: Path) -> None:
    papers = of_installation(tmp_path / "new", NAMES, NOW_S)
    held = leaf(tmp_path / "new")
    names = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(a) for a in names.get_values_for_type(x509.IPAddress)} == {
        "192.168.1.20", "10.0.0.3", "127.0.0.1",
    }  # fmt: skip
    assert names.get_values_for_type(x509.DNSName) == ["study", "study.local", "localhost"]
    assert held.not_valid_after_utc - held.not_valid_before_utc <= timedelta(days=398)
    held.verify_directly_issued_by(authority(tmp_path / "new"))
    assert papers.names == NAMES and "warns once" in papers.said[0]
    papers.context()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the user's folder by its own rules")
def test_private_keys_are_the_owners_only(tmp_path: Path) -> None:
    of_installation(tmp_path / "new", NAMES, NOW_S)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    for name in ("authority.pem", "headset.pem"):
        assert (tmp_path / "new" / name).stat().st_mode & 0o777 == 0o600
    public = (tmp_path / "new" / "adaptivevr-authority.crt").read_text()
    assert "CERTIFICATE" in public and "PRIVATE" not in public


def test_it_stays_the_same_from_one_session_to_the_next(tmp_path: Path) -> None:
    of_installation(tmp_path, NAMES, NOW_S)
    first = leaf(tmp_path)
    again = of_installation(tmp_path, NAMES[1:], NOW_S + 300 * DAY_S)
    assert leaf(tmp_path) == first and again.said == () and again.names == NAMES[1:]


@pytest.mark.parametrize(
    ("names", "later_s"),
    [
        (NAMES, (LEAF_DAYS - 30) * DAY_S),  # it ends soon
        (NAMES, -3 * DAY_S),  # made by a clock that ran ahead
        (("192.168.7.7", *NAMES[1:]), 0.0),  # another network
    ],
)
def test_it_is_renewed_by_the_same_authority(
    tmp_path: Path, names: tuple[str, ...], later_s: float
) -> None:
    of_installation(tmp_path, NAMES, NOW_S)
    first, by = leaf(tmp_path), authority(tmp_path)
    papers = of_installation(tmp_path, names, NOW_S + later_s)
    second = leaf(tmp_path)
    assert second != first and papers.said
    now = datetime.fromtimestamp(NOW_S + later_s, UTC)
    assert second.not_valid_before_utc <= now
    assert second.not_valid_after_utc - now > timedelta(days=300)
    second.verify_directly_issued_by(authority(tmp_path))
    if later_s >= 0:
        assert authority(tmp_path) == by


@pytest.mark.parametrize("name", ["authority.pem", "headset.pem", "adaptivevr-authority.crt"])
@pytest.mark.parametrize("data", [None, b"", b"-----BEGIN PRIVATE KEY-----\nxx\n"])
def test_what_is_damaged_or_gone_is_made_anew(
    tmp_path: Path, name: str, data: bytes | None
) -> None:
    of_installation(tmp_path, NAMES, NOW_S)
    (tmp_path / name).unlink()
    if data is not None and name != "adaptivevr-authority.crt":
        (tmp_path / name).write_bytes(data)
    papers = of_installation(tmp_path, NAMES, NOW_S)
    papers.context()
    leaf(tmp_path).verify_directly_issued_by(authority(tmp_path))
    assert any("new authority" in text for text in papers.said) == (
        name == "authority.pem" and data is not None
    )


def test_an_authority_that_ends_or_does_not_fit_the_machine_is_made_anew(tmp_path: Path) -> None:
    of_installation(tmp_path, NAMES, NOW_S)
    first = authority(tmp_path)
    of_installation(tmp_path, ("192.168.1.20", "ward", "ward.local", "localhost"), NOW_S)
    assert authority(tmp_path) != first
    second = authority(tmp_path)
    of_installation(tmp_path, ("ward", "localhost"), NOW_S + 9.5 * 365 * DAY_S)
    assert authority(tmp_path) != second


def test_the_authority_vouches_for_no_site_of_the_internet(tmp_path: Path) -> None:
    of_installation(tmp_path, NAMES, NOW_S)
    by = authority(tmp_path)
    limits = by.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = limits.value.permitted_subtrees or []
    hosts = {s.value for s in permitted if isinstance(s, x509.DNSName)}
    assert limits.critical and hosts == {"localhost", "local", "study"}
    basic = by.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert basic.ca and basic.path_length == 0
    # and OpenSSL keeps to it: a leaf for another name, signed with the stolen key, is refused
    key = serialization.load_pem_private_key((tmp_path / "authority.pem").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    good, bad = signed("study.local", by.subject, key), signed("bank.example", by.subject, key)
    assert trusted(tmp_path, good[0], good[1], "study.local")
    assert not trusted(tmp_path, bad[0], bad[1], "bank.example")


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Refused, match=r"Expected to keep .* make that folder writable\."):
        of_installation(tmp_path / "file", NAMES, NOW_S)


# ---- the clinic's own --------------------------------------------------------------


def test_the_clinics_own_pair_is_taken_with_its_names(tmp_path: Path) -> None:
    chain, key = kept(tmp_path, *signed("*.clinic.example"))
    papers = own(chain, key, NOW_S)
    assert papers.names == ("*.clinic.example",) and papers.authority is None
    papers.context()


def test_each_thing_that_is_wrong_with_it_is_a_sentence(tmp_path: Path) -> None:
    chain, key = kept(tmp_path, *signed("a.clinic.example"))
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    _, other_key = kept(elsewhere, *signed("b.clinic.example"))
    text = tmp_path / "text.pem"
    text.write_text("no certificate")
    locked = tmp_path / "locked.pem"
    secret = serialization.load_pem_private_key(key.read_bytes(), None)
    locked.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"word"),
        )
    )  # fmt: skip
    for wrong, part in {
        (tmp_path / "none.pem", key): r"Expected --cert to be a PEM file.* check the path\.",
        (chain, tmp_path / "none.pem"): r"Expected --key to be a PEM file.* check the path\.",
        (text, key): r"Expected --cert to be a certificate in PEM.* BEGIN CERTIFICATE\.",
        (chain, other_key): r"Expected --key to be the private key of --cert.* together\.",
        (chain, text): r"Expected --key to be the private key of --cert.* together\.",
        (chain, locked): r"Expected --key without a password.* readable by you alone\.",
    }.items():
        with pytest.raises(Refused, match=part):
            own(*wrong, NOW_S)
    for days in (-10, 400):
        with pytest.raises(Refused, match=r"Expected --cert to hold today.* renew it"):
            own(chain, key, NOW_S + days * DAY_S)
    nameless = kept(elsewhere, *signed(None))
    with pytest.raises(Refused, match=r"Expected --cert to name an address or a host"):
        own(*nameless, NOW_S)


def test_the_library_waits_until_it_is_needed() -> None:
    script = (
        "import sys, adaptivevr.sitting, adaptivevr.demo; "
        "sys.exit(any(m.split('.')[0] in ('cryptography', 'segno') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


type Made = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def signed(
    host: str | None,
    issuer: x509.Name | None = None,
    issuer_key: ec.EllipticCurvePrivateKey | None = None,
) -> Made:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "scene")])
    now = datetime.fromtimestamp(NOW_S, UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=300))
    )
    if host is not None:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        )
    return builder.sign(issuer_key or key, SHA256()), key


def kept(
    folder: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> tuple[Path, Path]:
    chain, secret = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return chain, secret


def trusted(
    folder: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, host: str
) -> bool:
    """Whether a client that trusts the authority takes this certificate for that host."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*kept(folder, certificate, key))
    client = ssl.create_default_context(cafile=str(folder / "adaptivevr-authority.crt"))
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    there = server.wrap_bio(up, down, server_side=True)
    here = client.wrap_bio(down, up, server_hostname=host)
    for _ in range(4):
        for side in (here, there):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return here.version() is not None
