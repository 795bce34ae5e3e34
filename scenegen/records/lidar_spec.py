"""A LiDAR as it is mounted on the ego."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from scenegen.geometry.beams import raster, rosette, spinning
from scenegen.records.base import F64, Vec3
from scenegen.records.mounted import MountedSpec

MOST_BEAMS = 1 << 20
WAVELENGTHS_M = (905e-9, 1550e-9)
"""Those that surfaces and the air are known at."""


class LidarSpec(MountedSpec):
    """A LiDAR on the ego; its frame is x forward, y left, z up.

    Attributes
    ----------
    pattern : str
        ``spinning`` (a head that turns once a sweep), ``raster`` (a line of lasers swept
        from left to right) or ``rosette`` (lasers behind two prisms).
    channels, columns : int
        Beams that fire at once, and how often they fire in a sweep.
    elevation_low_rad, elevation_high_rad : float
        Of the lowest and the highest channel; not used by ``rosette``.
    hfov_rad : float
        Width of ``raster``, full angle of ``rosette``'s cone.
    reach_m : float
        Range at which a surface that reflects a tenth of the light, seen squarely through
        clear air, gives just the signal that is detected.
    noise_m : float
        Standard deviation of a range.
    divergence_rad : float
        Full angle of a beam, at 1/e² of its intensity.
    dropout : float
        Share of returns that get lost for no reason of the scene.
    wavelength_m : float
        One of `WAVELENGTHS_M`.
    """

    kind: Literal["lidar"] = "lidar"
    pattern: Literal["spinning", "raster", "rosette"] = "spinning"
    channels: int = Field(32, ge=1, le=256)
    columns: int = Field(1024, ge=16, le=65536)
    elevation_low_rad: float = Field(-0.4363, ge=-1.5, le=1.5)
    elevation_high_rad: float = Field(0.2618, ge=-1.5, le=1.5)
    hfov_rad: float = Field(1.2217, gt=0.05, lt=2.8)
    position_m: Vec3 = (0.0, 0.0, 1.8)
    near_m: float = Field(0.8, gt=0)
    far_m: float = Field(150.0, gt=1, le=1000)
    reach_m: float = Field(100.0, gt=1, le=1000)
    noise_m: float = Field(0.015, ge=0, le=0.5)
    divergence_rad: float = Field(0.003, ge=0, le=0.05)
    dropout: float = Field(0.002, ge=0, lt=1)
    wavelength_m: float = Field(WAVELENGTHS_M[0], gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> LidarSpec:
        if self.elevation_low_rad > self.elevation_high_rad:
            raise ValueError("elevation is [lowest, highest]")
        if min(abs(self.wavelength_m - known) for known in WAVELENGTHS_M) > 1e-12:
            raise ValueError("'wavelength' is 905 nm or 1550 nm")
        if self.channels * self.columns > MOST_BEAMS:
            raise ValueError(f"channels * columns is at most {MOST_BEAMS:,}")
        return self

    @property
    def repeats(self) -> bool:
        """Whether all sweeps have the same beams."""
        return self.pattern != "rosette"

    def directions(self, sweep: int) -> F64:
        """Return the unit beams (columns, channels, 3) of a sweep; see `geometry.beams`."""
        elevation = (self.elevation_low_rad, self.elevation_high_rad)
        if self.pattern == "spinning":
            return spinning(self.channels, self.columns, elevation)
        if self.pattern == "raster":
            return raster(self.channels, self.columns, elevation, self.hfov_rad)
        return rosette(self.channels, self.columns, self.hfov_rad, sweep)

    def sweep_count(self, duration_s: float) -> int:
        """Return how many whole sweeps there are in a scene."""
        return int(np.floor(duration_s * self.rate_hz + 1e-9))
