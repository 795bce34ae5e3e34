"""Long vehicles in tight bends: what they sweep by geometry, and the room they make for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion
from scenegen.records.base import F64
from scenegen.roads import beyond_carriageway, build_network
from scenegen.simulate.specs import vehicle_spec
from scenegen.simulate.swept import STEP_M, Rig, outlines, rig_of
from tests.simulate.conftest import Played

Play = Callable[..., Played]


def rig(vehicle: str, trailer: bool = False) -> Rig:
    spec, behind = (
        vehicle_spec(a, a.mass_kg) for a in (assets.get(vehicle), assets.get("trailer.semi"))
    )
    return rig_of(spec, behind if trailer else None)


def circle(radius: float, length: float) -> F64:
    """Return points (1, M, 2) 1 m apart: a straight and then a bend to the left about (0, R)."""
    straight = np.stack([np.arange(-40.0, 0.0), np.zeros(40)], axis=-1)
    angle = np.arange(0.0, length) / radius
    arc = radius * np.stack([np.sin(angle), 1.0 - np.cos(angle)], axis=-1)
    return np.vstack([straight, arc])[None]


@settings(max_examples=15, deadline=None)
@given(st.floats(14.0, 40.0), st.sampled_from(["vehicle.bus", "vehicle.box_truck"]))
def test_a_steady_bend_is_swept_as_wide_as_the_formula_says(radius: float, vehicle: str) -> None:
    bus = rig(vehicle)
    swept = outlines(bus, circle(radius, 120.0), 4.0, 3.0)[0, -40:-10]
    away = np.hypot(swept[..., 0], swept[..., 1] - radius)
    # The rear axle goes on its own circle, whose side is the innermost edge.
    axle = away.min() + bus.half_m
    assert np.ptp(away.min(axis=1)) < 0.05
    assert away.max() - away.min() == pytest.approx(bus.swept_width_m(axle), abs=0.03)


@pytest.mark.parametrize("radius", [15.0, 20.0, 30.0])
def test_a_semitrailer_off_tracks_by_its_length(radius: float) -> None:
    """Its axles' circle touches the line to the kingpin: r² = R² + h² - l²."""
    lorry = rig("vehicle.tractor", trailer=True)
    swept = outlines(lorry, circle(radius, 200.0), 4.0, 3.0)[0, -60:-20]
    away = np.hypot(swept[..., 0], swept[..., 1] - radius)
    axle = np.hypot(*(0.5 * (swept[-1, 1] + swept[-1, 5]) - (0.0, radius)))
    inner = np.sqrt(axle**2 + lorry.hitch_m**2 - lorry.trailer_m**2) - lorry.half_m
    assert away.min() == pytest.approx(inner, abs=0.06)
    assert away.max() - away.min() == pytest.approx(lorry.swept_width_m(axle), abs=0.06)


def test_what_drives_straight_sweeps_its_own_width() -> None:
    lorry = rig("vehicle.tractor", trailer=True)
    ways = np.stack([np.arange(80.0), np.zeros(80)], axis=-1)[None]
    swept = outlines(lorry, ways, 5.0, 4.0)[0]
    assert np.abs(swept[..., 1]).max() == pytest.approx(lorry.half_m)
    assert np.diff(swept[:, 0, 0]) == pytest.approx(STEP_M)


def beyond_kerb(played: Played, name: str) -> tuple[float, float]:
    """Return how far an actor's wheels, and the sides of its body, got beyond the carriageway."""
    asset = assets.drawn(played.actor(name))
    wheels = [(w.position_m[0], 1.12 * w.position_m[1]) for w in asset.wheels]
    body = [(x, y) for x in np.linspace(*asset.bounds_m[:, 0], 9) for y in (-1.275, 1.275)]
    turn = matrix_from_quaternion(played.trajectory.quaternion_wxyz[:, played.column(name)])
    network = build_network(played.scenario.road)
    found = []
    for points in (wheels, body):
        arms = np.column_stack([points, np.zeros(len(points))])
        at = played.at(name)[:, None] + np.einsum("tij,pj->tpi", turn, arms)
        found.append(float(beyond_carriageway(network, at[..., :2]).max()))
    return found[0], found[1]


ROAD = "{{kind: t_junction, length: 220 m, sidewalk: 2 m, side: {side}, corner_radius: {radius} m}}"
WAY = """ego: {{asset: {asset}, place: {{lane: forward_0, s: 70 m}}, speed: 30 km/h,
      behaviour: [{{do: follow_lane, {way}}}]}}
"""
TRAILER = "actors: {trailer: {asset: trailer.semi, place: {attached_to: ego}}}\n"
RING = "{kind: roundabout, length: 220 m, inscribed_diameter: 36 m, sidewalk: 2 m}"


@pytest.mark.parametrize(
    ("asset", "side", "radius", "over_m"),
    [
        ("vehicle.bus", "right", 8, 0.0),
        ("vehicle.bus", "left", 8, 0.3),
        ("vehicle.box_truck", "left", 8, 0.2),
        ("vehicle.tractor", "right", 8, 0.25),
        ("vehicle.tractor", "left", 12, 0.3),
    ],
)
def test_at_a_corner_all_wheels_stay_on_the_road(
    play: Play, asset: str, side: str, radius: float, over_m: float
) -> None:
    """Overhangs may reach over the kerb by a hand or two; wheels don't climb it.

    A semitrailer's last wheels graze a kerb of 8 m: guidelines ask for more where it turns.
    """
    pulls = asset == "vehicle.tractor"
    actors = WAY.format(asset=asset, way=f"turn: {side}") + (TRAILER if pulls else "")
    played = play(actors, "20 s", ROAD.format(side=side, radius=radius))
    for name in ("ego", "trailer") if pulls else ("ego",):
        wheels, body = beyond_kerb(played, name)
        assert wheels < (over_m if pulls and radius < 10 else 0.0)
        assert body < over_m
    assert abs(played.at("ego")[-1, 1]) > 40.0
    assert played.speed("ego").min() > 2.0
    assert not len(played.trajectory.contacts)


@pytest.mark.parametrize("pulls", [False, True])
def test_lorries_and_their_trailers_get_around_a_roundabout(play: Play, pulls: bool) -> None:
    asset = "vehicle.tractor" if pulls else "vehicle.box_truck"
    played = play(WAY.format(asset=asset, way="exit: 2") + (TRAILER if pulls else ""), "24 s", RING)
    wheels = [beyond_kerb(played, name)[0] for name in (("ego", "trailer") if pulls else ("ego",))]
    # A semitrailer's last wheels need the rim of the island, as they do in compact ones.
    assert max(wheels) < (0.5 if pulls else 0.0)
    assert played.at("ego")[-1, 0] > 140.0
    assert not len(played.trajectory.contacts)


def test_cars_and_wide_bends_are_driven_as_ever(play: Play) -> None:
    """Nobody swings out who has no need to: the middle of the lane it is."""
    road = "{kind: curve, length: 300 m, radius: 120 m, arc: 0.8 rad}"
    lorry = "ego: {asset: vehicle.tractor, place: {lane: forward_0, s: 60 m}, speed: 50 km/h}\n"
    played = play(lorry + TRAILER, "8 s", road)
    lane = build_network(played.scenario.road).lane("forward_0").centre[:, :2]
    away = np.linalg.norm(played.at("ego")[:, None, :2] - lane, axis=-1).min(axis=1)
    assert away.max() < 1.1  # points of the line are 2 m apart
    assert played.speed("ego").min() > 13.0
