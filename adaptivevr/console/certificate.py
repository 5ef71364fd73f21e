"""The certificate shown to a headset: by this installation's own authority, or the clinic's.

The authority is made on the first use and stays on this machine; it can vouch for addresses and
for local names only, never for a site of the internet (name constraints, RFC 5280 4.2.1.10).
"""

import ipaddress
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from adaptivevr.errors import Refused

LEAF_DAYS = 397  # browsers refuse more than 398
RENEW_DAYS = 30  # so long before its end a certificate is made anew
AUTHORITY_DAYS = 3650
_AUTHORITY, _LEAF, _PUBLIC = "authority.pem", "headset.pem", "adaptivevr-authority.crt"


@dataclass(frozen=True, slots=True)
class Papers:
    """What the headset's side of the server shows.

    chain: PEM with the certificate first; key: PEM of its private key (may be the same file);
    authority: the file that a headset may trust, None for a certificate of the clinic's own;
    names: what it holds for, `*.clinic.example` included; said: what a person should know.
    """

    chain: Path
    key: Path
    authority: Path | None
    names: tuple[str, ...]
    ends: datetime
    said: tuple[str, ...] = ()

    def context(self) -> ssl.SSLContext:
        """For the server's side of TLS."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        context.set_alpn_protocols(["http/1.1"])
        return context


# ---- the clinic's own --------------------------------------------------------------


def own(chain: Path, key: Path, now_s: float) -> Papers:
    """The clinic's certificate and key; raises Refused with a sentence for what does not do."""
    for path, what in ((chain, "--cert"), (key, "--key")):
        try:
            path.read_bytes()
        except OSError as error:
            raise Refused(
                f"Expected {what} to be a PEM file, but {path}: {error.strerror}; check the path."
            ) from None
    try:
        first = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    except (ValueError, IndexError):
        raise Refused(
            f"Expected --cert to be a certificate in PEM, but {chain.name} is none; "
            "give the file that begins with BEGIN CERTIFICATE."
        ) from None
    now = datetime.fromtimestamp(now_s, UTC)
    if not first.not_valid_before_utc <= now <= first.not_valid_after_utc:
        begins, ends = first.not_valid_before_utc, first.not_valid_after_utc
        raise Refused(
            f"Expected --cert to hold today, but it holds from {begins:%Y-%m-%d} to "
            f"{ends:%Y-%m-%d}; renew it, or leave --cert and --key out."
        )
    names = _names_of(first)
    if not names:
        raise Refused(
            "Expected --cert to name an address or a host (subject alternative names), but it "
            "names none; have it made anew with one."
        )
    papers = Papers(chain, key, None, names, first.not_valid_after_utc)
    _check_key(papers)
    return papers


def _check_key(papers: Papers) -> None:
    def no_password() -> str:
        raise Refused(
            "Expected --key without a password, but it asks for one; give a key that is not "
            "encrypted, readable by you alone."
        )

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(papers.chain, papers.key, no_password)
    except ssl.SSLError as error:
        raise Refused(
            f"Expected --key to be the private key of --cert, but {papers.key.name} is not "
            f"({error.reason or 'not PEM'}); give the pair that was made together."
        ) from None


# ---- this installation's own -------------------------------------------------------


def of_installation(folder: Path, names: Sequence[str], now_s: float) -> Papers:
    """The certificate for these names and addresses, made or renewed where that is due.

    names: host names and IPv4 addresses as text. Raises Refused when the folder cannot be
    written.
    """
    now = datetime.fromtimestamp(now_s, UTC)
    said: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        authority = _read(folder / _AUTHORITY)
        if authority is None or not _authority_holds(authority[0], names, now):
            if (folder / _AUTHORITY).exists():
                said.append(
                    "A new authority was made for this installation: a headset that trusted the "
                    "old one warns again."
                )
            authority = _new_authority(folder, names, now)
        if not (folder / _PUBLIC).is_file():
            _replace(folder / _PUBLIC, _pem(authority[0]), 0o644)
        leaf = _read(folder / _LEAF)
        if leaf is None or not _leaf_holds(leaf[0], authority[0], names, now):
            leaf = _new_leaf(folder, authority, names, now)
            said.append(
                f"A certificate for {', '.join(names)} was made: a headset's browser warns "
                "once, unless it trusts this installation's authority."
            )
    except OSError as error:
        raise Refused(
            f"Expected to keep the headset's certificate in {folder}, but {error.strerror}; make "
            "that folder writable."
        ) from None
    path = folder / _LEAF
    return Papers(
        path, path, folder / _PUBLIC, tuple(names), leaf[0].not_valid_after_utc, tuple(said)
    )


type Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _read(path: Path) -> Pair | None:
    """Certificate and key of one PEM file; None when it is missing, damaged or not a pair."""
    try:
        data = path.read_bytes()
        key = serialization.load_pem_private_key(data, None)
        certificate = x509.load_pem_x509_certificate(data)
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return None
    return (certificate, key) if certificate.public_key() == key.public_key() else None


def _authority_holds(one: x509.Certificate, names: Sequence[str], now: datetime) -> bool:
    lasts = one.not_valid_after_utc - now > timedelta(days=LEAF_DAYS)
    try:
        found = one.extensions.get_extension_for_class(
            x509.NameConstraints
        ).value.permitted_subtrees
    except x509.ExtensionNotFound:
        return False  # not made here
    permitted = {s.value for s in found or () if isinstance(s, x509.DNSName)}
    return one.not_valid_before_utc <= now and lasts and _local(names) <= permitted


def _leaf_holds(
    one: x509.Certificate, authority: x509.Certificate, names: Sequence[str], now: datetime
) -> bool:
    try:
        one.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    lasts = one.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)
    return one.not_valid_before_utc <= now and lasts and set(names) <= set(_names_of(one))


def _new_authority(folder: Path, names: Sequence[str], now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    host = next((n for n in names if not _is_address(n)), "this machine")
    subject = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "adaptivevr"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"adaptivevr on {host}"[:64]),
    ])  # fmt: skip
    everywhere = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
    permitted: list[x509.GeneralName] = [
        *(x509.DNSName(name) for name in sorted(_local(names))),
        *(x509.IPAddress(network) for network in everywhere),
    ]
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        _begun(subject, subject, key, now, now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(known, critical=False)
        .sign(key, SHA256())
    )
    _keep(folder / _AUTHORITY, certificate, key)
    (folder / _PUBLIC).unlink(missing_ok=True)
    return certificate, key


def _new_leaf(folder: Path, authority: Pair, names: Sequence[str], now: datetime) -> Pair:
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    held: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(n)) if _is_address(n) else x509.DNSName(n)
        for n in names
    ]
    signer = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer)
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    ends = now + timedelta(days=LEAF_DAYS - 1)  # it begins a day ago
    certificate = (
        _begun(subject, issuer.subject, key, now, ends)
        .add_extension(x509.SubjectAlternativeName(held), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(known, critical=False)
        .add_extension(by, critical=False)
        .sign(issuer_key, SHA256())
    )
    _keep(folder / _LEAF, certificate, key)
    return certificate, key


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a headset's clock may be behind
        .not_valid_after(ends)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs,
        content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _keep(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _replace(path, secret + _pem(certificate), 0o600)


def _replace(path: Path, data: bytes, mode: int) -> None:
    """Writes all of it or nothing; who may read it is settled before the first byte."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
    os.replace(new, path)


def _names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    hosts = [name.lower() for name in held.get_values_for_type(x509.DNSName)]
    return (*map(str, held.get_values_for_type(x509.IPAddress)), *hosts)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _local(names: Sequence[str]) -> set[str]:
    """The names that an authority of these names may vouch for."""
    return {"localhost", "local", *(n for n in names if not _is_address(n))} - {
        n for n in names if n.endswith(".local")
    }
