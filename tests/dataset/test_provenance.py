"""Manifests: what they bind, who signed, and what is found when somebody changes something."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from scenegen.dataset import (
    RENDERED_FRAMES,
    Dataset,
    SigningKeys,
    check_hashes,
    check_manifests,
    check_statement,
    open_dataset,
    own_keys,
    read_keys,
    sign_dataset,
)
from scenegen.dataset.codecs import encode_rgb
from scenegen.dataset.output import write_info
from scenegen.dataset.provenance import REFINED, Claim, ManifestChecker, ManifestSigner, facts_of
from scenegen.errors import InputError

RAW = "cd" * 32


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def keys(folder: Path) -> SigningKeys:
    return own_keys("one", folder)


@pytest.fixture(scope="module")
def png() -> bytes:
    rng = np.random.default_rng(0)
    return encode_rgb(rng.integers(0, 256, (24, 32, 3), np.uint8))


def certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """Write a certificate as a user's own authority would."""
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "A firm"),
        ]
    )
    top = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(dt.datetime(2026, 1, 1))
        .not_valid_after(dt.datetime(2056, 1, 1))
        .add_extension(x509.BasicConstraints(top, None), True)
        .add_extension(
            x509.KeyUsage(not top, False, False, False, False, top, top, False, False), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    if issuer is not None:
        own = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        usage = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(own, False).add_extension(usage, False)
    return builder.sign(issuer_key, hashes.SHA256())


@pytest.fixture(scope="module")
def users_files(folder: Path) -> tuple[Path, Path, Path]:
    """Chain, key and the lone certificate of a user with an authority on P-256."""
    pem = serialization.Encoding.PEM
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = certificate("Authority", authority, None, authority)
    leaf = certificate("Someone", own, root, authority)
    chain, key, alone = (folder / name for name in ("chain.pem", "key.pem", "alone.pem"))
    chain.write_bytes(leaf.public_bytes(pem) + root.public_bytes(pem))
    alone.write_bytes(leaf.public_bytes(pem))
    plain = serialization.NoEncryption()
    key.write_bytes(own.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return chain, key, alone


def test_a_manifest_binds_a_picture_and_says_how_it_was_made(keys: SigningKeys, png: bytes) -> None:
    claim = Claim("a/front/000000.png", REFINED, {"weights": "ab" * 32, "strength": "0.8"}, RAW)
    manifest = ManifestSigner(keys).sign_png(png, claim)
    assert ManifestChecker(keys.anchor).problem(png, manifest) is None
    assert facts_of(manifest) == {"weights": "ab" * 32, "strength": "0.8", "raw_sha256": RAW}
    assert REFINED.encode() in manifest
    assert f"sha256:{RAW}".encode() in manifest
    assert b"inputTo" in manifest
    assert len(manifest) < 6000


def test_every_kind_of_damage_is_found(keys: SigningKeys, png: bytes) -> None:
    manifest = ManifestSigner(keys).sign_png(png, Claim("a.png"))
    checker = ManifestChecker(keys.anchor)
    pixel = bytearray(png)
    pixel[len(png) // 2] ^= 1
    assert "not those that were signed" in str(checker.problem(bytes(pixel), manifest))
    assert "not those that were signed" in str(checker.problem(png + b"\0", manifest))
    for bad in (b"", manifest[:-200], manifest[:1000], b"{}" * 500):
        assert checker.problem(png, bad) is not None
    edited = manifest.replace(b"a.png", b"b.png")
    assert edited != manifest
    assert checker.problem(png, edited) is not None


def test_another_key_and_another_origin_are_found(
    keys: SigningKeys, png: bytes, folder: Path
) -> None:
    checker = ManifestChecker(keys.anchor)
    other = ManifestSigner(own_keys("two", folder)).sign_png(png, Claim("a.png"))
    assert "another key" in str(checker.problem(png, other))
    camera = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    lie = ManifestSigner(keys).sign_png(png, Claim("a.png", camera))
    assert "doesn't say that it is synthetic" in str(checker.problem(png, lie))


def test_own_keys_are_kept_for_the_user_alone(folder: Path, keys: SigningKeys) -> None:
    assert own_keys("one", folder) == keys
    assert own_keys("two", folder) != keys
    assert stat.S_IMODE((folder / "one.pem").stat().st_mode) == 0o600
    assert "PRIVATE" not in repr(keys)


def test_users_keys_sign(users_files: tuple[Path, Path, Path], png: bytes) -> None:
    chain, key, _ = users_files
    keys = read_keys(chain, key)
    assert keys.algorithm == "es256"
    manifest = ManifestSigner(keys).sign_png(png, Claim("a.png"))
    assert ManifestChecker(keys.anchor).problem(png, manifest) is None


def test_wrong_files_are_named(users_files: tuple[Path, Path, Path], folder: Path) -> None:
    chain, key, alone = users_files
    text = folder / "notes.txt"
    text.write_text("no key")
    pem, secret = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    locked, foreign = folder / "locked.pem", folder / "foreign.pem"
    made = ed25519.Ed25519PrivateKey.generate()
    locked.write_bytes(
        made.private_bytes(pem, secret, serialization.BestAvailableEncryption(b"word"))
    )
    foreign.write_bytes(made.private_bytes(pem, secret, serialization.NoEncryption()))
    cases = {
        (folder / "none.pem", key): "can't be read",
        (text, key): "no certificates in PEM",
        (chain, text): "no private key in PEM",
        (chain, locked): "without a password",
        (chain, foreign): "is not the key of",
        (alone, key): "append the certificate of its issuer",
    }
    for (cert, private), message in cases.items():
        with pytest.raises(InputError, match=message):
            read_keys(cert, private)


def signed(dataset: Dataset, keys: SigningKeys) -> Dataset:
    write_info(dataset.path, dataset.info.model_copy(update={"synthetic": RENDERED_FRAMES}))
    sign_dataset(dataset.path, keys)
    return open_dataset(dataset.path)


def problems(path: Path) -> list[str]:
    dataset = open_dataset(path)
    found = check_statement(dataset)
    if dataset.info.signing is not None:
        for scene in dataset:
            found += check_manifests(scene, dataset.info.signing)
    return found


def test_a_data_set_is_signed_and_keeps_its_digest(dataset: Dataset, keys: SigningKeys) -> None:
    write_info(dataset.path, dataset.info.model_copy(update={"synthetic": RENDERED_FRAMES}))
    before = open_dataset(dataset.path).digest()
    after = signed(dataset, keys)
    assert after.digest() == before
    assert check_hashes(after) == problems(after.path) == []
    manifests = sorted((after.path / "c2pa").rglob("*.c2pa"))
    assert len(manifests) == after.info.counts.frames == 4
    for path in after.path.rglob("*"):
        assert not path.is_file() or b"PRIVATE KEY" not in path.read_bytes()
    # A second run signs what is missing and nothing else.
    kept = [path.read_bytes() for path in manifests]
    manifests[1].unlink()
    sign_dataset(after.path, keys)
    same = [path.read_bytes() == old for path, old in zip(manifests, kept, strict=True)]
    assert same == [True, False, True, True]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def swap(path: Path) -> None:
    other = path.with_name("000001.c2pa")
    mine, others = path.read_bytes(), other.read_bytes()
    path.write_bytes(others)
    other.write_bytes(mine)


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("scenes/ball-000001/front/rgb/000000.png", flip, "not those that were signed"),
        ("c2pa/ball-000001/front/000000.c2pa", Path.unlink, "has no manifest"),
        ("c2pa/ball-000001/front/000000.c2pa", flip, ""),
        ("c2pa/ball-000001/front/000000.c2pa", swap, "not those that were signed"),
    ],
)
def test_tampering_is_found_by_name(
    dataset: Dataset, keys: SigningKeys, name: str, change: Callable[[Path], None], message: str
) -> None:
    path = signed(dataset, keys).path
    change(path / name)
    found = problems(path)
    assert found[0].startswith("scenes/ball-000001/front/rgb/000000.png: ")
    assert message in found[0]
    assert len(found) == (2 if change is swap else 1)


def test_what_dataset_json_does_not_say_is_found(dataset: Dataset, keys: SigningKeys) -> None:
    assert "doesn't say that the frames are synthetic" in problems(dataset.path)[0]
    info = signed(dataset, keys).info
    write_info(dataset.path, info.model_copy(update={"signing": None}))
    assert "dataset.json doesn't speak of" in problems(dataset.path)[0]
    write_info(dataset.path, info)
    (dataset.path / "c2pa" / "ball-000001" / "front" / "000009.c2pa").write_bytes(b"")
    (dataset.path / "c2pa" / "other").mkdir()
    assert [line.split(": ")[1] for line in problems(dataset.path)] == [
        "belongs to no scene",
        "is the manifest of no frame",
    ]


def test_a_certificate_that_is_none_is_a_finding(dataset: Dataset, keys: SigningKeys) -> None:
    info = signed(dataset, keys).info
    assert info.signing is not None
    broken = replace_certificate(info.signing.certificate)
    signing = info.signing.model_copy(update={"certificate": broken})
    write_info(dataset.path, info.model_copy(update={"signing": signing}))
    assert len(problems(dataset.path)) == info.counts.frames


def replace_certificate(pem: str) -> str:
    lines = pem.splitlines()
    return "\n".join([lines[0], "AAAA", *lines[2:]])
