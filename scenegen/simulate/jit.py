"""Compiling of the inner loops: numba's decorator, with the types that mypy sees kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

_F = TypeVar("_F", bound=Callable[..., object])

compiled = cast(Callable[[_F], _F], njit(cache=True, error_model="numpy"))
"""Compiles a function at its first call and keeps what came of it beside the source.

Sums are never regrouped (no ``fastmath``), so a row's result depends on the row alone.
"""
