"""Detail follows from how near the ego comes, and from nothing else."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from scenegen.pipeline.detail import with_detail
from scenegen.records import ConcreteScenario, Prop, Trajectory
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate

TINY = str(Path(__file__).parents[1] / "data" / "tiny.yaml")


@lru_cache(maxsize=1)
def scene() -> tuple[ConcreteScenario, Trajectory]:
    concrete = draw(load_scenario(TINY), 0, 0)
    return concrete, simulate(concrete)


def test_far_things_have_less_detail_by_powers_of_two() -> None:
    concrete, trajectory = scene()
    path = trajectory.position_m[:, trajectory.column(concrete.ego.instance_id)]
    away = [0.0, 10.0, 40.0, 160.0, 640.0]
    bushes = tuple(
        Prop(asset_id="prop.bush", position_m=(*(path[-1, :2] + [0.0, d]).tolist(), 0.0))
        for d in away
    )
    seen = with_detail(concrete.model_copy(update={"props": bushes}), trajectory)
    detail = np.array([prop.detail_m for prop in seen.props])
    assert detail[0] == 0.0
    assert (np.diff(detail) > 0.0).all()
    assert np.array_equal(np.log2(detail[1:]) % 1.0, np.zeros(4))
    # Less than a pixel wide from the nearest point of the way.
    camera = next(iter(concrete.cameras.values())).camera()
    nearest = [np.linalg.norm(path - np.array(p.position_m), axis=1).min() for p in bushes]
    assert (detail * camera.fx < np.array(nearest)).all()
    assert seen.ego.detail_m == 0.0


def test_it_is_the_same_twice_and_leaves_the_rest_alone() -> None:
    concrete, trajectory = scene()
    once = with_detail(concrete, trajectory)
    assert with_detail(once, trajectory) == once
    bare = {"detail_m": 0.0}
    assert tuple(p.model_copy(update=bare) for p in once.props) == concrete.props
    assert tuple(a.model_copy(update=bare) for a in once.actors) == concrete.actors


def test_without_a_camera_everything_keeps_its_detail() -> None:
    concrete, trajectory = scene()
    blind = concrete.model_copy(update={"sensors": {}})
    assert with_detail(blind, trajectory) == blind
