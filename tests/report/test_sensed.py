"""Points and boxes lie where they belong in the views from above, in colours that tell them."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from scenegen.dataset import Dataset, SceneWriter, open_dataset, open_output
from scenegen.records import LidarSpec, RadarSpec, Scan, ScanLabels, Sweep, SweepLabels
from scenegen.records.labels import Box3d, EgoLabel
from scenegen.records.sweep import RangedObject, SensorPose
from scenegen.report import write_report
from scenegen.report.colors import category_colour
from scenegen.report.sensed import scan_view, sweep_view

CAR, ROAD, RAIL = 26, 7, 14
WIDTH, HEIGHT = 600, 360
BODY = np.array([[0.0, -1, 0, 5], [1, 0, 0, 7], [0, 0, 1, 0], [0, 0, 0, 1]])
"""The ego looks along +y."""


@pytest.fixture
def dataset(tmp_path, makers: ModuleType) -> Dataset:
    """Return one sweep and one scan of a car 20 m ahead and 5 m to the left."""
    sensors = {"roof": LidarSpec(rate_hz=1), "nose": RadarSpec(rate_hz=1)}
    camera = makers.make_concrete(0)
    concrete = camera.model_copy(update={"sensors": {**camera.sensors, **sensors}})
    common = {
        "scene": concrete.scene_id,
        "frame": 0,
        "step": 0,
        "time_s": 0.0,
        "ego": EgoLabel(
            world_from_body=BODY.tolist(),
            velocity_mps=(0.0, 30.0, 0.0),
            angular_velocity_radps=(0.0, 0.0, 0.0),
        ),
        "objects": [_car()],
        "weather": {},
        "parameters": {},
    }
    places = np.array([[10.0, 0, 0], [18, 5, 0], [6, -3, 2]])
    points = np.c_[places, [0.1, 0.1, 0.1]].astype(np.float32)
    ids = np.array([ROAD, CAR, 0], np.uint16)
    sweep = Sweep(points, ids, np.array([0, 2, 0], np.uint16), np.arange(3, dtype=np.uint32))
    swept = SweepLabels(
        sensor="roof",
        end_s=1.0,
        channels=32,
        columns=1024,
        poses=[SensorPose(time_s=t, world_from_sensor=BODY.tolist()) for t in (0.0, 1.0)],
        **common,
    )
    rows = [[18.7, 0.27, 0, -10.0, 10, 30], [40.0, -0.1, 0, -30 * np.cos(0.1), 10, 30]]
    rows.append([60.0, 0.1, 0, 5.0, 0, 12])
    scan = Scan(
        np.array(rows, np.float32),
        np.array([CAR, RAIL, 0], np.uint16),
        np.array([2, 0, 0], np.uint16),
    )
    scanned = ScanLabels(
        sensor="nose",
        elevation=False,
        world_from_sensor=BODY.tolist(),
        velocity_mps=(0.0, 30.0, 0.0),
        **common,
    )
    out = tmp_path / "set"
    with open_output(out, makers.make_info()) as output:
        with SceneWriter(out, concrete) as writer:
            writer.write_trajectory(makers.make_trajectory(0))
            frame = makers.make_frame(0)
            writer.write_frame("front", 0, frame, makers.make_labels(concrete, frame, 0))
            writer.write_sweep("roof", 0, sweep, swept)
            writer.write_scan("nose", 0, scan, scanned)
        output.finish()
    return open_dataset(out)


def _car() -> RangedObject:
    return RangedObject(
        instance_id=2,
        name="car",
        category="car",
        box3d=Box3d(center_m=(20.0, 5, 0), size_m=(4.0, 2, 1.5), quaternion_wxyz=(1.0, 0, 0, 0)),
        position_world_m=(0.0, 27.0, 0.0),
        velocity_world_mps=(0.0, 20.0, 0.0),
        distance_m=20.6,
        num_points=1,
    )


def _at(image: np.ndarray, shown_m: tuple[float, float], x: float, y: float) -> np.ndarray:
    """Return the colours (3, 3, 3) around a place of the ego's plane."""
    per_m = WIDTH / (shown_m[1] - shown_m[0])
    column = round((x - shown_m[0]) * per_m - 0.5)
    row = round(HEIGHT / 2 - y * per_m - 0.5)
    return image[row - 1 : row + 2, column - 1 : column + 2].astype(int)


def test_a_sweep_is_drawn_where_the_ego_sees_it(dataset: Dataset) -> None:
    image = sweep_view(dataset.scene(dataset.scene_ids[0]), 0.0, WIDTH, HEIGHT)
    assert image is not None
    shown = (-28.0, 62.0)
    road, car, air = (_at(image, shown, *xy) for xy in ((10, 0), (18, 5), (6, -3)))
    assert (road.sum(axis=2) > 250).any()
    assert (car == category_colour("car")).all(axis=2).any()
    assert ((air[..., 0] > 200) & (air[..., 1] < 100)).any()
    # The box's left side, and nothing where the car would be if the ego looked along +x.
    assert (_at(image, shown, 20, 6)[..., 2] > 150).any()
    assert (_at(image, shown, -5, 20) < 60).all()


def test_detections_are_coloured_by_their_speed_over_ground(dataset: Dataset) -> None:
    image = scan_view(dataset.scene(dataset.scene_ids[0]), 0.0, WIDTH, HEIGHT)
    assert image is not None
    shown = (-25.0, 125.0)
    away = 18.7 * np.array([np.cos(0.27), np.sin(0.27)])
    rail = 40 * np.array([np.cos(-0.1), np.sin(-0.1)])
    car, still = (_at(image, shown, *xy)[1, 1] for xy in (away, rail))
    assert car[0] > car[2] + 80  # 30 m/s less the 10 that it comes nearer by
    assert np.ptp(still) < 20
    assert still.min() > 120


def test_the_page_shows_layers_of_what_was_sensed_only(dataset, makers, tmp_path) -> None:
    html = write_report(dataset, tmp_path / "r.html").read_text()
    assert html.count('class="view lidar"') == html.count('class="view radar"') == 1
    plain = makers.write_dataset(tmp_path / "plain", (0,))
    without = write_report(plain, tmp_path / "p.html").read_text()
    assert "LiDAR" not in without
    assert sweep_view(plain.scene(plain.scene_ids[0]), 0.0, WIDTH, HEIGHT) is None
    assert scan_view(plain.scene(plain.scene_ids[0]), 0.0, WIDTH, HEIGHT) is None
