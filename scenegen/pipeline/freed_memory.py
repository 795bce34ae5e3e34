"""Memory of arrays that are gone."""

from __future__ import annotations

import ctypes


def return_freed_memory() -> None:
    """Give the system what a scene's arrays have left: else glibc keeps it in small pieces."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
