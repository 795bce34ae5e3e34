"""An automotive radar as it is mounted on the ego."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from scenegen.records.base import F64, Vec3
from scenegen.records.mounted import MountedSpec

FREQUENCY_HZ = 76.5e9
"""Middle of the band that is kept for radars of vehicles, 76 to 77 GHz."""
LIGHT_MPS = 299_792_458.0
WAVELENGTH_M = LIGHT_MPS / FREQUENCY_HZ


class RadarSpec(MountedSpec):
    """A radar of chirps on the ego; its frame is x forward, y left, z up.

    Attributes
    ----------
    hfov_rad, vfov_rad : float
        Field in which it detects; at its edges the antennas' gain is 3 dB lower each way.
    far_m : float
        Echoes from beyond fold back by it.
    max_speed_mps : float
        Radial speeds fold into ``-max_speed_mps <= v < max_speed_mps``.
    range_resolution_m, azimuth_resolution_rad, speed_resolution_mps : float
        Cells: echoes that are closer in all of these run into one. The azimuth's is that
        on the axis; it widens with the cosine.
    elevation_resolution_rad : float or None
        None for a radar that doesn't measure elevation.
    power_dbm, gain_db, noise_figure_db, losses_db : float
        Transmitted power; gain of the transmitting and of the receiving array, each, on the
        axis; noise of the receiver over a perfect one; everything that gets lost.
    false_alarm_rate : float
        Probability that noise alone is reported, for each cell of range and speed.
    radome_m : float
        Height of a cover on which rain runs down as a film; 0 for one that sheds water.
    """

    kind: Literal["radar"] = "radar"
    hfov_rad: float = Field(0.5236, gt=0.02, le=2.8)
    vfov_rad: float = Field(0.2443, gt=0.02, le=1.5)
    position_m: Vec3 = (2.2, 0.0, 0.5)
    near_m: float = Field(0.5, gt=0)
    far_m: float = Field(250.0, gt=1, le=1000)
    max_speed_mps: float = Field(70.0, gt=1, le=500)
    range_resolution_m: float = Field(0.6, gt=0.01, le=20)
    azimuth_resolution_rad: float = Field(0.0262, gt=0.001, le=1)
    elevation_resolution_rad: float | None = Field(None, gt=0.001, le=1)
    speed_resolution_mps: float = Field(0.1, gt=0.01, le=10)
    power_dbm: float = Field(10.0, ge=-40, le=60)
    gain_db: float = Field(22.0, ge=0, le=50)
    noise_figure_db: float = Field(14.0, ge=0, le=40)
    losses_db: float = Field(10.0, ge=0, le=60)
    false_alarm_rate: float = Field(1e-6, gt=0, le=1e-2)
    radome_m: float = Field(0.0, ge=0, le=0.5)

    @model_validator(mode="after")
    def _in_order(self) -> RadarSpec:
        if self.range_resolution_m >= self.far_m or self.speed_resolution_mps >= self.max_speed_mps:
            raise ValueError("resolutions are finer than 'far' and 'max_speed'")
        return self

    @property
    def dwell_s(self) -> float:
        """How long a scan's chirps take: it gives the resolution of the speed."""
        return WAVELENGTH_M / (2 * self.speed_resolution_mps)

    @property
    def cell_count(self) -> float:
        """Number of cells of range and speed."""
        ranges = (self.far_m - self.near_m) / self.range_resolution_m
        return ranges * 2 * self.max_speed_mps / self.speed_resolution_mps

    def folded_speed(self, speed_mps: F64) -> F64:
        """Return radial speeds as they are reported."""
        span = self.max_speed_mps
        return np.asarray((speed_mps + span) % (2 * span) - span)

    def scan_count(self, duration_s: float) -> int:
        """Return how many scans there are in a scene: at 0, 1 / `rate_hz`, … before its end."""
        return int(np.ceil(duration_s * self.rate_hz - 1e-9))
