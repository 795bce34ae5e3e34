"""Labels of drawn scenes against the oracle, and the oracle against what is known."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset import FrameReader, open_dataset
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.generate import generate
from tests.oracle.annotator import Oracle
from tests.oracle.compare import compare
from tests.oracle.rays import Soup

CAMERAS = {
    "front": {"width": 240, "height": 144, "hfov": "70 deg", "position": ["0.4 m", "0 m", "1.3 m"]},
    "side": {
        "width": 160,
        "height": 160,
        "hfov": "170 deg",
        "position": ["0.6 m", "1 m", "1.1 m"],
        "yaw": "80 deg",
        "lens": {"model": "kannala_brandt", "k1": -0.03, "k2": 0.004, "field": "180 deg"},
    },
}
SCENARIOS = ("crowd_at_zebra", "motorcycle_filters", "cargo_fall")


def test_rays_pass_backs_and_stop_at_fronts() -> None:
    """A triangle that faces away lets the ray on to one that doesn't."""
    away = np.array([[[-9.0, -9.0, 2.0], [9.0, -9.0, 2.0], [0.0, 9.0, 2.0]]])
    corners = np.concatenate([away, away[:, ::-1] * [1.0, 1.0, 2.5]])
    ahead, near, far = np.array([[0.0, 0.0, 1.0]]), np.array([0.3]), np.array([400.0])
    triangle, at = Soup(corners, np.array([False, False])).first(ahead, near, far)
    assert (triangle[0], at[0]) == (1, 5.0)
    triangle, at = Soup(corners, np.array([True, False])).first(ahead, near, far)
    assert (triangle[0], at[0]) == (0, 2.0)
    assert Soup(corners, np.array([True, True])).first(ahead, near, np.array([1.0]))[0][0] == -1
    assert Soup(corners, np.array([True, True])).first(-ahead, near, far)[0][0] == -1


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[FrameReader, Oracle]]:
    folder = tmp_path_factory.mktemp("oracle")
    entries = "".join(
        f"  - {{scenario: {name}, num_scenes: 1, override: {{rates.camera: 1}}}}\n"
        for name in SCENARIOS
    )
    plan = folder / "plan.yaml"
    plan.write_text(f"plan: oracle\ngenerate:\n{entries}")
    keys = {"plan": str(plan), "out": str(folder / "set"), "sensors": CAMERAS, "seed": 11}
    generate(GenerateConfig.parse({**keys, "quality": "fast"}), io.StringIO())
    return list(_frames(folder / "set"))


def _frames(path: Path) -> Iterator[tuple[FrameReader, Oracle]]:
    for scene in open_dataset(path):
        oracle = Oracle(scene.scenario, scene.trajectory)
        for frame in scene.frames():
            yield frame, oracle


@pytest.mark.slow
def test_labels_are_those_of_the_oracle(frames: list[tuple[FrameReader, Oracle]]) -> None:
    objects = 0
    for frame, oracle in frames:
        found = compare(frame, oracle)
        assert found.faults == ()
        assert found.edge_px < 1e-3 * found.pixels
        objects += found.objects
    assert objects > 50


@pytest.mark.slow
def test_the_oracle_sees_what_is_wrong(frames: list[tuple[FrameReader, Oracle]]) -> None:
    """Labels of another moment of the same scene don't pass."""
    first, oracle = frames[0]
    later = next(f for f, o in reversed(frames) if o is oracle and f.sensor == first.sensor)
    labels = later.labels.model_copy(update={"step": first.labels.step})

    class Swapped(FrameReader):
        labels = property(lambda _: labels)

    assert compare(Swapped(later.scene_path, later.entry), oracle).faults
