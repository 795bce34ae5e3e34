"""Units and dimensions: "50 km/h" is 13.9 of the dimension length over time.

A dimension is a tuple of exponents of metre, second, radian and kilogram. The radian
counts as a dimension of its own, so that a heading is never mistaken for a ratio.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from scenegen.errors import nearest


@dataclass(frozen=True)
class Dimension:
    """Exponents of the base units m, s, rad and kg."""

    m: Fraction = Fraction(0)
    s: Fraction = Fraction(0)
    rad: Fraction = Fraction(0)
    kg: Fraction = Fraction(0)

    def __mul__(self, other: Dimension) -> Dimension:
        return Dimension(
            self.m + other.m, self.s + other.s, self.rad + other.rad, self.kg + other.kg
        )

    def __pow__(self, exponent: Fraction | int) -> Dimension:
        return Dimension(
            self.m * exponent, self.s * exponent, self.rad * exponent, self.kg * exponent
        )

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other**-1

    def __str__(self) -> str:
        named = _NAMES.get(self)
        if named:
            return named
        return f"a quantity in {self.symbol}"

    @property
    def symbol(self) -> str:
        """The unit of SI: ``m s^-1``, empty for plain numbers."""
        powers = (("m", self.m), ("s", self.s), ("rad", self.rad), ("kg", self.kg))
        return " ".join(unit if n == 1 else f"{unit}^{n}" for unit, n in powers if n)

    @property
    def example(self) -> str:
        """A quantity of this dimension as a user may write it."""
        return _EXAMPLES.get(self, "1.5")


def _dimension(m: int = 0, s: int = 0, rad: int = 0, kg: int = 0) -> Dimension:
    return Dimension(Fraction(m), Fraction(s), Fraction(rad), Fraction(kg))


NUMBER = _dimension()
LENGTH = _dimension(m=1)
TIME = _dimension(s=1)
SPEED = _dimension(m=1, s=-1)
ACCELERATION = _dimension(m=1, s=-2)
ANGLE = _dimension(rad=1)
ANGULAR_SPEED = _dimension(rad=1, s=-1)
FREQUENCY = _dimension(s=-1)
MASS = _dimension(kg=1)
AREA = _dimension(m=2)

_NAMES: dict[Dimension, str] = {
    NUMBER: "a plain number",
    LENGTH: "a length",
    TIME: "a time",
    SPEED: "a speed",
    ACCELERATION: "an acceleration",
    ANGLE: "an angle",
    ANGULAR_SPEED: "an angular speed",
    FREQUENCY: "a frequency",
    MASS: "a mass",
    AREA: "an area",
}
_EXAMPLES: dict[Dimension, str] = {
    NUMBER: "0.4",
    LENGTH: "3 m",
    TIME: "1.2 s",
    SPEED: "50 km/h",
    ACCELERATION: "2 m/s^2",
    ANGLE: "30 deg",
    ANGULAR_SPEED: "10 deg/s",
    FREQUENCY: "10 Hz",
    MASS: "80 kg",
    AREA: "4 m^2",
}

UNITS: dict[str, tuple[float, Dimension]] = {
    "%": (0.01, NUMBER),
    "nm": (1e-9, LENGTH),
    "mm": (1e-3, LENGTH),
    "cm": (1e-2, LENGTH),
    "m": (1.0, LENGTH),
    "km": (1e3, LENGTH),
    "ms": (1e-3, TIME),
    "s": (1.0, TIME),
    "min": (60.0, TIME),
    "h": (3600.0, TIME),
    "m/s": (1.0, SPEED),
    "km/h": (1 / 3.6, SPEED),
    "kph": (1 / 3.6, SPEED),
    "mph": (0.44704, SPEED),
    "mm/h": (1e-3 / 3600.0, SPEED),
    "m/s^2": (1.0, ACCELERATION),
    "m/s2": (1.0, ACCELERATION),
    "rad": (1.0, ANGLE),
    "deg": (math.pi / 180.0, ANGLE),
    "rad/s": (1.0, ANGULAR_SPEED),
    "deg/s": (math.pi / 180.0, ANGULAR_SPEED),
    "Hz": (1.0, FREQUENCY),
    "kg": (1.0, MASS),
    "t": (1e3, MASS),
    "m^2": (1.0, AREA),
}
"""Every unit a user may write: its size in SI and its dimension."""

NUMBER_PATTERN = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
UNIT_PATTERN = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_QUANTITY = re.compile(rf"\s*([+-]?{NUMBER_PATTERN})\s*(\S.*?)?\s*")


@dataclass(frozen=True)
class Quantity:
    """A number in SI units and its dimension."""

    value: float
    dimension: Dimension = NUMBER


def parse_quantity(text: str) -> Quantity:
    """Read a number with an optional unit.

    Parameters
    ----------
    text : str
        For instance ``"50 km/h"``, ``"30 deg"``, ``"80 %"`` or ``"0.4"``.

    Raises
    ------
    ValueError
        Not a number, not finite, or a unit that is not in `UNITS`; the message says which.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a number with a unit, such as '50 km/h'")
    number, unit = match.groups()
    if unit is None:
        size, dimension = 1.0, NUMBER
    elif unit in UNITS:
        size, dimension = UNITS[unit]
    else:
        hint = "; hours go as '12.5 h'" if unit.startswith(":") else nearest(unit, UNITS)
        raise ValueError(f"unknown unit {unit!r}{hint}")
    value = float(number) * size
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is too large")
    return Quantity(value, dimension)
