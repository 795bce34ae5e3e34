"""Damage to what is published, and once held every check, is found and put right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import scenegen
from scenegen.errors import DatasetError
from scenegen.pipeline.nightly import gates
from scenegen.pipeline.nightly.rereading import reread
from tests.pipeline.tiny_refiner import tiny_weights

SCENES = ["brisk-000000", "brisk-000001", "calm-000000", "calm-000001"]


def data_of(night, result) -> Path:
    return night.out / "tiny/versions" / result.version.id / "data"


def flip(path: Path) -> None:
    """Change a byte in the middle of a file, and of all its links."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))


def picture(data: Path, scene: str = "calm-000001") -> Path:
    return min((data / "scenes" / scene).rglob("rgb/*.png"))


@pytest.mark.slow
class TestRereading:
    def test_a_file_that_the_store_shares(self, night, made_again) -> None:
        night.edit("verify: false", "verify: true")
        first = night.run()
        data = data_of(night, first)
        drawn, labelled = night.entries("draw"), night.entries("label")
        flip(picture(data))
        assert not scenegen.verify(dataset=str(data)).ok
        second = night.run()
        assert second.ok
        assert second.due.draw == ("calm-000001",)
        assert second.version.id == first.version.id
        assert scenegen.digest(str(data)) == first.version.digest
        assert scenegen.verify(dataset=str(data)).ok
        assert made_again(drawn, night.entries("draw")) == 1
        assert made_again(labelled, night.entries("label")) == 1
        lines = [json.loads(line) for line in (night.out / "log.jsonl").read_text().splitlines()]
        told = [line["message"] for line in lines if line["event"] == "mended"]
        assert told[0].startswith(f"version {first.version.id}: calm-000001: stored files")
        assert (data.parent / "exports/coco").is_dir()
        assert night.run().due.nothing
        assert list(data.parent.parent.iterdir()) == [data.parent]

    @pytest.mark.parametrize("name", ["dataset.json", "index.parquet", "scenes/calm-000000"])
    def test_what_the_store_has_whole_is_put_together_again(self, night, name: str) -> None:
        first = night.run()
        data, made = data_of(night, first), night.entries("label")
        if name.startswith("scenes"):
            for path in sorted((data / name).rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
        else:
            flip(data / name)
        second = night.run()
        assert second.due.nothing
        assert scenegen.digest(str(data)) == first.version.digest
        assert scenegen.verify(dataset=str(data)).ok
        assert night.entries("label") == made

    def test_by_turns(self, night) -> None:
        place = night.out / "tiny/reread.json"
        first = night.run(reread_s=0)
        data = data_of(night, first)
        flip(picture(data, "brisk-000001"))
        assert night.run(reread_s=0).due.nothing
        assert not place.exists()
        place.write_text("{")  # as good as none
        for sound, nothing in ((0, True), (0, False), (1, True), (2, True), (3, True), (0, True)):
            assert night.run(reread_s=1e-9).due.nothing == nothing
            assert json.loads(place.read_text()) == {"after": SCENES[sound]}
        assert scenegen.digest(str(data)) == first.version.digest

    def test_between_its_checks_and_its_publication(self, night, monkeypatch) -> None:
        night.edit("verify: false", "verify: true, pairs: 0.1")
        with monkeypatch.context() as patch:
            patch.setattr(gates, "_covered", lambda plan, folder: (False, "too few"))
            first = night.run()
        assert first.version.state == "candidate"
        told = {gate.name: gate.told for gate in first.version.gates}
        assert told["verify"] == "4 scenes, 8 frames: every check holds"
        flip(picture(data_of(night, first)))
        night.edit("verify: true, pairs: 0.1", "verify: true")
        second = night.run()
        assert second.version.state == "published"
        assert second.version.id == first.version.id
        assert scenegen.verify(dataset=str(data_of(night, second))).ok

    def test_a_night_that_ends_before_it_has_put_things_right(self, night, monkeypatch) -> None:
        first = night.run()
        data = data_of(night, first)
        flip(picture(data))

        def reread_and_stop(asked, version, seconds):
            found = reread(asked, version, seconds)
            asked.guard.reason = "enough for tonight"
            return found

        with monkeypatch.context() as patch:
            patch.setattr("scenegen.pipeline.nightly.night.reread", reread_and_stop)
            assert night.run().stopped == "enough for tonight"
        assert night.run().ok
        assert scenegen.digest(str(data)) == first.version.digest

    @pytest.mark.parametrize("name", ["picture", "dataset.json"])
    def test_nothing_damaged_is_sent(self, night, tmp_path: Path, name: str) -> None:
        first = night.run()
        data = data_of(night, first)
        flip(picture(data) if name == "picture" else data / name)
        # Nobody looks for damage before what is published here is sent for the first time.
        night.edit("gates:", f"destination: 'file://{tmp_path / 'there'}'\ngates:")
        second = night.run(reread_s=0)
        assert second.ok
        assert second.version.id == first.version.id
        night.run(fetch=str(tmp_path / "fetched"))
        for found in (data, tmp_path / "fetched"):
            assert scenegen.digest(str(found)) == first.version.digest
            assert scenegen.verify(dataset=str(found)).ok

    def test_what_comes_out_otherwise_is_told(self, night) -> None:
        first = night.run()
        path = picture(data_of(night, first))
        flip(path)
        version = data_of(night, first).parent / "version.json"
        version.write_text(version.read_text().replace(first.version.digest, "0" * 64))
        with pytest.raises(DatasetError, match="come out otherwise when they are made again"):
            night.run()
        assert path.is_file()  # as it was, to look at

    def test_refined_pictures_and_those_they_were_made_from(self, night, tmp_path: Path) -> None:
        weights = tiny_weights(tmp_path / "tiny.safetensors")
        keys = f"weights: {weights}, design: sdedit, strength: 0.8, steps: 2, c2pa: {{sign: false}}"
        night.edit("quality: fast", f"quality: fast\nrefine: {{{keys}}}")
        first = night.run()
        data = data_of(night, first)
        rendered = data.with_name("rendered")
        sums = [scenegen.digest(str(folder)) for folder in (data, rendered)]
        stored = min((night.out / "store/refine").rglob("files/*/rgb/*.png"))
        flip(stored)
        flip(picture(data, "calm-000000"))
        flip(picture(rendered, "brisk-000000"))
        assert night.run().version.id == first.version.id
        assert [scenegen.digest(str(folder)) for folder in (data, rendered)] == sums
