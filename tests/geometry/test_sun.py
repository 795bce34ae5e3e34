"""The sun's place in the sky against an independent, more precise theory and published values."""

import math
from datetime import UTC, datetime

import pytest

from scenegen.geometry import sun_position

# Solar position algorithm of NREL (Reda and Andreas 2004) as in pvlib 0.16.1, at 1010 hPa and
# 10 °C; the first is the worked example of their report.
NREL = [
    ("2003-10-17 19:30:30", 39.742476, -105.1786, 194.340, 39.892),
    ("2026-06-21 11:00:00", 52.52, 13.405, 176.139, 60.884),
    ("2026-12-21 08:00:00", 52.52, 13.405, 138.494, 4.287),
    ("2026-01-15 20:30:00", -33.8688, 151.2093, 104.515, 16.624),
    ("2026-06-21 22:30:00", 69.6492, 18.9553, 356.304, 3.351),
    ("1999-11-05 07:30:00", 35.6762, 139.6503, 249.412, 1.988),
    ("2031-09-10 06:40:00", 64.1466, -21.9426, 77.740, 0.174),
]


@pytest.mark.parametrize("row", NREL, ids=lambda row: row[0])
def test_as_the_precise_theory(row):
    text, latitude, longitude, azimuth, elevation = row
    when = datetime.fromisoformat(text).replace(tzinfo=UTC)
    found = sun_position(when, math.radians(latitude), math.radians(longitude))
    assert math.degrees(found[0]) == pytest.approx(azimuth, abs=0.02)
    assert math.degrees(found[1]) == pytest.approx(elevation, abs=0.02)


def test_overhead_the_azimuth_hardly_matters_but_the_height_does():
    when = datetime(2026, 3, 20, 17, 20, tzinfo=UTC)
    quito = sun_position(when, math.radians(-0.1807), math.radians(-78.4678))
    assert math.degrees(quito[1]) == pytest.approx(89.618, abs=0.02)


@pytest.mark.parametrize("pole", [-1.0, 1.0])
def test_at_the_poles_it_circles_at_its_declination(pole):
    heights = [
        sun_position(datetime(2026, 6, 21, hour, tzinfo=UTC), pole * math.pi / 2, 0.0)[1]
        for hour in range(24)
    ]
    assert math.degrees(max(heights) - min(heights)) < 0.05
    assert math.degrees(heights[0]) == pytest.approx(pole * 23.44, abs=0.06)
