"""What happens to the light between a camera's lens and its file."""

from __future__ import annotations

from pydantic import Field

from scenegen.records.base import Record


class ImagerSpec(Record):
    """Aperture, shutter, sensor and compression of a camera. They change colours alone.

    Attributes
    ----------
    shutter_s : float or None
        Exposure time, around the moment that labels are of; None for one too short to blur.
    f_number : float or None
        Focal length over aperture; None for a pinhole's depth of field.
    focal_length_m, focus_m : float
        With `f_number`: how far away things are sharp.
    vignetting : float
        Share of the light that the corners lack.
    bayer : bool
        Whether light is counted through a colour mosaic: with noise, then interpolated.
    gain : float or None
        Amplification, so that fewer electrons make the same brightness; None: by the light,
        from 1 by day to 16 in the dark.
    full_well_e, read_noise_e : float
        Electrons that a pixel holds at gain 1, and the standard deviation of reading them.
    jpeg : int or None
        Quality of a compression that leaves its artefacts in the picture.
    """

    shutter_s: float | None = Field(None, gt=0, le=0.1)
    f_number: float | None = Field(None, ge=0.5, le=64)
    focal_length_m: float = Field(0.004, ge=0.001, le=1)
    focus_m: float = Field(10.0, ge=0.1, le=1000)
    vignetting: float = Field(0.0, ge=0, lt=1)
    bayer: bool = True
    gain: float | None = Field(None, ge=0.1, le=1000)
    full_well_e: float = Field(60_000.0, ge=100, le=1e6)
    read_noise_e: float = Field(3.0, ge=0, le=1000)
    jpeg: int | None = Field(None, ge=1, le=100)
