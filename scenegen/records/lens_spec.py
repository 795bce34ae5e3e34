"""The lens of a camera."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from scenegen.geometry import BrownConrady, KannalaBrandt, Lens
from scenegen.records.base import Record


class LensSpec(Record):
    """A lens by OpenCV's coefficients; see `geometry.BrownConrady` and `geometry.KannalaBrandt`.

    Attributes
    ----------
    model : str
        ``brown_conrady`` has k1, k2, k3, p1, p2, and ``kannala_brandt`` k1 to k4.
    field_rad : float
        Of ``kannala_brandt``: the full angle of the picture's circle, black around it.
    """

    model: Literal["brown_conrady", "kannala_brandt"]
    k1: float = Field(0.0, ge=-10, le=10)
    k2: float = Field(0.0, ge=-10, le=10)
    k3: float = Field(0.0, ge=-10, le=10)
    k4: float = Field(0.0, ge=-10, le=10)
    p1: float = Field(0.0, ge=-0.1, le=0.1)
    p2: float = Field(0.0, ge=-0.1, le=0.1)
    field_rad: float = Field(3.49, gt=0.1, le=4.18)

    def lens(self) -> Lens:
        """Return the lens."""
        if self.model == "brown_conrady":
            return BrownConrady(self.k1, self.k2, self.p1, self.p2, self.k3)
        return KannalaBrandt(self.k1, self.k2, self.k3, self.k4, 0.5 * self.field_rad)


def lens_of(model: str, distortion: list[float], field_rad: float) -> Lens | None:
    """Return the lens that a label describes by OpenCV's order of coefficients.

    Parameters
    ----------
    model : str
        ``pinhole``, ``brown_conrady`` (k1, k2, p1, p2, k3) or ``kannala_brandt`` (k1 to k4).
    distortion : list of float
    field_rad : float
        Full angle of the field.
    """
    if model == "brown_conrady":
        return BrownConrady(*distortion)
    if model == "kannala_brandt":
        k1, k2, k3, k4 = distortion
        return KannalaBrandt(k1, k2, k3, k4, 0.5 * field_rad)
    return None


def lens_label(lens: Lens | None) -> dict[str, Any]:
    """Return what a label says of a lens: model, distortion, depth and field_rad."""
    if isinstance(lens, BrownConrady):
        order = [lens.k1, lens.k2, lens.p1, lens.p2, lens.k3]
        name, depth = "brown_conrady", "z"
    elif isinstance(lens, KannalaBrandt):
        order = [lens.k1, lens.k2, lens.k3, lens.k4]
        name, depth = "kannala_brandt", "range"
    else:
        return {"distortion": [0.0] * 5}
    field = 2 * lens.field_rad
    return {"model": name, "distortion": order, "depth": depth, "field_rad": field}
