"""Radar from YAML to verified files, and what verify says of files that were changed."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

from scenegen import load_dataset
from scenegen.annotate.checks import SceneTruth, check_scan, check_scan_series
from scenegen.dataset import digest, open_dataset
from scenegen.errors import ScenarioError
from scenegen.pipeline.config import GenerateConfig, VerifyConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.verify import verify
from scenegen.sample.rig import parse_rig

ROOT = Path(__file__).parents[2]
SENSORS = """sensors:
  ahead: {kind: radar, elevation_resolution: 3 deg, far: 120 m, false_alarm_rate: 1e-5}
  corner: {kind: radar, hfov: 140 deg, vfov: 20 deg, far: 60 m, max_speed: 12 m/s,
    rate: 10 Hz, azimuth_resolution: 5 deg, gain: 13, radome: 0.1 m,
    position: [2 m, 0.7 m, 0.5 m], yaw: 40 deg}
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


def test_a_data_set_with_scans_verifies(made: Path) -> None:
    result = verify(VerifyConfig(dataset=str(made)), io.StringIO())
    assert result.violations == ()
    assert result.checked["scan surfaces"] == 2 * (5 + 5)
    assert result.frames == 2 * (5 + 5)


def test_the_reader_gives_detections(made: Path) -> None:
    data = load_dataset(made)
    assert {entry.kind for entry in data.info.sensors.values()} == {"radar"}
    scene = next(iter(data))
    assert not scene.frames()
    reader = scene.scans("ahead")[1]
    assert reader.points.shape == (len(reader.instance), 6)
    assert reader.points.dtype == np.float32
    assert {o.name for o in reader.labels.objects} == {"walker"}
    assert (reader.instance > 0).sum() == reader.labels.objects[0].num_points
    walker = reader.points_world()[reader.instance > 0]
    where = reader.labels.objects[0].position_world_m
    assert np.linalg.norm(walker[:, :2] - where[:2], axis=1).max() < 1.5
    # Somebody who crosses moves little along the line of sight, apart from arms and legs.
    assert np.abs(reader.labels.over_ground(reader.scan)[reader.instance > 0]).max() < 6
    rows = data.index.filter(np.array(data.index["sensor"]) == "corner").to_pylist()
    assert rows[0]["path.points"].endswith("corner/points/000000.bin")
    assert rows[0]["path.labels"].endswith("corner/labels/000000.label")
    assert "path.beams" not in rows[0]


def test_the_rig_is_one() -> None:
    rig = yaml.safe_load((ROOT / "conf" / "sensors" / "radar.yaml").read_text())
    sensors = parse_rig(rig, "radar")
    assert [spec.kind for spec in sensors.values()].count("radar") == 3


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"rate": "7 Hz"}, "divide physics"),
        ({"near": "20 m", "far": "10 m"}, "'near' lies before 'far'"),
        ({"max_speed": "2 m/s", "speed_resolution": "3 m/s"}, "finer"),
        ({"false_alarm_rate": 0.5}, "false_alarm_rate"),
    ],
)
def test_what_makes_no_sense_is_told(keys: dict[str, object], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        parse_rig({"nose": {"kind": "radar", **keys}}, "rig")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["red_light_cyclist", "wet_cut_in", "night_jaywalk"])
def test_scans_of_the_library_verify(name: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    short = f"{{scenario: {name}, num_scenes: 1, override: {{duration: 0.5 s}}}}"
    plan.write_text(f"plan: short\ngenerate: [{short}]\n")
    out = str(tmp_path / "out")
    rig = yaml.safe_load((ROOT / "conf" / "sensors" / "radar.yaml").read_text())
    del rig["front"]
    generate(GenerateConfig(plan=str(plan), seed=3, sensors=rig, out=out), io.StringIO())
    result = verify(VerifyConfig(dataset=out), io.StringIO())
    assert result.violations == ()
    assert result.checked["scan surfaces"] == 15


@pytest.mark.slow
def test_two_workers_make_the_same_scans(made: Path, scenario: Path, tmp_path: Path) -> None:
    keys = [f"scenario={scenario}", "num_scenes=2", f"out={tmp_path / 'two'}", "workers=2"]
    subprocess.run(
        [sys.executable, "-m", "scenegen", "generate", *keys], check=True, capture_output=True
    )
    assert digest(open_dataset(tmp_path / "two")) == digest(open_dataset(made))


def _actor(labels: np.ndarray) -> np.ndarray:
    return labels >> 16 == 2


def _farther(points: np.ndarray, labels: np.ndarray) -> None:
    points[_actor(labels), 0] += 4.0
    points[:, 4] += 40 * np.log10(
        points[:, 0] / np.where(_actor(labels), points[:, 0] - 4, points[:, 0])
    )
    order = np.argsort(points[:, 0])
    points[:], labels[:] = points[order], labels[order]


def _aside(points: np.ndarray, labels: np.ndarray) -> None:
    before = points[:, 1].copy()
    points[_actor(labels), 1] *= -1
    points[_actor(labels), 1] += 0.15
    points[:, 4] += 24 / 0.5236**2 * (points[:, 1] ** 2 - before**2)


def _faster(points: np.ndarray, labels: np.ndarray) -> None:
    points[_actor(labels), 3] -= 15.0


def _brighter(points: np.ndarray, labels: np.ndarray) -> None:
    points[:, 4] += 3.0


def _weaker(points: np.ndarray, labels: np.ndarray) -> None:
    points[:, 4:] -= 60.0


def _unordered(points: np.ndarray, labels: np.ndarray) -> None:
    points[:], labels[:] = points[::-1].copy(), labels[::-1].copy()


def _give_away(points: np.ndarray, labels: np.ndarray) -> None:
    labels[~_actor(labels)] = (2 << 16) | 24


def _wrong_class(points: np.ndarray, labels: np.ndarray) -> None:
    labels[_actor(labels)] = (2 << 16) | 26


def _to_a_wall(points: np.ndarray, labels: np.ndarray) -> None:
    labels[labels >> 16 == 0] = 33


def _ego(points: np.ndarray, labels: np.ndarray) -> None:
    labels[_actor(labels)] = (1 << 16) | 26


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (_farther, "scan surfaces"),
        (_aside, "scan surfaces"),
        (_faster, "scan surfaces"),
        (_brighter, "scan numbers"),
        (_weaker, "scan numbers"),
        (_unordered, "scan numbers"),
        (_give_away, "scan boxes"),
        (_wrong_class, "scan numbers"),
        (_to_a_wall, "scan surfaces"),
        (_ego, "scan numbers"),
    ],
)
def test_what_was_changed_is_found(
    made: Path, tmp_path: Path, change: Callable[..., None], check: str
) -> None:
    scene = next(iter(open_dataset(made)))
    copy = tmp_path / scene.id
    shutil.copytree(scene.path, copy)
    files = [copy / "ahead" / name for name in ("points/000002.bin", "labels/000002.label")]
    points = np.fromfile(files[0], "<f4").reshape(-1, 6)
    labels = np.fromfile(files[1], "<u4")
    assert _actor(labels).any()
    assert not _actor(labels).all()
    change(points, labels)
    points.tofile(files[0])
    labels.tofile(files[1])
    reader = type(scene)(copy).scans("ahead")[2]
    truth = SceneTruth(scene.scenario, scene.trajectory)
    found = check_scan(reader.labels, reader.scan, truth)
    assert [violation.check for violation in found][:1] == [check], [str(v) for v in found]


def test_labels_missing_scans_and_noise_are_found(made: Path) -> None:
    scene = next(iter(open_dataset(made)))
    truth = SceneTruth(scene.scenario, scene.trajectory)
    reader = scene.scans("ahead")[0]
    for wrong in ({"time_s": 0.05}, {"velocity_mps": (0.0, 0.0, 0.0)}, {"elevation": False}):
        labels = reader.labels.model_copy(update=wrong)
        assert [v.check for v in check_scan(labels, reader.scan, truth)] == ["scan poses"]
    seen = [(scan.labels, scan.scan) for scan in scene.scans()]
    assert check_scan_series(truth, seen) == []
    assert "ahead has scans" in str(check_scan_series(truth, seen[1:])[0])
    gone = [(labels, type(s)(s.points, 0 * s.semantic, 0 * s.instance)) for labels, s in seen]
    assert "false alarms" in str(check_scan_series(truth, gone)[0])


def test_a_hidden_actor_has_no_detections(made: Path) -> None:
    scene = next(iter(open_dataset(made)))
    # Behind a wall that fills the view: the same detections can't be of the walker any more.
    truth = SceneTruth(scene.scenario, scene.trajectory)
    reader = scene.scans("ahead")[0]
    assert check_scan(reader.labels, reader.scan, truth) == []
    ego = scene.scenario.ego
    wall = scene.scenario.props[0].model_copy(
        update={
            "asset_id": "vehicle.box_truck",
            "variant": 0,
            "size_m": None,
            "position_m": (ego.position_m[0] + 4.6, ego.position_m[1], -1.2),
            "quaternion_wxyz": (2**-0.5, 0.0, 0.0, 2**-0.5),
        }
    )
    blocked = scene.scenario.model_copy(update={"props": (*scene.scenario.props, wall)})
    found = check_scan(reader.labels, reader.scan, SceneTruth(blocked, scene.trajectory))
    assert any("nothing of instance 2 can be seen" in str(violation) for violation in found)
