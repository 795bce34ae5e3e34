"""Which lamps burn."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.records import Drive, Lamp, Lights, Stand
from scenegen.records.behaviour import Action

BLINK_HZ = 1.5
"""Flash rate of indicators (UN Regulation 48 allows 1 to 2 Hz)."""
BEACON_HZ = 2.0
"""Flash rate of beacons (UN Regulation 65 asks for 2 to 4 Hz)."""

SIDES = {
    "none": Lamp.NONE,
    "left": Lamp.INDICATOR_LEFT,
    "right": Lamp.INDICATOR_RIGHT,
    "both": Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT,
}


def blink_on(time_s: float) -> bool:
    """Return whether indicators are in the lit half of their period."""
    return (time_s * BLINK_HZ + 1e-9) % 1.0 < 0.5


def beacon_on(time_s: float) -> bool:
    """Return whether beacons are in the lit half of their period."""
    return (time_s * BEACON_HZ + 1e-9) % 1.0 < 0.5


def lit(on: Lamp, time_s: float) -> Lamp:
    """Return which of the lamps that are switched on are lit: those that flash go dark by turns."""
    dark = Lamp.NONE if blink_on(time_s) else SIDES["both"]
    if not beacon_on(time_s):
        dark |= Lamp.BEACON
    return on & ~dark


def vehicle_lamps(
    motion: Action | None,
    in_force: Sequence[Action],
    *,
    headlights: bool,
    braking: bool,
    crashed: bool,
    backing: bool,
    beacon: bool = False,
) -> Lamp:
    """Return the lamps that a vehicle has switched on; `lit` says which of them burn.

    Parameters
    ----------
    motion : Action or None
        The last thing that its driver did about how it moves; who stands has switched off.
    in_force : sequence of Action
        What its driver is about, the first being what runs and the others what runs beside it.
    headlights : bool
        Whether moving vehicles burn low beam.
    braking, backing : bool
        Whether the brake is pressed and whether the gear is in reverse.
    beacon : bool
        Whether beacons are switched on; they flash whatever its driver is about.
    """
    lamps = Lamp.NONE
    off = motion is None or isinstance(motion, Stand)
    if headlights and not off:
        lamps |= Lamp.LOW_BEAM | Lamp.TAIL
    if braking and not off:
        lamps |= Lamp.BRAKE
    if backing and not off:
        lamps |= Lamp.REVERSE
    if beacon:
        lamps |= Lamp.BEACON
    return lamps | SIDES["both" if crashed else _indicated(in_force)]


def _indicated(in_force: Sequence[Action]) -> str:
    """Return the side that indicators show: of what was set last, or goes with the way."""
    side = "none"
    for action in in_force:
        if isinstance(action, Stand) and action.hazard_lights:
            side = "both"
        elif isinstance(action, Drive | Lights) and action.indicator != "none":
            side = action.indicator
        elif isinstance(action, Lights):
            side = "none"
    return side
