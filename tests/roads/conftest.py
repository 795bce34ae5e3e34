"""Roads of every kind, and random valid ones."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest

from scenegen.records import RoadSpec, SignalPlan

KINDS = {
    "street": RoadSpec(kind="straight", sidewalk_m=2.5, parking_m=2.2, zebra=True),
    "hill": RoadSpec(kind="hill", surroundings="rural", verge_m=4, shoulder_m=0.6),
    "left": RoadSpec(kind="curve", sidewalk_m=2.0, surroundings="suburban"),
    "right": RoadSpec(kind="curve", radius_m=-40, arc_rad=1.6, verge_m=10, sidewalk_m=1.5),
    "country bend": RoadSpec(kind="curve", surroundings="rural", lanes_backward=0),
    "motorway": RoadSpec(
        kind="straight",
        surroundings="motorway",
        lanes_forward=3,
        lanes_backward=0,
        lane_width_m=3.75,
        shoulder_m=2.5,
        length_m=800,
        verge_m=4,
    ),
    "signals": RoadSpec(
        kind="crossing",
        sidewalk_m=2.5,
        parking_m=2.2,
        lanes_forward=2,
        zebra=True,
        signals=SignalPlan(),
    ),
    "no stopping": RoadSpec(
        kind="crossing",
        sidewalk_m=2.0,
        lanes_forward=3,
        zebra=True,
        kerb_lines="double",
        cycle_symbols=True,
    ),
    "bays": RoadSpec(
        kind="straight",
        sidewalk_m=2.0,
        shoulder_m=1.5,
        parking_m=2.2,
        zebra=True,
        bays=True,
        cycle_symbols=True,
    ),
    # Some of its bays end a rounding error off a slice of the road.
    "bays by slices": RoadSpec(
        kind="crossing",
        length_m=513.2634340991864,
        lane_width_m=3.4477,
        sidewalk_m=2.4,
        parking_m=2.2,
        bays=True,
    ),
    "wide corner": RoadSpec(kind="crossing", sidewalk_m=5.85, verge_m=12),
    "country crossing": RoadSpec(kind="crossing", surroundings="rural", verge_m=8),
}


def random_specs() -> st.SearchStrategy[RoadSpec]:
    """Return valid roads of all kinds."""
    width = st.floats(0.6, 3.0)
    return st.builds(
        RoadSpec,
        kind=st.sampled_from(["straight", "curve", "hill", "crossing"]),
        length_m=st.floats(200, 600),
        lanes_forward=st.integers(1, 3),
        lanes_backward=st.integers(0, 3),
        lane_width_m=st.floats(2.5, 4.5),
        shoulder_m=st.one_of(st.just(0.0), width),
        parking_m=st.one_of(st.just(0.0), st.floats(1.5, 3.0)),
        sidewalk_m=st.one_of(st.just(0.0), st.floats(0.5, 8.0)),
        verge_m=st.one_of(st.just(0.0), st.floats(0.5, 12.0)),
        radius_m=st.one_of(st.floats(60, 110), st.floats(-110, -60)),
        arc_rad=st.floats(0.1, 1.6),
        crest_m=st.floats(0, 12),
        crest_length_m=st.floats(60, 200),
        surroundings=st.sampled_from(["urban", "rural", "motorway"]),
        zebra=st.booleans(),
        kerb_lines=st.sampled_from(["none", "single", "double"]),
        bays=st.booleans(),
        cycle_symbols=st.booleans(),
        signals=st.one_of(st.none(), st.just(SignalPlan())),
    )


@pytest.fixture(params=sorted(KINDS))
def spec(request: pytest.FixtureRequest) -> RoadSpec:
    """One road of each kind."""
    return KINDS[request.param]


@pytest.fixture(scope="session")
def kinds() -> dict[str, RoadSpec]:
    """All roads by name."""
    return KINDS


@pytest.fixture(scope="session")
def any_road() -> st.SearchStrategy[RoadSpec]:
    """Strategy of valid roads."""
    return random_specs()
