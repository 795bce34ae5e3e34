"""Which lamps burn."""

from __future__ import annotations

from scenegen.records import Drive, Lamp, Manoeuvre, Stand

BLINK_HZ = 1.5
"""Flash rate of indicators (UN Regulation 48 allows 1 to 2 Hz)."""
BEACON_HZ = 2.0
"""Flash rate of beacons (UN Regulation 65 asks for 2 to 4 Hz)."""


def blink_on(time_s: float) -> bool:
    """Return whether indicators are in the lit half of their period."""
    return (time_s * BLINK_HZ + 1e-9) % 1.0 < 0.5


def beacon_on(time_s: float) -> bool:
    """Return whether beacons are in the lit half of their period."""
    return (time_s * BEACON_HZ + 1e-9) % 1.0 < 0.5


def vehicle_lamps(
    running: Manoeuvre | None,
    headlights: bool,
    braking: bool,
    crashed: bool,
    time_s: float,
    beacon: bool = False,
) -> Lamp:
    """Return the lamps that a vehicle shows.

    Parameters
    ----------
    running : Manoeuvre or None
        What its driver is about; a driver who stands has switched off.
    headlights : bool
        Whether moving vehicles burn low beam.
    beacon : bool
        Whether beacons are switched on; they flash whatever its driver is about.
    """
    action = running.action if running else None
    lamps = Lamp.NONE
    off = action is None or isinstance(action, Stand)
    if headlights and not off:
        lamps |= Lamp.LOW_BEAM | Lamp.TAIL
    if braking and not off:
        lamps |= Lamp.BRAKE
    if beacon and beacon_on(time_s):
        lamps |= Lamp.BEACON
    if blink_on(time_s):
        hazard = crashed or (isinstance(action, Stand) and action.hazard_lights)
        side = action.indicator if isinstance(action, Drive) else "none"
        if hazard or side == "left":
            lamps |= Lamp.INDICATOR_LEFT
        if hazard or side == "right":
            lamps |= Lamp.INDICATOR_RIGHT
    return lamps
