"""Labels from what is stored of a drawn scene are those of the drawn scene itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset.layout import MANIFEST, SCENES
from scenegen.dataset.raw_truth import decode_raw, encode_raw
from scenegen.errors import DatasetError
from scenegen.geometry import Camera
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.nightly.drawing import drawn
from scenegen.pipeline.nightly.labelling import labelled
from scenegen.pipeline.nightly.simulating import simulated
from scenegen.pipeline.nightly.store import Store
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.records import Frame, Pieces, Silhouette
from scenegen.sample import parse_rig
from scenegen.scenario import load_scenario

TINY = str(Path(__file__).parents[2] / "data" / "tiny.yaml")
RIG = {
    "rolling": {"width": 96, "height": 64, "hfov": "70 deg", "readout": "30 ms"},
    "fish": {
        "width": 64,
        "height": 64,
        "hfov": "150 deg",
        "lens": {"model": "kannala_brandt", "k1": 0.02},
    },
    "roof": {"kind": "lidar", "channels": 8, "columns": 90, "position": ["0 m", "0 m", "1.9 m"]},
    "bumper": {"kind": "radar", "position": ["2.4 m", "0 m", "0.5 m"]},
}


@pytest.mark.slow
def test_as_if_labelled_while_it_is_drawn(tmp_path: Path) -> None:
    sensors = parse_rig(RIG, "sensors")
    config = GenerateConfig.parse({"out": "-", "quality": "fast", "layers": "all"})
    store, logical = Store(tmp_path / "store"), load_scenario(TINY)
    simulated(store, "aa", logical, 0, 3)
    run = store.folder("simulate", "aa")
    first = drawn(store, "bb", run, config, sensors)
    labels = labelled(store, "cc", run, store.folder("draw", "bb"), config, sensors)
    layers = ("flow_back", "scene_flow", "nocs", "lanes", "drivable")
    job = SceneJob(logical, 0, 3, str(tmp_path / "at_once"), sensors, quality="fast", layers=layers)
    made = make_scene(job)
    assert labels.frames == first.frames == made.frames
    alone = tmp_path / "at_once" / SCENES / job.scene_id
    scene = store.folder("label", "cc") / SCENES / job.scene_id
    assert (scene / MANIFEST).read_bytes() == (alone / MANIFEST).read_bytes()
    for path in alone.rglob("*.*"):
        assert (scene / path.relative_to(alone)).read_bytes() == path.read_bytes()
    picture = store.folder("draw", "bb") / "fish/rgb/000000.png"
    assert picture.stat().st_ino == (scene / "fish/rgb/000000.png").stat().st_ino

    raw = store.folder("draw", "bb") / "rolling/raw/000000.npz"
    raw.write_bytes(raw.read_bytes()[:-1])
    with pytest.raises(DatasetError, match=r"damaged; remove .* to draw the scene anew"):
        labelled(store, "dd", run, store.folder("draw", "bb"), config, sensors)


def test_raw_truth_keeps_every_bit() -> None:
    generator = np.random.default_rng(0)
    shape = (5, 7)
    depth = generator.uniform(0.3, 400.0, shape).astype(np.float32)
    depth[0] = np.inf
    frame = Frame(
        step=0,
        camera=Camera(7, 5, 4.0, 4.0, 3.5, 2.5, np.eye(4)),
        world_from_camera=generator.normal(size=(4, 4)),
        next_world_from_camera=generator.normal(size=(4, 4)),
        rgb=np.zeros((*shape, 3), np.uint8),
        depth_m=depth,
        instance=np.zeros(shape, np.uint16),
        semantic=np.zeros(shape, np.uint8),
        normal=None,
        flow_px=None,
        flow_valid=None,
        silhouettes={7: Silhouette(box=(-1.5, 0.0, 3.0, 4.0), area_px=9, inside_px=4)},
        pieces=Pieces(
            generator.integers(2**32, size=shape, dtype=np.uint32),
            np.array([0, 65535], np.uint16),
            np.array([0, -3], np.int32),
            np.array([-1, 2], np.int32),
        ),
    )
    data = encode_raw(frame)
    assert data == encode_raw(frame)
    raw = decode_raw(data)
    assert raw.depth_m.tobytes() == depth.tobytes()
    assert raw.silhouettes == frame.silhouettes
    assert raw.world_from_camera.tobytes() == frame.world_from_camera.tobytes()
    assert raw.next_world_from_camera.tobytes() == frame.next_world_from_camera.tobytes()
    for name in ("picture", "instance", "part", "prop"):
        np.testing.assert_array_equal(getattr(raw.pieces, name), getattr(frame.pieces, name))
    with pytest.raises(ValueError, match="no raw truth"):
        decode_raw(data[:200])
