"""The base of all JSON records: frozen, and strict about what they hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

Vec2 = tuple[float, float]
Vec3 = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
F64 = npt.NDArray[np.float64]


class Record(BaseModel):
    """A frozen record that refuses unknown fields and non-finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def read_only(array: npt.NDArray[np.generic]) -> None:
    """Make an array of a frozen record read-only in place."""
    array.setflags(write=False)
