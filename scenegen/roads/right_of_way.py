"""Who goes first where no sign says so: those from the right, or left where one drives there."""

from __future__ import annotations

import numpy as np

MINOR_S = 6.5
"""Base critical headway from minor roads of two lanes (Highway Capacity Manual, TRB 2010, exhibit
19-10: 6.2 s to 7.1 s by turn)."""
ASIDE = 0.4
"""Sine of the angle from which on others come from the side, rather than merge or come towards."""
UNSIGNED_S = 4.1
"""Time gap taken there. The Highway Capacity Manual has none for it; this is that of turns across
oncoming traffic (TRB 2010, exhibit 19-10)."""


def comes_from(side: str, yaw_rad: float, other_yaw_rad: float) -> bool:
    """Say whether who heads one way comes from that side of who heads another way."""
    to_left = float(np.sin(other_yaw_rad - yaw_rad))
    return (to_left if side == "right" else -to_left) > ASIDE
