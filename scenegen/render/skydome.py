"""The sky as a picture: luminance by height and by direction from the sun."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.records.base import F64
from scenegen.records.conditions import Weather
from scenegen.render.photometry import LightState, smooth

HEIGHTS, TURNS = 32, 48
_PEREZ = {
    "Y": ((0.1787, -1.4630), (-0.3554, 0.4275), (-0.0227, 5.3251), (0.1206, -2.5771),
          (-0.0670, 0.3703)),
    "x": ((-0.0193, -0.2592), (-0.0665, 0.0008), (-0.0004, 0.2125), (-0.0641, -0.8989),
          (-0.0033, 0.0452)),
    "y": ((-0.0167, -0.2608), (-0.0950, 0.0092), (-0.0079, 0.2102), (-0.0441, -1.6537),
          (-0.0109, 0.0529)),
}  # fmt: skip
"""By turbidity: slope and constant of A to E."""
_ZENITH = {
    "x": ((0.00166, -0.00375, 0.00209, 0.0), (-0.02903, 0.06377, -0.03202, 0.00394),
          (0.11693, -0.21196, 0.06052, 0.25886)),
    "y": ((0.00275, -0.00610, 0.00317, 0.0), (-0.04214, 0.08970, -0.04153, 0.00516),
          (0.15346, -0.26756, 0.06670, 0.26688)),
}  # fmt: skip
"""By powers of turbidity (2, 1, 0) and of the sun's zenith angle (3 to 0)."""
_RGB_FROM_XYZ = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)
_BALANCE = np.array([0.80, 1.0, 1.28])
"""The model's colours lean to red beside photographs, whose white is the sun and sky together."""
_LEAST_COSINE = 0.03


def directions() -> tuple[F64, F64]:
    """Return the sine of the height and the sine of half the turn from the sun, (H, T) each.

    The picture is finest near the horizon and below the sun.
    """
    up = np.linspace(0.0, 1.0, HEIGHTS) ** 2
    return np.meshgrid(up, np.linspace(0.0, 1.0, TURNS), indexing="ij")


def sky_dome(state: LightState, weather: Weather, sun_elevation_rad: float) -> F64:
    """Return the luminance (H, T, 3) of the sky without clouds, linear RGB in cd/m².

    The clear sky of Preetham, Shirley and Smits (1999) while the sun is up; twilight, night
    and overcast as gradients from the horizon to the zenith. It lights the horizontal with
    `state.sky_lux`.

    Parameters
    ----------
    sun_elevation_rad : float
        Of the sun even when the moon lights the scene.
    """
    up, half_sine = directions()
    day = smooth(np.radians(0.0), np.radians(7.0), sun_elevation_rad)
    day *= 1.0 - smooth(0.55, 1.0, weather.cloud_cover)
    dome = _gradient(state, up, half_sine)
    if day > 0.0:
        clear = _preetham(turbidity(weather.visibility_m), sun_elevation_rad, up, half_sine)
        dome = (1.0 - day) * _scaled(dome, up, state) + day * _scaled(clear, up, state)
    return _scaled(dome, up, state)


def with_dome(state: LightState, dome: F64) -> LightState:
    """Return the light with horizon and zenith, which lighting mirrors, as in the dome."""
    low = slice(HEIGHTS // 6, HEIGHTS // 3)
    up, half_sine = directions()
    # The first spherical harmonic along the sun's side, as a diffuse surface sees it
    # (Ramamoorthi and Hanrahan 2001): 2/3 of 3 times the mean of L cos over the sphere.
    sideways = np.sqrt(1.0 - up**2) * (1.0 - 2.0 * half_sine**2)
    sunward = 2.0 * _over_sky(dome * sideways[..., None]) / (4.0 * np.pi)
    return replace(
        state,
        sunward=sunward,
        zenith=dome[-6:].mean(axis=(0, 1)),
        horizon=dome[low, TURNS // 2 :].mean(axis=(0, 1)),
        dusk=dome[low, : TURNS // 4].mean(axis=(0, 1)),
    )


def turbidity(visibility_m: float) -> float:
    """Return Linke's turbidity of air: 2.2 is clear, 6 hazy."""
    return float(np.interp(np.log10(visibility_m), [3.3, 3.9, 4.7], [6.0, 3.6, 2.2]))


def _gradient(state: LightState, up: F64, half_sine: F64) -> F64:
    # The glow of dusk is low and narrow.
    toward = ((1.0 - half_sine**2) ** 2 * (1.0 - np.sqrt(up)))[..., None]
    rim = state.horizon + (state.dusk - state.horizon) * toward
    return np.asarray(rim + (state.zenith - rim) * np.sqrt(up)[..., None])


def _preetham(t: float, elevation: float, up: F64, half_sine: F64) -> F64:
    """Return the clear sky in linear RGB of any scale."""
    sun = 0.5 * np.pi - max(elevation, np.radians(1.0))
    flat = np.sqrt(1.0 - up**2)
    turned = 1.0 - 2.0 * half_sine**2
    between = np.clip(flat * np.sin(sun) * turned + up * np.cos(sun), -1.0, 1.0)
    gamma = np.arccos(between)
    values = {}
    for name, rows in _PEREZ.items():
        a, b, c, d, e = (slope * t + constant for slope, constant in rows)

        def perez(cosine: F64, angle: F64, k: tuple[float, ...] = (a, b, c, d, e)) -> F64:
            height = 1.0 + k[0] * np.exp(k[1] / np.maximum(cosine, _LEAST_COSINE))
            return np.asarray(
                height * (1.0 + k[2] * np.exp(k[3] * angle) + k[4] * np.cos(angle) ** 2)
            )

        overhead = perez(np.array(1.0), np.array(sun))
        zenith = 1.0 if name == "Y" else _zenith(_ZENITH[name], t, sun)
        values[name] = zenith * perez(up, gamma) / overhead
    luminance, x, y = values["Y"], values["x"], values["y"]
    xyz = np.stack([x / y, np.ones_like(x), (1.0 - x - y) / y], axis=-1) * luminance[..., None]
    return np.asarray(np.maximum(xyz @ _RGB_FROM_XYZ.T, 1e-6) * _BALANCE)


def _zenith(rows: tuple[tuple[float, ...], ...], t: float, sun: float) -> float:
    powers = np.array([sun**3, sun**2, sun, 1.0])
    return float(np.array([t * t, t, 1.0]) @ np.array(rows) @ powers)


def _scaled(dome: F64, up: F64, state: LightState) -> F64:
    """Scale a dome so that it lights the horizontal with the sky's illuminance."""
    lux = float(_over_sky(dome * up[..., None]).mean())
    return np.asarray(dome * (state.sky_lux / max(lux, 1e-12)))


def _over_sky(values: F64) -> F64:
    """Integrate values (H, T, K) over the solid angle of the sky."""
    up, half_sine = directions()
    turn = 2.0 * np.arcsin(half_sine[0])
    over_turns = 2.0 * np.trapezoid(values, turn, axis=1)
    return np.asarray(np.trapezoid(over_turns, up[:, 0], axis=0))
