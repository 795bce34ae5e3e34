"""Borders, heights and ids of OpenDRIVE lanes."""

import numpy as np
import pytest

from scenegen.records.road_map import Cubic, Geometry, LaneSection, MapLane, MapRoad
from scenegen.roads.lane_borders import (
    borders,
    lane_of,
    lane_points,
    lane_span,
    section_index,
    section_range,
    surface_height,
)


def _lane(lane_id: int, width: float, **more: object) -> MapLane:
    return MapLane.model_validate({"id": lane_id, "widths": (Cubic(a=width),), **more})


@pytest.fixture
def road() -> MapRoad:
    """A road of 100 m: a lane opens on the right from 40 m on; a pavement lies on the left."""
    opening = MapLane(id=-2, widths=(Cubic(b=0.1), Cubic(s_m=30, a=3.0)))
    return MapRoad(
        id="r",
        length_m=100,
        geometries=(Geometry(s_m=0, x_m=0, y_m=0, heading_rad=0, length_m=100),),
        lane_offset=(Cubic(a=0.5),),
        sections=(
            LaneSection(s_m=0, lanes=(_lane(1, 3), MapLane(id=0), _lane(-1, 4))),
            LaneSection(
                s_m=40,
                lanes=(
                    _lane(2, 2, type="sidewalk", height_m=(0.12, 0.16)),
                    _lane(1, 3),
                    MapLane(id=0),
                    _lane(-1, 4),
                    opening,
                ),
            ),
        ),
    )


def test_sections_follow_each_other(road: MapRoad) -> None:
    assert section_index(road, [-1, 0, 39.9, 40, 200]).tolist() == [0, 0, 0, 1, 1]
    assert section_range(road, 0) == (0, 40)
    assert section_range(road, 1) == (40, 100)


def test_borders_add_up_outward_from_the_offset(road: MapRoad) -> None:
    found = borders(road, 1, np.array([40.0, 55.0, 90.0]))
    assert list(found) == [2, 1, 0, -1, -2]
    assert found[2] == pytest.approx([5.5, 5.5, 5.5])
    assert found[0] == pytest.approx([0.5, 0.5, 0.5])
    assert found[-2] == pytest.approx([-3.5, -5.0, -6.5])
    inner, outer = lane_span(road, 1, 2, 60.0)
    assert (float(inner), float(outer)) == (3.5, 5.5)


def test_pavements_are_higher_and_banks_lean(road: MapRoad) -> None:
    t = np.array([3.4, 3.5, 4.5, 6.0])
    assert surface_height(road, 60.0, t) == pytest.approx([0, 0.12, 0.14, 0])
    leaning = road.model_copy(
        update={"superelevation": (Cubic(a=0.05),), "elevation": (Cubic(a=7.0),)}
    )
    low, high = surface_height(leaning, 10.0, np.array([-3.0, 3.0]))
    assert high - low == pytest.approx(6 * np.sin(0.05))
    assert lane_points(leaning, 0, -1, 10.0)[2] == pytest.approx(7 - 1.5 * np.sin(0.05))


def test_an_unknown_lane_is_a_key_error(road: MapRoad) -> None:
    with pytest.raises(KeyError):
        lane_of(road.sections[0], 5)
    assert lane_of(road.sections[0], -1).id == -1
