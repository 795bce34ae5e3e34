"""Lamps light what they should, however many there are."""

from dataclasses import replace

import numpy as np
import pytest

from scenegen.records import CameraSpec, Lamp, Light, Spot, Weather
from scenegen.render.lamp_pass import groups
from scenegen.render.photometry import light_state
from scenegen.render.quality import QUALITIES
from scenegen.render.spots import SPOT_DTYPE, illuminance

_NIGHT = Light(sun_elevation_rad=-0.5, moon=0.0)
_MOONLIT = Light(sun_elevation_rad=-0.5, moon=1.0)
_CLEAR = Weather(visibility_m=50_000.0, cloud_cover=1.0)
_CAMERA = CameraSpec(width=160, height=96, position_m=(0.0, 0.0, 1.5))
_ALBEDO = 0.3  # of the ground


def _street(x, y, cd=90.0, color=(1.0, 0.8, 0.6)):
    return Spot((x, y, 7.0), (0.0, 0.0, -1.0), cd, 1.4, color, Lamp.STREET)


def _beam(y, z=0.7, cd=250.0):
    return Spot((2.0, y, z), (0.9992, 0.0, -0.04), cd, 0.5, (1.0, 1.0, 0.9), Lamp.LOW_BEAM)


def _picture(renderer, make_world, spots, weather=_CLEAR, light=_NIGHT):
    """Return the light (H, W, 3) of a plane under spots, and the frame."""
    scenario, trajectory = make_world(
        {2: ((2.0, 2.0, 3.0), (40.0, 9.0, 0.0))},
        light=light,
        weather=weather,
        camera=_CAMERA,
        spots=tuple(spots),
    )
    lamps = np.full_like(trajectory.lamps, int(Lamp.STREET | Lamp.LOW_BEAM))
    renderer.load(scenario, replace(trajectory, lamps=lamps))
    frame = renderer.draw("front", 0)
    return renderer.scene_linear(160, 96).astype(np.float64), frame


def _free(added):
    """Return the light of lamps as it is before what is bright is held back."""
    return added / (1.0 - added.max(axis=2, keepdims=True) / 8.0)


@pytest.mark.parametrize("shaded", [0, 4])
@pytest.mark.parametrize("light", [_NIGHT, _MOONLIT], ids=["dark", "moonlit"])
@pytest.mark.parametrize("wetness", [0.0, 0.4])
def test_many_lamps_light_as_much_as_each_alone(
    renderer, make_world, monkeypatch, light, wetness, shaded
):
    """Eleven street lamps of two colours and five beams: more than one program takes.

    What stands in moonlight throws shadows, which take inputs of programs, too.
    """
    monkeypatch.setitem(QUALITIES, "full", replace(QUALITIES["full"], shaded_spots=shaded))
    weather = Weather(cloud_cover=1.0 if light is _NIGHT else 0.0, wetness=wetness)
    spots = [_street(8.0 + 6.0 * k, 4.0 * (-1) ** k) for k in range(11)]
    spots[5] = replace(spots[5], color=(0.5, 0.8, 1.0))
    spots += [_beam(y) for y in (-1.4, -0.7, 0.0, 0.7, 1.4)]

    def added(some):
        return _free(_picture(renderer, make_world, some, weather, light)[0] - dark)

    dark, _ = _picture(renderer, make_world, [], weather, light)
    together = added(spots)
    parts = (spots[:5], spots[5:6], spots[6:12], spots[12:])
    apart = sum(added(part) for part in parts)
    shown = apart.max(axis=2) > 0.01
    assert shown.mean() > 0.3
    alike = np.abs(together[shown] / apart[shown] - 1.0) < 0.05
    # Only where the ego stands in the light of four of them does it matter which these are.
    assert alike.mean() > 0.99 if shaded else alike.all()


@pytest.mark.parametrize("fog_m", [300.0, 50_000.0])
@pytest.mark.parametrize("wetness", [0.0, 0.6])
@pytest.mark.parametrize("beams", range(5))
def test_any_four_lamps_may_throw_shadows(renderer, make_world, beams, wetness, fog_m):
    """Each mixture is a program of its own, and all have to fit a GPU's inputs."""
    weather = Weather(cloud_cover=1.0, wetness=wetness, visibility_m=fog_m)
    spots = [_street(8.0 + 6.0 * k, 4.0) for k in range(4 - beams)]
    spots += [_beam(y) for y in (-1.4, -0.7, 0.7, 1.4)[:beams]]
    assert _picture(renderer, make_world, spots, weather)[0].max() > 0.01


def _table(spot):
    """Return a spot of the ego as a table of one, in the frame of the camera above it."""
    table = np.zeros(1, dtype=SPOT_DTYPE)
    turn = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
    cosine, place = np.cos(spot.cone_rad), np.array(spot.position_m) - [0.0, 0.0, 1.5]
    reach = min(np.sqrt(spot.intensity_cd / 0.15), 120.0)
    axis = turn @ spot.direction / np.linalg.norm(spot.direction)
    table["position_range"][0] = (*turn @ place, reach)
    table["axis_cone"][0] = np.array([*axis, cosine]) / (1.0 - cosine)
    table["intensity"][0] = (*(spot.intensity_cd * np.array(spot.color)), reach**-2.0)
    table["up_cut"][0] = (0.0, -1.0, 0.0, 1.0 if spot.lamp == Lamp.LOW_BEAM else -1.0)
    return table


def _rugged(to, back):
    """Return what rough ground throws back along (P, 3), to a matt one: Fujii's Oren-Nayar."""
    light, view = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (to, back))
    nl, nv = -light[:, 1], -view[:, 1]
    toward = (light * view).sum(axis=1) - nl * nv
    toward /= np.where(toward > 0, np.maximum(nl, nv), 1)
    return (1 + 0.4 * toward) / 1.04


@pytest.mark.parametrize("spot", [_street(12.0, 3.0), _beam(0.0)], ids=["street", "beam"])
@pytest.mark.parametrize("sight_m", [50_000.0, 250.0], ids=["clear", "fog"])
def test_a_lamp_gives_the_ground_its_illuminance(renderer, make_world, spot, sight_m):
    """By the square of the distance, the beam, the cosine, and what the air lets through."""
    weather = Weather(visibility_m=sight_m, cloud_cover=1.0)
    dark, _ = _picture(renderer, make_world, [], weather)
    lit, frame = _picture(renderer, make_world, [spot], weather)
    rows, columns = np.mgrid[60:96:4, 20:140:6]
    camera = frame.camera
    rays = np.stack(
        [(columns + 0.5 - camera.cx) / camera.fx, (rows + 0.5 - camera.cy) / camera.fy], axis=-1
    )
    places = np.dstack([rays, np.ones(rows.shape)]) * frame.depth_m[rows, columns, None]
    table, places = _table(spot), places.reshape(-1, 3)
    lux = illuminance(table, places, 3.0 / sight_m)[0]
    to = table["position_range"][0, :3] - places
    flat = lux * -to[:, 1] / np.linalg.norm(to, axis=1) * _rugged(to, -places)
    shown = _free(lit - dark)[rows, columns, 0].ravel()
    share = shown[flat > 0.02] / (flat[flat > 0.02] * _ALBEDO / np.pi)
    assert len(share) > 20
    exposure = light_state(_NIGHT, weather, town=False).exposure
    # Gloss adds a fifth to the matt part, and more where rays graze the ground.
    assert 1.0 < np.median(share) / exposure < 1.25
    assert np.percentile(np.abs(share / np.median(share) - 1.0), 80) < 0.15


def test_lamps_that_differ_in_their_last_digits_are_added_at_once():
    spots = np.concatenate([_table(_beam(0.0)), _table(_beam(0.5)), _table(_street(9.0, 3.0))])
    spots["axis_cone"][1] *= 1.0 + 1e-6
    spots["intensity"][1] *= 2.0
    (lamps,) = groups(spots, np.array([0.0, -1.0, 0.0]))
    assert lamps.street is not None
    assert lamps.street.lamps.shape == (1, 4)
    assert lamps.beams is not None
    assert lamps.beams.lamps.shape == (2 * 4, 4)


@pytest.mark.parametrize(
    "spot", [_beam(1.5, cd=5000.0), _street(10.0, 3.0, cd=300.0)], ids=["beam", "street"]
)
def test_what_stands_before_a_lamp_throws_a_shadow(renderer, make_world, spot):
    """The ground that a box hides from the lamp is as dark as without it, that beside as bright."""
    boxes = {7: ((0.5, 1.0, 1.2), np.tile([10.0, 0.5, 0.0], (5, 1)))}

    def ground(spots, boxes, y):
        light = {"light": _NIGHT, "weather": _CLEAR, "camera": _CAMERA, "spots": spots}
        scenario, trajectory = make_world(boxes, **light)
        lamps = np.full_like(trajectory.lamps, int(Lamp.STREET | Lamp.LOW_BEAM))
        renderer.load(scenario, replace(trajectory, lamps=lamps), "full")
        camera = renderer.draw("front", 0).camera
        x = 15.0 if spot.lamp == Lamp.LOW_BEAM else 10.0
        row, column = camera.cy + camera.fy * 1.5 / x, camera.cx - camera.fx * y / x
        return float(renderer.scene_linear(160, 96)[int(row), int(column), 1])

    for y, share in ((-0.25, 0.0), (-2.5, 1.0)):
        dark, lit = ground((), {}, y), ground((spot,), {}, y)
        behind = ground((spot,), boxes, y) - ground((), boxes, y)
        assert lit > 1.5 * dark
        assert behind / (lit - dark) == pytest.approx(share, abs=0.12)
