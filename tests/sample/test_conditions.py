"""Weather and light of a draw."""

import math

import pytest

from scenegen.errors import ScenarioError
from scenegen.records import Light, Weather
from scenegen.sample import draw

MOMENT = "date: 2026-06-21, time: 11 h, latitude: 52.52 deg, longitude: 13.405 deg"


@pytest.fixture
def scene(small):
    """Return a function that draws the scenario with a section."""

    def make(section):
        return draw(small(("ego:\n", f"{section}\nego:\n")), 0, 0)

    return make


def test_without_sections_all_is_as_the_records_say(small):
    scene = draw(small(), 0, 0)
    assert (scene.weather, scene.light) == (Weather(), Light())


def test_snow_in_the_units_of_the_record(scene):
    weather = scene(
        "weather: {snow: 1.5 mm/h, snow_depth: 6 cm, road_snow: 0.4, ice: 20 %, lens_dirt: 0.1}"
    ).weather
    assert weather.snow_mmph == pytest.approx(1.5)
    assert weather.snow_depth_m == pytest.approx(0.06)
    assert (weather.road_snow, weather.ice, weather.lens_dirt) == (0.4, 0.2, 0.1)


def test_sun_by_date_time_and_place(scene):
    light = scene(f"light: {{{MOMENT}}}").light
    assert math.degrees(light.sun_elevation_rad) == pytest.approx(60.88, abs=0.1)
    # Shortly before noon the sun is in the south, which is -y, a little to the east.
    assert math.degrees(light.sun_azimuth_rad) == pytest.approx(-86.14, abs=0.1)


def test_north_turns_the_sun(scene):
    light = scene(f"light: {{{MOMENT}, north: 0 deg}}").light
    assert math.degrees(light.sun_azimuth_rad) == pytest.approx(-176.14, abs=0.1)


def test_dates_and_times_can_be_drawn(small):
    text = MOMENT.replace("2026-06-21", "[2026-06-21, 2026-12-21]")
    text = text.replace("11 h", "{uniform: [10 h, 13 h]}")
    logical = small(("ego:\n", f"light: {{{text}}}\nego:\n"))
    heights = {draw(logical, 0, index).light.sun_elevation_rad > 0.5 for index in range(8)}
    assert heights == {True, False}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (f"light: {{{MOMENT}, sun_elevation: 5 deg}}", "not from both"),
        ("light: {sun_azimuth: 1 rad, north: 1 rad}", "not from both"),
        ("light: {date: 2026-06-21, time: 3 h}", "needs latitude, longitude as well"),
        (f"light: {{{MOMENT.replace('06-21', '06-31')}}}", "no date such as '2026-03-20'"),
        (f"light: {{{MOMENT.replace('52.52', '95')}}}", "over 90 deg"),
        ("weather: {snow: 90 mm/h}", "at most 20 mm/h"),
    ],
)
def test_wrong_sections_are_refused_with_their_place(scene, section, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        scene(section)
    assert "small.yaml:8" in str(caught.value)


@pytest.mark.parametrize(
    ("sections", "season"),
    [
        ("weather: {season: autumn}", "autumn"),
        ("weather: {snow_depth: 4 cm}", "winter"),
        (f"light: {{{MOMENT}}}", "summer"),
        (f"light: {{{MOMENT.replace('52.52', '-35').replace('06-21', '12-30')}}}", "summer"),
        (f"light: {{{MOMENT.replace('06-21', '03-20')}}}", "spring"),
        (f"light: {{{MOMENT}}}\nweather: {{season: winter}}", "winter"),
    ],
)
def test_the_season_is_said_or_follows_from_date_and_snow(scene, sections, season):
    assert scene(sections).weather.season == season
