"""Operators on time over sampled signals: what a formula is worth at each step.

Arrays have the steps along their last axis. Where a window runs beyond the last step it is
cut there; of a window without any step, `always` is worth ``inf`` and `eventually` ``-inf``,
so that each is the other's negation. This is what a run that ends says about later times:
nothing that was forbidden has happened, and nothing that was asked for.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import maximum_filter1d

from scenegen.records.base import F64

Steps = tuple[int, int] | None
"""First and last step of a window, counted from now; None for all that follow."""


def eventually(values: F64, window: Steps) -> F64:
    """Return the greatest value (..., T) in the window of each step.

    With a window in O(T), by Harter's algorithm in `scipy.ndimage`.
    """
    if window is None:
        return np.maximum.accumulate(values[..., ::-1], axis=-1)[..., ::-1]
    first, last = window
    size = last - first + 1
    steps = values.shape[-1]
    if size < 1 or first >= steps:
        return np.full_like(values, -np.inf)
    size = min(size, steps)
    shifted = np.full((*values.shape[:-1], steps + size - 1), -np.inf)
    shifted[..., : steps - first] = values[..., first:]
    # Output i covers i - size // 2 to i - size // 2 + size - 1: its middle is taken back to i.
    greatest = maximum_filter1d(shifted, size, axis=-1, mode="constant", cval=-np.inf)
    return np.asarray(greatest[..., size // 2 : size // 2 + steps])


def always(values: F64, window: Steps) -> F64:
    """Return the least value (..., T) in the window of each step."""
    return -eventually(-values, window)


def until(before: F64, then: F64, window: Steps) -> F64:
    """Return what "the first until the second" (..., T) is worth at each step.

    The greatest, over steps t' of the window, of the lesser of `then` at t' and the least of
    `before` at all steps from now to the one before t'. With a window by the identity
    p U[a,b] q = F[a,b] q and (p U[a,inf) q) of Donzé, Ferrère and Maler (CAV 2013).
    """
    steps = then.shape[-1]
    unbounded = then.copy()
    for step in range(steps - 2, -1, -1):
        later = np.minimum(before[..., step], unbounded[..., step + 1])
        unbounded[..., step] = np.maximum(then[..., step], later)
    if window is None:
        return unbounded
    first, _ = window
    from_first = np.full_like(unbounded, -np.inf)
    from_first[..., : max(steps - first, 0)] = unbounded[..., first:]
    if first > 0:
        from_first = np.minimum(from_first, always(before, (0, first - 1)))
    return np.minimum(eventually(then, window), from_first)
