"""Reference lines against closed forms and against integration; projections against placing."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.integrate import quad

from scenegen.records.base import F64
from scenegen.records.road_map import (
    Arc,
    Cubic,
    Geometry,
    LaneSection,
    MapLane,
    MapRoad,
    ParamPoly3,
    Shape,
    Spiral,
)
from scenegen.roads.reference_line import (
    elevation,
    frames,
    gradient,
    place,
    project,
    slope_at,
    stations,
    value_at,
)

_LANES = (LaneSection(s_m=0, lanes=(MapLane(id=0),)),)


def _road(*pieces: tuple[Shape, float], elevation: tuple[Cubic, ...] = ()) -> MapRoad:
    """Return a road of pieces that join: each starts where the one before ends."""
    geometries: list[Geometry] = []
    s, x, y, heading = 0.0, 3.0, -2.0, 0.4
    for shape, length in pieces:
        geometries.append(
            Geometry(s_m=s, x_m=x, y_m=y, heading_rad=heading, length_m=length, shape=shape)
        )
        s += length
        end = frames(MapRoad(id="r", length_m=s, geometries=tuple(geometries), sections=_LANES), s)
        (x, y), heading = (float(v) for v in end.xy_m), float(end.heading_rad)
    return MapRoad(
        id="r", length_m=s, geometries=tuple(geometries), sections=_LANES, elevation=elevation
    )


def _integrated(k0: float, k1: float, length: float) -> tuple[float, float]:
    def angle(x: float) -> float:
        return k0 * x + 0.5 * (k1 - k0) / length * x * x

    u = quad(lambda x: np.cos(angle(x)), 0, length, epsabs=1e-11, epsrel=1e-12, limit=500)[0]
    v = quad(lambda x: np.sin(angle(x)), 0, length, epsabs=1e-11, epsrel=1e-12, limit=500)[0]
    return u, v


_CURVATURE = st.floats(-0.2, 0.2).map(lambda k: 0.0 if abs(k) < 1e-9 else k)


@given(k0=_CURVATURE, k1=_CURVATURE, length=st.floats(0.5, 120))
@settings(max_examples=200, deadline=None)
def test_clothoids_end_where_integration_says(k0: float, k1: float, length: float) -> None:
    geometry = Geometry(
        s_m=0, x_m=0, y_m=0, heading_rad=0, length_m=length, shape=Spiral(start_1pm=k0, end_1pm=k1)
    )
    road = MapRoad(id="r", length_m=length, geometries=(geometry,), sections=_LANES)
    end = frames(road, length)
    assert end.xy_m == pytest.approx(_integrated(k0, k1, length), abs=1e-7)
    assert float(end.heading_rad) == pytest.approx(0.5 * (k0 + k1) * length, abs=1e-12)
    assert float(end.curvature_1pm) == pytest.approx(k1, abs=1e-12)


@pytest.mark.parametrize("difference", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15, -1e-15])
def test_clothoids_that_are_nearly_circles_lose_no_digits(difference: float) -> None:
    geometry = Geometry(
        s_m=0,
        x_m=0,
        y_m=0,
        heading_rad=0,
        length_m=60,
        shape=Spiral(start_1pm=0.05, end_1pm=0.05 + difference),
    )
    road = MapRoad(id="r", length_m=60, geometries=(geometry,), sections=_LANES)
    expected = _integrated(0.05, 0.05 + difference, 60)
    assert frames(road, 60.0).xy_m == pytest.approx(expected, abs=1e-9)


def test_an_arc_lies_on_its_circle() -> None:
    road = _road((Arc(curvature_1pm=-0.02), 70.0))
    start = frames(road, 0.0)
    centre = start.xy_m - 50.0 * start.left
    s = np.linspace(0, 70, 50)
    at = frames(road, s)
    assert np.hypot(*(at.xy_m - centre).T) == pytest.approx(50.0, abs=1e-9)
    assert np.einsum("ij,ij->i", at.xy_m - centre, at.ahead) == pytest.approx(0, abs=1e-9)


def test_a_normalised_cubic_is_the_same_as_one_by_length() -> None:
    length = 40.0
    by_share = ParamPoly3(u=(0, 40, -1, 0.5), v=(0, 0, 6, -2))
    by_length = ParamPoly3(
        u=tuple(c / length**k for k, c in enumerate(by_share.u)),  # type: ignore[arg-type]
        v=tuple(c / length**k for k, c in enumerate(by_share.v)),  # type: ignore[arg-type]
        normalized=False,
    )
    s = np.linspace(0, length, 30)
    one, other = (frames(_road((shape, length)), s) for shape in (by_share, by_length))
    for name in ("xy_m", "heading_rad", "curvature_1pm", "stretch"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-11)


def test_a_cubic_has_the_derivatives_of_its_points() -> None:
    road = _road((ParamPoly3(u=(0, 38, 3, -2), v=(0, 0, 9, -4)), 40.0))
    s, h = np.linspace(1, 39, 20), 1e-4
    ahead = (frames(road, s + h).xy_m - frames(road, s - h).xy_m) / (2 * h)
    at = frames(road, s)
    assert ahead == pytest.approx(at.stretch[:, None] * at.ahead, abs=1e-6)
    turn = (frames(road, s + h).heading_rad - frames(road, s - h).heading_rad) / (2 * h)
    assert turn == pytest.approx(at.curvature_1pm * at.stretch, abs=1e-6)


@pytest.fixture
def winding() -> MapRoad:
    return _road(
        (Arc(curvature_1pm=0.0), 20.0),
        (Spiral(start_1pm=0, end_1pm=0.03), 30.0),
        (Arc(curvature_1pm=0.03), 40.0),
        (Spiral(start_1pm=0.03, end_1pm=-0.02), 35.0),
        (ParamPoly3(u=(0, 30, 0, 0), v=(0, 0, -9, 3)), 30.7),
    )


def test_pieces_join_without_gap_or_kink(winding: MapRoad) -> None:
    starts = np.array([g.s_m for g in winding.geometries[1:]])
    before, after = frames(winding, starts - 1e-9), frames(winding, starts)
    assert before.xy_m == pytest.approx(after.xy_m, abs=1e-7)
    assert before.heading_rad == pytest.approx(after.heading_rad, abs=1e-7)


def test_a_road_goes_on_straight_beyond_its_ends(winding: MapRoad) -> None:
    last = winding.length_m
    ends = frames(winding, np.array([0.0, last]))
    out = frames(winding, np.array([-25.0, last + 25.0]))
    assert out.xy_m[0] == pytest.approx(ends.xy_m[0] - 25 * ends.ahead[0])
    assert out.xy_m[1] == pytest.approx(ends.xy_m[1] + 25 * ends.ahead[1])
    assert out.curvature_1pm == pytest.approx(0)


@given(s=st.floats(-20, 170), t=st.floats(-14, 14))
@settings(max_examples=200, deadline=None)
def test_projecting_inverts_placing(s: float, t: float) -> None:
    road = _road(
        (Arc(curvature_1pm=0.0), 30.0),
        (Spiral(start_1pm=0, end_1pm=0.02), 30.0),
        (Arc(curvature_1pm=0.02), 30.0),
        (ParamPoly3(u=(0, 60, 0, 0), v=(0, 0, 12, -8)), 60.9),
    )
    found = project(road, place(road, s, t))
    assert float(found[0]) == pytest.approx(s, abs=1e-6)
    assert float(found[1]) == pytest.approx(t, abs=1e-6)


def test_banked_roads_are_narrower_in_plan_and_project_back(winding: MapRoad) -> None:
    banked = winding.model_copy(update={"superelevation": (Cubic(a=0.1),)})
    s = np.full(3, 45.0)
    t = np.array([-6.0, 2.0, 6.0])
    points = place(banked, s, t)
    assert np.linalg.norm(points[2] - points[0]) == pytest.approx(12 * np.cos(0.1))
    assert project(banked, points) == (pytest.approx(s), pytest.approx(t))


def test_cubics_follow_each_other() -> None:
    cubics = (Cubic(s_m=0, a=1, b=0.1), Cubic(s_m=10, a=2, c=0.5, d=0.01))
    d = np.array([0.0, 5.0, 10.0, 12.0])
    assert value_at(cubics, d) == pytest.approx([1, 1.5, 2, 2 + 2.0 + 0.08])
    assert slope_at(cubics, d) == pytest.approx([0.1, 0.1, 0, 2.0 + 0.12])
    assert value_at(cubics, -1.0) == 0
    assert value_at((), d) == pytest.approx(np.zeros(4))


def test_heights_are_held_beyond_the_ends() -> None:
    road = _road((Arc(curvature_1pm=0.0), 100.0), elevation=(Cubic(a=2, b=0.05),))
    s: F64 = np.array([-10.0, 0.0, 50.0, 100.0, 130.0])
    assert elevation(road, s) == pytest.approx([2, 2, 4.5, 7, 7])
    assert gradient(road, s) == pytest.approx([0, 0.05, 0.05, 0.05, 0])


def test_stations_meet_every_geometry(winding: MapRoad) -> None:
    s = stations(winding, 2.0, extra_m=(33.3, -5.0, 1e9))
    assert {g.s_m for g in winding.geometries} | {33.3, winding.length_m} <= set(s)
    assert np.diff(s).max() <= 2.0 + 1e-9
    assert (s[0], s[-1]) == (0.0, winding.length_m)
