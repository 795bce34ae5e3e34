"""Houses, hedges, walls and crests hide people from monitors, as they do in pictures."""

import numpy as np
import pytest

from scenegen.geometry import quaternion_from_rpy
from scenegen.monitor import judge
from scenegen.monitor.sight import Sight
from scenegen.records import Prop
from scenegen.render import make_renderer
from scenegen.sample import draw
from scenegen.scenario import load_scenario, parse_scenario
from scenegen.simulate import simulate
from scenegen.simulate.coasting import coasting

STREET = """
scenario: behind
description: Somebody beside the road, and a car that comes.
duration: 4 s
road: {kind: straight, length: 220 m, sidewalk: 3 m}
sensors: {front: {}}
ego: {asset: vehicle.sedan, variant: 0, place: {lane: forward_0, s: 40 m}, speed: 0 m/s}
actors:
  adult: {asset: person.adult, variant: 0, place: {lane: sidewalk_right, s: 70 m}}
  cone: {asset: object.cone, variant: 0, place: {lane: sidewalk_right, s: 70 m, lateral: 1 m}}
monitors:
  adult: always(occluded(ego.front, adult))
  cone: always(occluded(ego.front, cone))
  back: always(occluded(adult, ego))
  seen: eventually(visible_from(ego.front, adult) and not occluded(ego.front, adult))
"""
ACROSS = tuple(quaternion_from_rpy(0.0, 0.0, np.pi / 2).tolist())


def judged(*props, text=STREET):
    concrete = draw(parse_scenario(text, "behind.yaml"), 0, 0).model_copy(update={"props": props})
    run = coasting(concrete.actors, 4 * concrete.rates.control_hz + 1, concrete.rates)
    return judge(concrete, run)


def across(asset, at_m, size_m):
    """Something that stands across the sidewalk; the first lane is to the right of the middle."""
    return Prop(
        asset_id=asset, position_m=(at_m, -5.0, 0.15), quaternion_wxyz=ACROSS, size_m=size_m
    )


def test_nobody_is_hidden_by_nothing():
    found = judged()
    assert found["adult"] < -0.5
    assert found["cone"] < 0
    assert found["seen"] > 0


def test_a_hedge_hides_both_from_each_other():
    found = judged(across("prop.hedge", 66.0, (6.0, 0.7, 2.4)))
    assert found["adult"] > 0
    assert found["cone"] > 0
    assert found["back"] > 0
    assert found["seen"] < 0


def test_a_grown_up_is_seen_over_a_low_wall_and_what_is_low_is_not():
    """The wall is 0.8 m high, the eye at 1.3 m: the line to the cone's top passes through it."""
    found = judged(across("prop.concrete_barrier", 68.0, (6.0, 0.3, 0.8)))
    assert -1.0 < found["adult"] < 0
    assert found["cone"] > 0


def test_the_corner_of_a_house_hides_who_is_behind_it_until_the_car_is_past():
    house = Prop(asset_id="prop.building", position_m=(60.0, -9.0, 0.15), size_m=(12.0, 12.0, 6.0))
    # Its side is 3 m from the road's middle, the sidewalk within it.
    text = STREET.replace("s: 40 m}, speed: 0 m/s", "s: 40 m}, speed: 12 m/s")
    text = text.replace("  seen:", "  until: always[0 s, 0.5 s](occluded(ego, adult))\n  seen:")
    found = judged(house, text=text)
    assert found["until"] > 0
    assert found["adult"] < 0
    assert found["seen"] > 0


def test_a_crest_hides_a_car_beyond_it():
    text = STREET.replace("kind: straight, length: 220 m", "kind: hill, length: 400 m, crest: 8 m")
    text = text.replace("s: 70 m}", "s: 360 m}")
    found = judged(text=text)
    assert found["adult"] > 0
    assert found["back"] > 0


# Of each, scenes in which houses, hedges, trees, signs or a crest hide somebody.
SCENES = {
    "breakdown_crest": (0, 1),
    "red_light_cyclist": (0, 1),
    "queue_behind_bend": (0,),
    "dooring": (0,),
}


@pytest.mark.slow
def test_who_is_hidden_by_what_stands_has_no_pixel(monkeypatch):
    """And who has none is hidden, but for less than one in a hundred.

    Those whom other actors hide are left out: these are boxes, which hide more than their shapes.
    """
    hidden, seen, wrong = 0, 0, []
    with make_renderer("opengl") as renderer:
        for name, indices in SCENES.items():
            for index in indices:
                concrete = draw(load_scenario(name), 0, index)
                run = simulate(concrete)
                renderer.load(concrete, run)
                camera = next(iter(concrete.cameras))
                sight = Sight(concrete, run)
                view = sight.view(1, camera)
                told = {
                    actor.instance_id: (
                        sight.hidden(1, camera, actor.instance_id),
                        _by_actors(sight, camera, actor.instance_id, monkeypatch),
                        sight.seen(view, actor.instance_id),
                    )
                    for actor in concrete.actors
                    if actor.name != "ego" and actor.attached_to is None
                }
                for frame in range(0, concrete.frame_count, 10):
                    row = concrete.frame_rows[frame]
                    shown = set(np.unique(renderer.draw(camera, frame).instance).tolist())
                    for number, (depth, by_actors, within) in told.items():
                        if within[row] < 1.0 or by_actors[row] >= 0:
                            continue
                        hidden += depth[row] >= 0
                        seen += depth[row] < 0
                        if (depth[row] >= 0) == (number in shown):
                            wrong.append((name, index, frame, number, depth[row]))
    assert hidden >= 15
    assert seen >= 150
    assert [one for one in wrong if one[-1] >= 0] == []
    assert len(wrong) < 0.01 * seen


def _by_actors(sight, camera, number, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sight._standing, "depth", lambda eye, points, known: known)
        return sight.hidden(1, camera, number)
