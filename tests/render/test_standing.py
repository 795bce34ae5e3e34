"""What stands still as far as shadows can show."""

from dataclasses import dataclass

import numpy as np
import pytest

from scenegen.geometry import pose
from scenegen.render.gpu_scene import standing
from scenegen.render.poses import Poses, stacked

ROWS = 4


@dataclass(frozen=True)
class Scene:
    """What `standing` asks of a scene: three things of one part each, the second always there."""

    parts: Poses
    valid: np.ndarray
    part_object: np.ndarray
    live: bool = False


def _scene(steps_m: float) -> Scene:
    upright = np.array([1.0, 0.0, 0.0, 0.0])
    places = np.arange(ROWS)[:, None] * [steps_m, 0.0, 0.0]
    moves = pose(places, np.broadcast_to(upright, (ROWS, 4)))
    post = pose(np.array([3.0, 0.0, 0.0]), upright)[None]
    valid = np.ones((ROWS, 3), dtype=bool)
    valid[-1, 2] = False
    return Scene(stacked([moves, post, post], ROWS), valid, np.arange(3))


@pytest.mark.parametrize(("steps_m", "stands"), [(0.0, True), (0.001, True), (0.02, False)])
def test_what_settles_by_millimetres_stands_and_what_rolls_does_not(steps_m, stands):
    still, poses = standing(_scene(steps_m))
    assert still.tolist() == [stands, True, False]
    np.testing.assert_array_equal(poses[1, :3, 3], [3.0, 0.0, 0.0])


def test_nobody_knows_who_stands_while_rows_become_known():
    scene = _scene(0.0)
    still, _ = standing(Scene(scene.parts, scene.valid, scene.part_object, live=True))
    assert still.tolist() == [False, True, False]
