"""Who signs manifests: a key that this machine makes and keeps, or the user's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_KINDS = "Ed25519, EC on P-256, P-384 or P-521, or RSA of at least 2048 bits"
# Ends that say nothing about when a data set was made: equal for every key.
_FROM, _UNTIL = datetime(2026, 1, 1), datetime(2076, 1, 1)


@dataclass(frozen=True)
class SigningKeys:
    """A private key and the certificates that speak for it.

    Attributes
    ----------
    chain : bytes
        PEM: the signer's own certificate first, then those above it.
    key : bytes
        PEM, PKCS 8, not encrypted. Never written into a data set.
    algorithm : str
        As C2PA calls it: ``ed25519``, ``es256``, ``ps256`` …
    anchor : str
        PEM of the last certificate of the chain: what a data set's manifests are held against.
    """

    chain: bytes
    key: bytes
    algorithm: str
    anchor: str

    def __repr__(self) -> str:
        return f"SigningKeys({self.algorithm})"  # a key has no business in a log


def keys_folder() -> Path:
    """Return where this user's own keys are kept: the XDG data folder."""
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "scenegen" / "c2pa"


def own_keys(name: str, folder: Path | None = None) -> SigningKeys:
    """Return the keys of one data set, made on first use and kept for the next run.

    Parameters
    ----------
    name : str
        Of the file; the same name gives the same keys.
    folder : Path, optional
        `keys_folder` if not given.

    Raises
    ------
    StorageError
        They can't be kept.
    """
    folder = folder or keys_folder()
    path = folder / f"{name}.pem"
    if not path.exists():
        with storage_errors(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomic(path, _self_signed(), mode=0o600)
    return read_keys(path, path)


def read_keys(cert: Path, key: Path) -> SigningKeys:
    """Return the keys in two PEM files, which may be one.

    Raises
    ------
    InputError
        A file is missing or no PEM, the key is of a kind that C2PA doesn't know, the
        certificate is of another key, or stands alone.
    """
    from cryptography import x509  # noqa: PLC0415 - only who signs needs it
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415

    try:
        chain = x509.load_pem_x509_certificates(_read(cert, "c2pa.cert"))
    except ValueError as error:
        raise InputError(
            f"c2pa.cert={cert}: no certificates in PEM, the signer's own first ({_first(error)})"
        ) from None
    try:
        private = form.load_pem_private_key(_read(key, "c2pa.key"), password=None)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"c2pa.key={key}: no private key in PEM without a password ({_first(error)})"
        ) from None
    public = form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo
    if chain[0].public_key().public_bytes(*public) != private.public_key().public_bytes(*public):
        raise InputError(
            f"c2pa.key={key}: is not the key of the first certificate in c2pa.cert={cert}"
        )
    if len(chain) < 2:
        # Nobody could tell it from another one of the same name: C2PA trusts issuers.
        raise InputError(f"c2pa.cert={cert}: append the certificate of its issuer, as PEM")
    pem = form.Encoding.PEM
    return SigningKeys(
        chain=b"".join(c.public_bytes(pem) for c in chain),
        key=private.private_bytes(pem, form.PrivateFormat.PKCS8, form.NoEncryption()),
        algorithm=_algorithm(private, key),
        anchor=chain[-1].public_bytes(pem).decode(),
    )


def _read(path: Path, option: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{option}={path}: can't be read ({error.strerror})") from None


def _first(error: Exception) -> str:
    return str(error).split(". ")[0]


def _algorithm(key: PrivateKeyTypes, path: Path) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return "ps256"
    raise InputError(f"c2pa.key={path}: manifests are signed by keys of {_KINDS}")


def _self_signed() -> bytes:
    """Return a fresh key, its certificate, and the one above it, as PEM.

    C2PA accepts no certificate that signed itself as a signer's own (C2PA specification 2.1,
    "X.509 Certificates"), so there are two; the upper one's key is forgotten at once.
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    upper, own = (ed25519.Ed25519PrivateKey.generate() for _ in range(2))
    root = _certificate("scenegen, a key of this machine's own", upper, upper, None)
    leaf = _certificate("scenegen data set", own, upper, root)
    secret = own.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    return bytes(b"".join(c.public_bytes(form.Encoding.PEM) for c in (leaf, root)) + secret)


def _certificate(
    name: str, key: PrivateKeyTypes, issuer_key: PrivateKeyTypes, issuer: Certificate | None
) -> Certificate:
    """Return a certificate by C2PA's profile; an authority's if nobody stands above it."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415

    def named(text: str) -> x509.Name:
        rows = ((NameOID.COMMON_NAME, text), (NameOID.ORGANIZATION_NAME, "self-signed"))
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in rows])

    top = issuer is None
    usage = x509.KeyUsage(not top, False, False, False, False, top, top, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(name) if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=top, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is not None:
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())
        signs = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(above, critical=False).add_extension(signs, critical=False)
    return builder.sign(issuer_key, None)
