"""Pairs of headlamps as one lamp light as much as both."""

from __future__ import annotations

import numpy as np

from scenegen.records import Lamp, Spot
from scenegen.render import build_scene
from scenegen.render.spots import SpotTable


def _lamp(y: float, **more: object) -> Spot:
    told = {"direction": (1.0, 0.0, 0.0), "intensity_cd": 8000.0, "cone_rad": 0.5}
    told |= {"color": (1.0, 1.0, 1.0), "lamp": Lamp.LOW_BEAM}
    return Spot((1.9, y, 0.6), **(told | more))  # type: ignore[arg-type]


def _picked(make_world, spots, *, joined):
    scene = build_scene(*make_world(spots=spots))
    table = SpotTable(scene, joined=joined)
    poses = scene.world_from_objects(0)
    ego = next(i for i, o in enumerate(scene.objects) if o.instance_id == 1)
    lamps = np.full(len(poses), int(Lamp.LOW_BEAM | Lamp.BRAKE), np.uint32)
    here = poses[ego] @ np.array(
        [[0.0, 0.0, 1.0, 0.0], [-1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 1.2], [0.0, 0.0, 0.0, 1.0]]
    )
    return table.pick(here, poses, lamps, scene.valid[0], (0.0, 0.0))


def test_a_pair_is_one_lamp_between_the_two_and_as_bright(make_world):
    spots = (_lamp(-0.6), _lamp(0.6))
    (pair,), each = (_picked(make_world, spots, joined=j) for j in (True, False))
    assert len(each) == 2
    assert np.allclose(pair["position_range"][:3], each["position_range"][:, :3].mean(axis=0))
    assert np.allclose(pair["intensity"][:3], each["intensity"][:, :3].sum(axis=0))
    assert np.allclose(pair["axis_cone"], each["axis_cone"][0])


def test_lamps_of_another_kind_colour_way_or_place_stay_apart(make_world):
    others = (
        _lamp(0.6, lamp=Lamp.BRAKE),
        _lamp(0.6, color=(1.0, 0.5, 0.0)),
        _lamp(0.6, direction=(0.96, 0.28, 0.0)),
        _lamp(5.0),
    )
    for other in others:
        assert len(_picked(make_world, (_lamp(-0.6), other), joined=True)) == 2
