"""Light in a tunnel: what of the sky gets in, and how a camera makes up for it."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.records import RoadSpec
from scenegen.render.enclosure import Enclosure, enclosure_of


@pytest.fixture
def room() -> Enclosure:
    found = enclosure_of(RoadSpec(kind="tunnel", length_m=400, tunnel_m=200, headroom_m=5))
    assert found is not None
    return found


def test_half_of_the_sky_shines_into_a_portal_and_little_into_the_middle(room: Enclosure) -> None:
    at = [room.daylight(np.array([x, 0.0, 1.2])) for x in (99.9, 100.1, 110.0, 200.0)]
    assert at[0] == 1.0
    assert at[1] == pytest.approx(0.5, abs=0.02)
    assert at[2] == pytest.approx(0.5 * (1 - 10 / np.hypot(10, 5)), abs=1e-3)
    # Far from an opening of height h, at a distance d, each end gives (h / d)² / 4.
    assert at[3] == pytest.approx(2 * (5 / 100) ** 2 / 4, rel=0.01)


def test_a_camera_exposes_as_ever_outside_and_more_inside_by_day(room: Enclosure) -> None:
    def looking_ahead(x: float) -> np.ndarray:
        pose = np.eye(4)
        pose[:3, :3] = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
        pose[:3, 3] = x, 0.0, 1.3
        return pose

    assert room.gain(looking_ahead(50.0), 50_000.0) == 1.0
    by_day = [room.gain(looking_ahead(x), 50_000.0) for x in (105.0, 130.0, 200.0)]
    assert 1.0 < by_day[0] < by_day[1] < by_day[2] <= 250.0
    assert room.gain(looking_ahead(200.0), 10.0) < 1.0


def test_only_tunnels_have_a_room() -> None:
    assert enclosure_of(RoadSpec(kind="straight")) is None
