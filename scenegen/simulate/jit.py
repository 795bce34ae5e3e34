"""Compiling of the inner loops: numba's decorator, with the types that mypy sees kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

_F = TypeVar("_F", bound=Callable[..., object])


def compiled(function: _F) -> _F:
    """Compile a function at its first call and keep what came of it, beside the source if it can.

    Sums are never regrouped (no ``fastmath``), so a row's result depends on the row alone.
    """
    try:
        return cast(_F, njit(cache=True, error_model="numpy")(function))
    except RuntimeError:  # neither the installation nor the home can be written to
        return cast(_F, njit(error_model="numpy")(function))
