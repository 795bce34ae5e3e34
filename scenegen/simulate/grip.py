"""How much a road holds a tyre: dry, wet, under trodden snow, iced over."""

from __future__ import annotations

from dataclasses import dataclass

from scenegen.records import Weather


@dataclass(frozen=True)
class Grip:
    """Friction of a rolling tyre at its best slip, and of one that slides."""

    peak: float
    sliding: float

    def mixed(self, other: Grip, share: float) -> Grip:
        """Return the grip where `share` of the road is like `other`."""
        return Grip(
            self.peak + share * (other.peak - self.peak),
            self.sliding + share * (other.sliding - self.sliding),
        )


DRY = Grip(0.95, 0.80)
WET = Grip(0.55, 0.47)
SNOW = Grip(0.20, 0.15)
ICE = Grip(0.10, 0.07)
"""Car tyres on asphalt, dry and under a film of water, on trodden snow and on ice.

Taborek (Mechanics of Vehicles, 1957), in Wong (Theory of Ground Vehicles, table 1.3),
measured 0.8 to 0.9 peak and 0.75 sliding on dry asphalt, 0.5 to 0.7 and 0.45 to 0.6 on
wet, 0.2 and 0.15 on hard snow, 0.1 and 0.07 on ice. Tyres of today hold dry asphalt a
little better.
"""


def road_grip(weather: Weather) -> Grip:
    """Return the grip of the road in a weather: its water, then its snow, then its ice.

    Aquaplaning is out of scope: a `wetness` of 1 is a film of water, not standing water.
    """
    return DRY.mixed(WET, weather.wetness).mixed(SNOW, weather.road_snow).mixed(ICE, weather.ice)
