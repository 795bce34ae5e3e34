"""Versions published to a real S3 server on loopback, and fetched from it."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import scenegen
from scenegen.errors import DatasetError, InputError, StorageError
from scenegen.pipeline.nightly import place as places
from scenegen.pipeline.nightly.destination import Destination
from scenegen.pipeline.nightly.packs import pack, unpack
from scenegen.pipeline.nightly.place import Place
from tools.faulting.bucket import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("s3"))
    before = dict(os.environ)
    os.environ.update(AWS_ACCESS_KEY_ID="any", AWS_SECRET_ACCESS_KEY="secret-of-the-test")
    yield made
    os.environ.clear()
    os.environ.update(before)
    made.stop()


@pytest.mark.slow
class TestBucket:
    def test_published_and_fetched(self, night, server: Server, tmp_path: Path) -> None:
        url = "s3://data/nightly"
        Place("s3://data", server.options())._fs.mkdir("data")
        night.edit("gates:", f"destination: {url}\ndestination_options: {server.options()}\ngates:")
        made = night.run()
        place = Destination(url, server.options())
        assert place.latest("tiny") == made.version.id
        night.run(fetch=str(tmp_path / "fetched"))
        assert scenegen.digest(str(tmp_path / "fetched")) == made.version.digest
        assert scenegen.verify(dataset=str(tmp_path / "fetched")).ok
        packs = Place(url, server.options()).names("scenes")
        assert len(packs) == 4
        night.scenario("brisk", 15)
        second = night.run()
        assert place.latest("tiny") == second.version.id
        assert len(Place(url, server.options()).names("scenes")) == 6
        night.run(rollback=made.version.id)
        assert place.latest("tiny") == made.version.id
        held = b"".join(p.read_bytes() for p in night.out.rglob("*.json"))
        assert b"secret-of-the-test" not in held

    def test_server_that_goes_away(self, night, server: Server, monkeypatch) -> None:
        monkeypatch.setattr(places, "FIRST_WAIT_S", 0.01)
        monkeypatch.setattr(places, "LONGEST_WAIT_S", 0.05)
        url = "s3://data/cut"
        Place("s3://data", server.options())._fs.makedirs("data", exist_ok=True)
        night.edit("gates:", f"destination: {url}\ndestination_options: {server.options()}\ngates:")
        server.stop()
        with pytest.raises(StorageError, match="s3://data/cut: can't"):
            night.run()
        server.start()
        time.sleep(5)
        again = night.run()
        assert again.due.nothing
        assert Destination(url, server.options()).latest("tiny") == again.version.id


@pytest.mark.slow
def test_a_folder_serves_as_well(night, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    night.edit("gates:", f"destination: file://{folder}\nkeep: 1\ngates:")
    first = night.run()
    night.scenario("brisk", 15)
    second = night.run()
    assert {p.parent.name for p in folder.glob("tiny/versions/*/version.json")} == {
        second.version.id
    }
    assert len(list(folder.glob("scenes/*.tar"))) == 4
    assert first.version.id != second.version.id
    copy = tmp_path / "copy"
    night.run(fetch=str(copy))
    assert scenegen.digest(str(copy)) == second.version.digest
    night.scenario("brisk", 16)
    night.edit("./calm.yaml, num_scenes: 2", "./calm.yaml, num_scenes: 1")
    third = night.run()
    night.run(fetch=str(copy))
    assert scenegen.digest(str(copy)) == third.version.digest
    for damaged in folder.glob("scenes/*.tar"):
        damaged.write_bytes(damaged.read_bytes()[::-1])
    (folder / "tiny/latest.json").rename(folder / "kept")
    (folder / "tiny/latest.json").write_text("{")
    with pytest.raises(StorageError, match=r"latest\.json is damaged"):
        night.run(fetch=str(tmp_path / "fetched"))
    (folder / "kept").rename(folder / "tiny/latest.json")
    with pytest.raises(StorageError, match="is damaged"):
        night.run(fetch=str(tmp_path / "fetched"))


def test_credentials_stay_out_of_urls() -> None:
    with pytest.raises(InputError) as caught:
        Destination("s3://me:hidden@bucket/data")
    assert "hidden" not in str(caught.value)
    assert "leave them to the environment" in str(caught.value)


def test_pack_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "front").mkdir(parents=True)
        (tmp_path / name / "front/000000.png").write_bytes(b"picture")
        (tmp_path / name / "scenario.json").write_bytes(b"{}")
        time.sleep(0.01)
    assert pack(tmp_path / "a") == pack(tmp_path / "b")
    unpack(pack(tmp_path / "a"), tmp_path / "c")
    assert (tmp_path / "c/front/000000.png").read_bytes() == b"picture"


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        made = tarfile.TarInfo(name)
        made.type, made.linkname = kind, link
        made.size = 3 if kind == tarfile.REGTYPE else 0
        archive.addfile(made, io.BytesIO(b"bad") if made.size else None)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        entry("../escaped"),
        entry("/escaped"),
        entry("a/../../escaped"),
        entry("link", tarfile.SYMTYPE, "/etc/passwd"),
        entry("hard", tarfile.LNKTYPE, "../escaped"),
        entry("device", tarfile.CHRTYPE),
        b"no archive at all" * 100,
    ],
    ids=["up", "root", "within", "symlink", "hardlink", "device", "garbage"],
)
def test_archives_of_others_stay_in_their_folder(data: bytes, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    with pytest.raises(DatasetError):
        unpack(data, inside)
    assert not (tmp_path / "escaped").exists()
    shutil.rmtree(inside, ignore_errors=True)
    assert list(tmp_path.iterdir()) == []


def test_archives_that_grow_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="unpacks to more than 2 bytes"):
        unpack(entry("scenario.json"), tmp_path / "scene", most_bytes=2)
