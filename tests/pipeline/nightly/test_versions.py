"""Versions that are judged, kept, rolled back and compared; and the same on Ray."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scenegen.errors import DatasetError, InputError
from scenegen.pipeline.nightly.version import GateResult, Shelf, Version


def shelf_of(root: Path, names: list[str]) -> Shelf:
    """Return a shelf of published versions, each after the one before."""
    shelf, before = Shelf(root), ""
    for name in names:
        shelf.folder(name).mkdir(parents=True)
        shelf.write(Version(id=name, plan="mine", state="published", before=before))
        shelf.write_keys(name, {"scene": [], "simulate": [], "draw": [], "label": [], "refine": []})
        shelf.point(name)
        before = name
    return shelf


def test_retire_keeps_the_last(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, ["a", "b", "c", "d"])
    assert shelf.history() == ["d", "c", "b", "a"]
    assert shelf.retire(2) == ["a", "b"]
    assert shelf.names() == ["c", "d"]
    assert shelf.history() == ["d", "c"]


def test_rolled_back_versions_stay_published(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, ["a", "b"])
    shelf.point("a")
    latest = shelf.latest()
    assert latest is not None
    assert latest.id == "a"


def test_candidates_are_never_the_latest(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, ["a"])
    shelf.folder("b").mkdir()
    broken = GateResult(name="verify", passed=False, told="a violation")
    shelf.write(Version(id="b", plan="mine", state="candidate", gates=(broken,)))
    with pytest.raises(InputError, match="version b is a candidate"):
        shelf.point("b")
    with pytest.raises(InputError, match="has no version 'bb'"):
        shelf.point("bb")


@pytest.mark.slow
class TestVersions:
    def test_gate_that_fails(self, night, tmp_path: Path) -> None:
        first = night.run()
        night.edit("{verify: false}", "{verify: true, pairs: 1.0}")
        night.scenario("brisk", 15)
        (night.folder / "two.yaml").write_text(
            (night.folder / "calm.yaml")
            .read_text()
            .replace("scenario: calm", "scenario: two")
            .replace("parameters:", "parameters:\n  gap: {uniform: [5 m, 50 m]}")
            .replace("s: 20 m", "s: gap")
        )
        night.edit("./calm.yaml", "./two.yaml")
        second = night.run(metrics=str(tmp_path / "night.prom"))
        assert not second.ok
        assert second.version.state == "candidate"
        held = {gate.name: gate.passed for gate in second.version.gates}
        assert held == {"complete": True, "verify": True, "pairs": False}
        latest = json.loads((night.out / "tiny/latest.json").read_text())
        assert latest == {"version": first.version.id}
        assert "(two), 100.0% asked for" in second.version.gates[2].told
        metrics = (tmp_path / "night.prom").read_text()
        assert 'scenegen_nightly_published{plan="tiny"} 0.0' in metrics
        assert 'scenegen_nightly_gate_holds{gate="pairs",plan="tiny"} 0.0' in metrics
        assert second.version.gates[1].told.startswith("4 scenes, 8 frames: every")
        night.edit("pairs: 1.0", "pairs: 0.01")
        third = night.run()
        assert third.ok
        assert third.version.id == second.version.id
        assert "0 scenes, 0 frames, 4 scenes as before" in third.version.gates[1].told

    def test_back_and_forth(self, night) -> None:
        first = night.run()
        night.scenario("brisk", 15)
        second = night.run()
        told = night.run(diff=f"{first.version.id},{second.version.id}").changes
        assert "scenes: 0 added, 2 changed, 0 removed, 2 as before" in told
        assert "  ~ brisk-000000" in told
        night.run(rollback=first.version.id)
        shelf = Shelf(night.out / "tiny")
        assert shelf.latest().id == first.version.id
        night.scenario("brisk", 14)
        again = night.run()
        assert again.due.nothing
        assert again.version.id == first.version.id
        shutil.rmtree(shelf.folder(first.version.id))
        with pytest.raises(DatasetError, match=f"isn't there; rollback={second.version.id}"):
            night.run()
        night.run(rollback=second.version.id)
        assert night.run().version.id == first.version.id

    def test_ray_gives_the_same(self, night, digest: str) -> None:
        import ray

        try:
            result = night.run(executor="ray", workers=2)
        finally:
            ray.shutdown()
        assert result.version.digest == digest
