"""LiDAR from YAML to verified files, and what verify says of files that were changed."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scenegen import load_dataset
from scenegen.annotate.checks import SceneTruth, check_sweep, check_sweep_series
from scenegen.dataset import digest, open_dataset
from scenegen.pipeline.config import GenerateConfig, VerifyConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.verify import verify

SENSORS = """sensors:
  front: {width: 64, height: 48}
  roof: {kind: lidar, channels: 16, columns: 180}
  nose: {kind: lidar, pattern: rosette, channels: 4, columns: 500, rate: 20 Hz, hfov: 60 deg}
weather: {rain: 10 mm/h, visibility: 800 m, wetness: 0.7}
"""


@pytest.fixture(scope="module")
def scenario(tiny_with: Callable[[str], Path]) -> Path:
    return tiny_with(SENSORS)


@pytest.fixture(scope="module")
def made(scenario: Path) -> Path:
    out = scenario.parent / "one"
    generate(GenerateConfig(scenario=str(scenario), num_scenes=2, out=str(out)), io.StringIO())
    return out


def test_a_data_set_with_sweeps_verifies(made: Path) -> None:
    result = verify(VerifyConfig(dataset=str(made)), io.StringIO())
    assert result.violations == ()
    assert result.checked["sweep surfaces"] == 2 * (5 + 10)
    assert result.frames == 2 * (5 + 5 + 10)


def test_the_reader_gives_points(made: Path) -> None:
    data = load_dataset(made)
    assert {name: entry.kind for name, entry in data.info.sensors.items()} == {
        "front": "camera",
        "nose": "lidar",
        "roof": "lidar",
    }
    scenes = list(data)
    assert len(scenes[0].frames()) == 5
    sweep = next(w for s in scenes for w in s.sweeps("roof") if w.labels.objects)
    assert sweep.points.shape == (len(sweep.beam), 4)
    assert sweep.points.dtype == np.float32
    assert len(sweep.beam) > 500
    assert {o.name for o in sweep.labels.objects} == {"walker"}
    assert (sweep.instance > 0).sum() == sweep.labels.objects[0].num_points
    assert np.all(np.diff(sweep.point_times()) >= 0)
    ground = sweep.points_world()[sweep.semantic == 7]
    assert np.abs(ground[:, 2]).max() < 0.5
    rows = data.index.filter(np.array(data.index["sensor"]) == "roof").to_pylist()
    assert rows[0]["path.points"].endswith("roof/points/000000.bin")
    assert rows[0]["path.labels"].endswith("roof/labels/000000.label")
    assert rows[0]["path.rgb"] is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["red_light_cyclist", "wet_cut_in", "snow_stop"])
def test_sweeps_of_the_library_verify(name: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    short = f"{{scenario: {name}, num_scenes: 1, override: {{duration: 0.5 s}}}}"
    plan.write_text(f"plan: short\ngenerate: [{short}]\n")
    out = str(tmp_path / "out")
    rig = {"roof": {"kind": "lidar", "position": ["0 m", "0 m", "1.9 m"]}}
    generate(GenerateConfig(plan=str(plan), seed=3, sensors=rig, out=out), io.StringIO())
    result = verify(VerifyConfig(dataset=out), io.StringIO())
    assert result.violations == ()
    assert result.checked["sweep surfaces"] == 5


@pytest.mark.slow
def test_two_workers_make_the_same_sweeps(made: Path, scenario: Path, tmp_path: Path) -> None:
    keys = [f"scenario={scenario}", "num_scenes=2", f"out={tmp_path / 'two'}", "workers=2"]
    subprocess.run(
        [sys.executable, "-m", "scenegen", "generate", *keys], check=True, capture_output=True
    )
    assert digest(open_dataset(tmp_path / "two")) == digest(open_dataset(made))


def _move(points: np.ndarray, labels: np.ndarray, beams: np.ndarray) -> None:
    points[points[:, 0] > 0, :3] *= 1.05


def _brighten(points: np.ndarray, labels: np.ndarray, beams: np.ndarray) -> None:
    points[:, 3] = 1.5


def _swap(points: np.ndarray, labels: np.ndarray, beams: np.ndarray) -> None:
    beams[:] = beams[::-1].copy()


def _shift(points: np.ndarray, labels: np.ndarray, beams: np.ndarray) -> None:
    beams += 16


def _give_away(points: np.ndarray, labels: np.ndarray, beams: np.ndarray) -> None:
    labels[labels >> 16 == 0] = (2 << 16) | 24


def _relabel(points: np.ndarray, labels: np.ndarray, beams: np.ndarray) -> None:
    labels[labels == 7] = 8


def _unknown(points: np.ndarray, labels: np.ndarray, beams: np.ndarray) -> None:
    labels[:] = 99


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (_move, "sweep surfaces"),
        (_brighten, "sweep numbers"),
        (_swap, "sweep numbers"),
        (_shift, "sweep numbers"),
        (_give_away, "sweep boxes"),
        (_relabel, "sweep surfaces"),
        (_unknown, "sweep numbers"),
    ],
)
def test_what_was_changed_is_found(
    made: Path, tmp_path: Path, change: Callable[..., None], check: str
) -> None:
    scene = next(iter(open_dataset(made)))
    copy = tmp_path / scene.id
    shutil.copytree(scene.path, copy)
    files = [copy / "roof" / name for name in ("points/000002.bin", "labels/000002.label")]
    files.append(copy / "roof" / "beams" / "000002.bin")
    arrays = [np.fromfile(files[0], "<f4").reshape(-1, 4)]
    arrays += [np.fromfile(path, "<u4") for path in files[1:]]
    change(*arrays)
    for path, array in zip(files, arrays, strict=True):
        array.tofile(path)
    reader = type(scene)(copy).sweeps("roof")[2]
    truth = SceneTruth(scene.scenario, scene.trajectory)
    found = check_sweep(reader.labels, reader.sweep, truth)
    assert check in {violation.check for violation in found}


def test_poses_and_missing_sweeps_are_found(made: Path) -> None:
    scene = next(iter(open_dataset(made)))
    truth = SceneTruth(scene.scenario, scene.trajectory)
    reader = scene.sweeps("roof")[0]
    late = reader.labels.model_copy(update={"time_s": 0.05})
    assert [v.check for v in check_sweep(late, reader.sweep, truth)] == ["sweep poses"]
    labels = [sweep.labels for sweep in scene.sweeps()]
    assert check_sweep_series(truth, labels) == []
    assert "roof has sweeps" in str(check_sweep_series(truth, labels[:-1])[0])
