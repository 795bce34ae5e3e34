"""Optional layers from the key of `generate` to the files, through `verify` and `replay`."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset import Dataset, open_dataset
from scenegen.errors import InputError
from scenegen.pipeline.config import GenerateConfig, ReplayConfig, VerifyConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.layers import layers_of
from scenegen.pipeline.replay import replay
from scenegen.pipeline.requested import requested, resolved_config
from scenegen.pipeline.verify import verify
from scenegen.records.pixels import OPTIONAL_LAYERS
from scenegen.report.layer_views import LAYER_VIEWS, layer_views

CAMERA = {"width": 160, "height": 96, "hfov": "70 deg", "position": ["0.4 m", "0 m", "1.35 m"]}
PLAN = """plan: layers
generate:
  - scenario: crowd_at_zebra
    num_scenes: 1
    override: {rates.camera: 2, duration: 1 s}
"""


@pytest.fixture(scope="module")
def layered(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A scene of two frames with all layers."""
    folder = tmp_path_factory.mktemp("layers")
    (folder / "plan.yaml").write_text(PLAN)
    config = GenerateConfig(
        plan=str(folder / "plan.yaml"),
        out=str(folder / "set"),
        sensors={"front": CAMERA},
        quality="fast",
        layers="all",
    )
    generate(config, io.StringIO())
    return open_dataset(folder / "set")


def test_all_layers_are_written_read_and_hold(layered: Dataset) -> None:
    frames = next(iter(layered)).frames("front")
    assert [frame.entry.layers[-5:] for frame in frames] == [OPTIONAL_LAYERS] * 2
    frame = frames[1]
    flow, valid = frame.flow_back
    ways, moved = frame.scene_flow
    nocs, shown = frame.nocs
    assert (flow.shape, ways.shape, nocs.shape) == ((96, 160, 2), (96, 160, 3), (96, 160, 3))
    assert valid.any()
    assert moved.any()
    np.testing.assert_array_equal(shown, frame.instance > 0)
    assert set(np.unique(frame.lanes).tolist()) - {0}
    assert 1 in frame.drivable
    assert {f"path.{name}" for name in OPTIONAL_LAYERS} <= set(layered.index.column_names)
    assert layered.info.config["layers"] == ",".join(OPTIONAL_LAYERS)
    result = verify(VerifyConfig(dataset=str(layered.path)), io.StringIO())
    assert result.ok, result.violations
    assert result.checked["drivable"] == 2


def test_labels_tell_joints_signs_and_lines(layered: Dataset) -> None:
    labels = next(iter(layered)).frames("front")[1].labels
    people = [o for o in labels.objects if o.skeleton]
    assert people
    assert all(o.skeleton_visible.keys() == o.skeleton.keys() for o in people)
    assert {v for o in people for v in o.skeleton_visible.values()} >= {1, 2}
    assert [lane.ego_index for lane in labels.lanes].count(1) == 1
    for sign in labels.signs:
        x1, y1, x2, y2 = sign.box2d_visible
        assert 0 < sign.visible_px <= (x2 - x1) * (y2 - y1)


def test_a_replay_makes_them_again(layered: Dataset) -> None:
    config = ReplayConfig(dataset=str(layered.path), scene=layered.scene_ids[0])
    assert replay(config).different == ()


def test_every_layer_is_shown(layered: Dataset) -> None:
    frame = next(iter(layered)).frames("front")[1]
    views = layer_views(frame)
    assert set(LAYER_VIEWS) | {"joints"} <= set(views)
    assert all(view.shape == (96, 160, 3) and view.dtype == np.uint8 for view in views.values())


@pytest.mark.parametrize(
    ("names", "layers"),
    [
        ("", ()),
        ("all", OPTIONAL_LAYERS),
        ("drivable, flow_back", ("flow_back", "drivable")),
        ("nocs,all", OPTIONAL_LAYERS),
    ],
)
def test_names(names: str, layers: tuple[str, ...]) -> None:
    assert layers_of(names) == layers


def test_a_layer_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no layer 'drivabel'.*drivable"):
        layers_of("nocs,drivabel")
    config = GenerateConfig(
        scenario="night_jaywalk", out=str(tmp_path), layers="all", renderer="pyrender"
    )
    with pytest.raises(InputError, match="renderer=opengl"):
        generate(config, io.StringIO())


def test_nobody_is_told_of_layers_that_nobody_asked_for(tmp_path: Path) -> None:
    config = GenerateConfig(scenario="night_jaywalk", out=str(tmp_path))
    assert "layers" not in resolved_config(config, requested(config))
