"""The device that all of this process's Embree scenes belong to."""

from __future__ import annotations

from functools import cache

from embreex.rtcore import EmbreeDevice


@cache
def device() -> EmbreeDevice:
    """Return it. A scene without one makes its own, and some 1,900 of them end the process."""
    return EmbreeDevice()
