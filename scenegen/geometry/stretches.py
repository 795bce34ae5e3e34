"""Where a condition holds without a break."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def stretches(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return starts and ends (exclusive) of the stretches of (T,) that are true."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True))
