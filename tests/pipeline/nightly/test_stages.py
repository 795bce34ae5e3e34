"""Only what changed is made again, each stage on its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import scenegen
from scenegen.errors import InputError
from scenegen.pipeline.nightly import building, chain
from scenegen.pipeline.nightly.code import code_digest

SENSORS = {
    "front": {
        "width": 64,
        "height": 48,
        "hfov": "70 deg",
        "position": ["0.4 m", "0 m", "1.35 m"],
    }
}


def generated(night, folder: Path, **keys: str) -> Path:
    """Make the same data set at one go."""
    plan, out = folder / "as_plan.yaml", folder / "generated"
    head, _, _ = night.plan.read_text().partition("sensors:")
    plan.write_text(head.replace("nightly:", "plan:"))
    scenegen.generate(plan=str(plan), out=str(out), sensors=SENSORS, quality="fast", **keys)
    return out


@pytest.mark.slow
class TestStages:
    """Each case pays for four scenes of a tenth of a second each."""

    def test_first_night_equals_generate(self, night, tmp_path: Path) -> None:
        made = night.run()
        assert made.ok
        assert made.version.state == "published"
        out = generated(night, tmp_path)
        assert scenegen.digest(str(out)) == made.version.digest
        data = night.out / "tiny/versions" / made.version.id / "data"
        assert scenegen.digest(str(data)) == made.version.digest
        assert scenegen.verify(dataset=str(data)).ok

    def test_unchanged_plan_makes_nothing(self, night) -> None:
        first = night.run()
        files = night.files()
        second = night.run()
        assert second.due.nothing
        assert second.version == first.version
        assert files == night.files()

    def test_one_scenario_of_two(self, night, made_again) -> None:
        first = night.run()
        runs, pictures = night.entries("simulate"), night.entries("draw")
        night.scenario("brisk", 15)
        due = night.run(dry_run=True).due
        assert due.simulate == ("brisk-000000", "brisk-000001")
        assert due.reasons == {"brisk is another scenario now": 2}
        second = night.run()
        assert made_again(runs, night.entries("simulate")) == 2
        assert made_again(pictures, night.entries("draw")) == 2
        assert second.version.before == first.version.id
        changes = json.loads(
            (night.out / "tiny/versions" / second.version.id / "changes.json").read_text()
        )
        assert changes["changed"] == ["brisk-000000", "brisk-000001"]
        assert changes["same"] == 2

    def test_another_camera_simulates_nothing(self, night, made_again) -> None:
        night.run()
        runs, pictures = night.entries("simulate"), night.entries("draw")
        night.edit("width: 64", "width: 80")
        second = night.run()
        assert second.due.simulate == ()
        assert second.due.reasons == {"sensors, quality or layers changed": 4}
        assert made_again(runs, night.entries("simulate")) == 0
        assert made_again(pictures, night.entries("draw")) == 4

    def test_code_that_changes_no_run_draws_nothing(self, night, made_again, monkeypatch) -> None:
        night.run()
        runs, pictures = night.entries("simulate"), night.entries("draw")

        def other(*modules: str) -> str:
            digest = code_digest(*modules)
            return digest[::-1] if modules == (chain.SIMULATING,) else digest

        monkeypatch.setattr(chain, "code_digest", other)
        second = night.run()
        assert second.due.reasons == {"code of simulate changed": 4}
        assert made_again(runs, night.entries("simulate")) == 4
        assert made_again(pictures, night.entries("draw")) == 0

    def test_code_of_labels_draws_no_frame(self, night, made_again, monkeypatch) -> None:
        first = night.run()
        runs, pictures = night.entries("simulate"), night.entries("draw")
        labels = night.entries("label")

        def other(*modules: str) -> str:
            digest = code_digest(*modules)
            return digest[::-1] if modules == (chain.LABELLING,) else digest

        monkeypatch.setattr(chain, "code_digest", other)
        due = night.run(dry_run=True).due
        assert (due.simulate, due.draw, len(due.label)) == ((), (), 4)
        assert due.reasons == {"code of label changed": 4}
        second = night.run()
        assert made_again(runs, night.entries("simulate")) == 0
        assert made_again(pictures, night.entries("draw")) == 0
        assert made_again(labels, night.entries("label")) == 4
        assert second.version.digest == first.version.digest

    def test_more_layers_draw_no_frame(self, night, made_again, tmp_path: Path) -> None:
        night.run()
        pictures = night.entries("draw")
        night.edit("quality: fast", "quality: fast\nlayers: [nocs, flow_back, lanes, drivable]")
        second = night.run()
        assert made_again(pictures, night.entries("draw")) == 0
        out = generated(night, tmp_path, layers="nocs,flow_back,lanes,drivable")
        assert scenegen.digest(str(out)) == second.version.digest

    def test_another_exporter_makes_no_frame(self, night, made_again, monkeypatch) -> None:
        first = night.run()
        pictures, exports = night.entries("draw"), night.entries("export")
        monkeypatch.setattr(building, "code_digest", lambda *modules: "other")
        second = night.run()
        assert made_again(pictures, night.entries("draw")) == 0
        assert made_again(exports, night.entries("export")) == 1
        assert second.version.id != first.version.id
        assert second.version.digest == first.version.digest

    def test_two_plans_share_scenes(self, night, made_again) -> None:
        night.run()
        runs, pictures = night.entries("simulate"), night.entries("draw")
        night.edit("nightly: tiny", "nightly: other")
        second = night.run()
        assert second.due.nothing
        assert made_again(runs, night.entries("simulate")) == 0
        assert made_again(pictures, night.entries("draw")) == 0
        assert {p.parent.name for p in night.out.glob("*/latest.json")} == {"tiny", "other"}

    def test_kept_runs_are_looked_for_once(self, night, made_again) -> None:
        condition = "keep_if: moves, budget: 6"
        night.edit("./calm.yaml, num_scenes: 2", f"./calm.yaml, num_scenes: 2, {condition}")
        first = night.run(dry_run=True)
        assert first.due.unsearched == {"calm": 2}
        assert "up to 2 of calm to search for" in str(first.due)
        first = night.run()
        runs = night.entries("simulate")
        scenes = night.out / "tiny/versions" / first.version.id / "data/scenes"
        assert len(list(scenes.glob("calm-*"))) == 2
        second = night.run()
        assert second.version == first.version
        assert made_again(runs, night.entries("simulate")) == 0
        night.scenario("calm", 11)
        due = night.run(dry_run=True).due
        assert due.unsearched == {"calm": 2}
        assert due.gone == ()


def test_nothing_to_go_by(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nightly needs plan="):
        scenegen.nightly(out=str(tmp_path / "out"))
