"""What surfaces send back: dry, wet, under snow, behind glass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenegen.assets.materials import CABIN_GLASS, GLASS
from scenegen.assets.windows import WINDOW
from scenegen.ranging.rays import Hits, Rays
from scenegen.ranging.reflectance import Palette, as_intensity
from scenegen.ranging.returns import Surfaces
from scenegen.records import LidarSpec, Material, RoadSpec, Surface, Weather
from scenegen.roads import build_network

NEAR, FAR = 905e-9, 1550e-9
ASPHALT = Material("asphalt", (0.15, 0.15, 0.15), roughness=1.0, wettable=True)
GREY = Material("grey", (0.3, 0.3, 0.3), roughness=1.0)
NOBODY = np.zeros(0, np.uint16)
NETWORK = build_network(RoadSpec(kind="straight", lanes_backward=0))
LANE = next(lane for lane in NETWORK.lanes.values() if lane.kind == "driving")


def in_lane(left_m: np.ndarray) -> np.ndarray:
    """Return places (N, 2) along a lane, less its beginning, and so far left of its middle."""
    onward = LANE.centre[1, :2] - LANE.centre[0, :2]
    onward /= np.linalg.norm(onward)
    along = np.linspace(5, 80, len(left_m))[:, None]
    return along * onward + left_m[:, None] * np.array([-onward[1], onward[0]])


PLACES = in_lane(np.linspace(-1.4, 1.4, 400))


def returned(
    material: Material,
    semantic: str,
    weather: Weather,
    wavelength_m: float = NEAR,
    up: float = 1.0,
    cosine: float = 0.99,
    instance: int = 0,
    moving: np.ndarray = NOBODY,
) -> float:
    """Return what one surface sends back in the mean, whose normal rises by `up`."""
    palette, none = Palette(), np.zeros((0, 3), np.float32)
    faces = np.zeros((0, 3), np.int32)
    coat = palette.coat(Surface(none, none, none[:, :2], faces, material, semantic))
    normal = np.array([np.sqrt(1 - up**2), 0.0, up])
    surfaces = Surfaces(palette, weather, wavelength_m, moving, NETWORK, LANE.centre[0])
    return float(surfaces.returned(*down(PLACES, coat, instance, normal, cosine)).mean())


def down(
    xy: np.ndarray, coat: int, instance: int, normal: np.ndarray, cosine: float
) -> tuple[Rays, Hits]:
    """Return rays straight down at places (N, 2), and what they meet 10 m below."""
    count = len(xy)
    towards = np.tile(np.array([0, 0, -1], np.float32), (count, 1))
    eyes = np.c_[xy, np.full(count, 10)].astype(np.float32)
    return Rays(eyes, towards, np.zeros(count)), Hits(
        distance_m=np.full(count, 10.0, np.float32),
        semantic=np.zeros(count, np.uint8),
        instance=np.full(count, instance, np.uint16),
        coat=np.full(count, coat, np.int32),
        normal=np.tile(normal.astype(np.float32), (count, 1)),
        cosine=np.full(count, cosine, np.float32),
    )


def test_snow_shines_at_905_nm_and_is_dark_at_1550_nm() -> None:
    deep = Weather(snow_depth_m=0.3)
    bare = returned(GREY, "ground", Weather())
    near, far = (returned(GREY, "ground", deep, wave) for wave in (NEAR, FAR))
    # O'Brien and Munis (1975): fresh snow reflects about 0.85 and 0.1.
    assert near == pytest.approx(0.85, abs=0.03)
    assert far == pytest.approx(0.10, abs=0.02)
    assert far < bare < near


def test_snow_lies_on_what_is_level_and_stands() -> None:
    deep = Weather(snow_depth_m=0.3)
    bare = returned(GREY, "car", Weather())
    assert returned(GREY, "car", deep, up=0.1) == pytest.approx(bare)
    assert returned(GREY, "car", deep, instance=4) > 2 * bare
    moving = np.array([4], np.uint16)
    assert returned(GREY, "car", deep, instance=4, moving=moving) == pytest.approx(bare)
    assert returned(GREY, "person", deep, instance=4) == pytest.approx(
        returned(GREY, "person", Weather(), instance=4)
    )


def test_roads_are_cleared_but_for_trodden_snow() -> None:
    dry = returned(ASPHALT, "road", Weather())
    assert returned(ASPHALT, "road", Weather(snow_depth_m=0.3)) == pytest.approx(dry)
    assert returned(ASPHALT, "road", Weather(road_snow=1.0)) > 1.5 * dry


def test_wheels_leave_tracks_in_the_snow_of_the_road() -> None:
    palette, none = Palette(), np.zeros((0, 3), np.float32)
    coat = palette.coat(Surface(none, none, none[:, :2], none.astype(np.int32), ASPHALT, "road"))
    weather = Weather(road_snow=0.9)
    surfaces = Surfaces(palette, weather, NEAR, NOBODY, NETWORK, LANE.centre[0])
    track, between = (
        surfaces.returned(*down(in_lane(np.full(300, off)), coat, 0, np.eye(3)[2], 0.99))
        for off in (0.78, 0.0)
    )
    bare = returned(ASPHALT, "road", Weather())
    assert np.median(track) < 1.5 * bare
    assert np.median(between) > 2.5 * bare


def test_wet_asphalt_is_darker_and_more_so_where_water_absorbs() -> None:
    dry = returned(ASPHALT, "road", Weather(), cosine=0.5)
    wet = returned(ASPHALT, "road", Weather(wetness=1.0), cosine=0.5)
    far = returned(ASPHALT, "road", Weather(wetness=1.0), FAR, cosine=0.5)
    assert wet < 0.5 * dry
    # Lambert and Beer: twice through 0.3 mm of water of 1000 per metre.
    shine = returned(replace(ASPHALT, base_color=(0, 0, 0)), "road", Weather(), cosine=0.5)
    assert (far - shine) / (wet - shine) == pytest.approx(np.exp(-0.6), rel=0.02)


@pytest.mark.parametrize("glass", [GLASS, CABIN_GLASS, WINDOW])
def test_windows_let_light_pass_or_mirror_it_away(glass: Material) -> None:
    aslant = returned(glass, "car", Weather(), cosine=0.6)
    assert aslant < 0.02
    assert returned(glass, "car", Weather(), cosine=0.999) > 10 * aslant
    frosted = replace(glass, name="frosted glass", base_color=(0.3, 0.3, 0.3), texture=None)
    assert returned(frosted, "car", Weather(), cosine=0.6) > 0.1


def test_retroreflectors_outshine_white_by_hundreds() -> None:
    sheeting = Material("white sheeting", (0.9, 0.9, 0.9))
    assert returned(sheeting, "traffic sign", Weather(), cosine=0.99) > 250
    intensity = as_intensity(np.array([0.5, 1.0, 300.0]))
    np.testing.assert_allclose(intensity, [0.2, 0.4, 1.0])


def test_other_wavelengths_are_not_known() -> None:
    with pytest.raises(ValueError, match="905 nm or 1550 nm"):
        LidarSpec(wavelength_m=1064e-9)
