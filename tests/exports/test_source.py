"""Which part of a data set is exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenegen.cli import main
from scenegen.dataset import Dataset
from scenegen.errors import InputError
from scenegen.exports import Source


def test_all_scenes_are_gone_through_and_told(export_set: Dataset) -> None:
    told: list[tuple[str, int]] = []
    source = Source(export_set, done=lambda scene, frames: told.append((scene, frames)))
    scenes = list(source.scenes())
    assert [scene.id for scene in scenes] == list(export_set.scene_ids)
    assert told == [(scene.id, len(scene.manifest.frames)) for scene in scenes]
    assert len({scene.manifest.scenario for scene in scenes}) >= 6
    first = scenes[0]
    assert {frame.sensor for frame in source.frames(first)} == {"front", "rear"}
    assert {sweep.sensor for sweep in source.sweeps(first)} == {"roof"}
    assert {scan.sensor for scan in source.scans(first)} == {"ahead"}


def test_only_some_sensors_go(export_set: Dataset) -> None:
    source = Source(export_set, sensors=("rear", "ahead"))
    scene = next(source.scenes())
    assert {frame.sensor for frame in source.frames(scene)} == {"rear"}
    assert source.sweeps(scene) == []
    assert len(source.scans(scene)) > 0
    with pytest.raises(InputError, match=r"called 'raer' \(did you mean 'rear'"):
        Source(export_set, sensors=("raer",))


def test_a_layout_says_what_it_is_made_of(export_set: Dataset) -> None:
    source = Source(export_set, sensors=("roof", "ahead"))
    source.need("lidar", "SemanticKITTI")
    with pytest.raises(InputError, match=r"KITTI needs a camera, and none goes; there are ahead"):
        source.need("camera", "KITTI")


def test_a_scene_stays_on_its_side(export_set: Dataset) -> None:
    names = [f"wet_cut_in-{number:06d}" for number in range(2000)]
    few, many = Source(export_set, validation=0.1), Source(export_set, validation=0.4)
    sides = {name: (few.split(name), many.split(name)) for name in names}
    share = sum(side[0] == "val" for side in sides.values()) / len(names)
    assert abs(share - 0.1) < 4 * (0.1 * 0.9 / len(names)) ** 0.5
    assert all(side[1] == "val" for side in sides.values() if side[0] == "val")
    assert {Source(export_set).split(name) for name in names} == {"train"}
    assert {Source(export_set, validation=1.0).split(name) for name in names} == {"val"}


def test_the_command_takes_names_of_sensors(
    export_set: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They aren't taken for a choice of ``conf/sensors``, which has a ``front`` as well."""

    def export(sensors: str, layout: str, out: Path) -> int:
        words = [f"dataset={export_set.path}", f"format={layout}", f"out={out}"]
        with pytest.raises(SystemExit) as end:
            main(["export", *words, f"sensors={sensors}"])
        assert isinstance(end.value.code, int)
        return end.value.code

    assert export("front,roof", "mot", tmp_path / "mot") == 0
    written = (tmp_path / "mot").glob("scenegen-train/*")
    assert {path.name.rsplit("-", 1)[1] for path in written} == {"front"}
    assert export("rear", "semantickitti", tmp_path / "none") == 2
    assert "SemanticKITTI needs a lidar, and none goes" in capsys.readouterr().err
    assert export("raer", "mot", tmp_path / "none") == 2
    assert "did you mean 'rear'" in capsys.readouterr().err
