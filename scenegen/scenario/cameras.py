"""What a camera of the ``sensors`` section may say of its optics and its sensor."""

from __future__ import annotations

from typing import Annotated, Literal

from scenegen.scenario.document import Section
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.values import Angle, Count, Duration, Expects, Flag, Length, Number, Value


class LensEntry(Section):
    """The lens of a camera by OpenCV's coefficients; see `records.LensSpec`."""

    is_one_statement = True

    model: Annotated[Value, Expects(TEXT, choices=("brown_conrady", "kannala_brandt"))]
    k1: Number | None = None
    k2: Number | None = None
    k3: Number | None = None
    k4: Number | None = None
    p1: Number | None = None
    p2: Number | None = None
    field: Angle | None = None


class ImagerEntry(Section):
    """Aperture, shutter and sensor of a camera; see `records.ImagerSpec`."""

    shutter: Duration | None = None
    f_number: Number | None = None
    focal_length: Length | None = None
    focus: Length | None = None
    vignetting: Number | None = None
    bayer: Flag | None = None
    gain: Number | None = None
    full_well: Number | None = None
    read_noise: Number | None = None
    jpeg: Count | None = None


class CameraEntry(Section):
    """A camera on the ego; see `records.CameraSpec`."""

    kind: Literal["camera"] | None = None
    width: Count | None = None
    height: Count | None = None
    hfov: Angle | None = None
    position: tuple[Length, Length, Length] | None = None
    yaw: Angle | None = None
    pitch: Angle | None = None
    near: Length | None = None
    far: Length | None = None
    lens: LensEntry | None = None
    readout: Duration | None = None
    imager: ImagerEntry | None = None
