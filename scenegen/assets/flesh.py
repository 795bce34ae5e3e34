"""The body of a person: trunk, limbs, hands, shoes and head, in units of the stature."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

from scenegen.assets.lofts import bar, column
from scenegen.assets.shapes import box, sphere
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import F64

Row = tuple[float, float, float, float]
"""Height, middle in x, half axes in x and y."""


def smooth(rows: Sequence[Row], count: int) -> F64:
    """Return rows (count, 5) of a `column` through given ones, shape-preserving."""
    table = np.asarray(sorted(rows), dtype=np.float64)
    z = np.linspace(table[0, 0], table[-1, 0], count)
    x, rx, ry = scipy.interpolate.PchipInterpolator(table[:, 0], table[:, 1:])(z).T
    return np.stack([z, x, np.zeros(count), rx, ry], axis=1)


def limb(
    rows: Sequence[Row],
    count: int,
    round_low: bool = True,
    segments: int = 9,
    crown: float = 1.0,
) -> Geometry:
    """Return a limb that ends in half balls about its joints, so that bends show no gap.

    `crown` flattens the upper one.
    """
    table = smooth(rows, count)
    ends = np.radians([42.0, 78.0])

    def ball(row: F64, sign: float) -> list[list[float]]:
        z, x, y, rx, ry = row.tolist()
        flat = min(rx, ry) * (crown if sign > 0 else 1.0)
        return [[z + sign * flat * np.sin(a), x, y, rx * np.cos(a), ry * np.cos(a)] for a in ends]

    low = ball(table[0], -1.0)[::-1] if round_low else []
    return column(np.array([*low, *table.tolist(), *ball(table[-1], 1.0)]), segments)


def trunk(female: bool, build: float, bulk: float) -> Geometry:
    """Return chest and belly above the spine joint, for a trunk of 0.283 statures."""
    waist, chest = (-0.009, -0.004) if female else (0.0, 0.0)
    bust = 0.007 if female else 0.0
    belly = 0.055 * max(build - 1.0, 0.0)
    rows: list[Row] = [
        (-0.035, 0.002, 0.064, 0.090),
        (0.02, 0.004 + belly, 0.060 + belly, 0.081 + waist),
        (0.08, 0.003 + belly, 0.062 + belly, 0.085 + waist),
        (0.14, 0.003 + bust, 0.066 + bust, 0.093 + chest),
        (0.19, 0.001 + bust, 0.067 + 0.5 * bust, 0.099 + chest),
        (0.222, -0.002, 0.060, 0.106 + chest),
        (0.243, -0.003, 0.050, 0.106 + chest),
        (0.259, -0.003, 0.041, 0.083 + chest),
        (0.273, -0.002, 0.035, 0.050),
        (0.284, 0.0, 0.030, 0.032),
    ]
    grown = [(z, x, rx * build**0.8 + bulk, ry * build**0.6 + bulk) for z, x, rx, ry in rows]
    return column(smooth(grown, 8), 12, 2.3)


def hips(female: bool, build: float, bulk: float, low: float = -0.055) -> Geometry:
    """Return the pelvis about the hip joints, down to `low`."""
    wide = 0.006 if female else 0.0
    rows: list[Row] = [
        (low, -0.002, 0.046, 0.072),
        (-0.02, -0.006, 0.062, 0.094 + wide),
        (0.015, -0.005, 0.066, 0.095 + wide),
        (0.03, -0.003, 0.060, 0.086),
        (0.045, 0.0, 0.040, 0.060),
    ]
    return column(
        smooth(
            [(z, x, rx * build**0.9 + bulk, ry * build**0.6 + bulk) for z, x, rx, ry in rows], 5
        ),
        12,
        2.3,
    )


def thigh(length: float, build: float, bulk: float) -> Geometry:
    """Return the thigh below the hip."""
    rows: list[Row] = [
        (-length, 0.0, 0.031, 0.030),
        (-0.75 * length, 0.001, 0.036, 0.035),
        (-0.35 * length, 0.003, 0.046, 0.043),
        (0.0, 0.0, 0.051, 0.046),
    ]
    return limb([(z, x, rx * build + bulk, ry * build + bulk) for z, x, rx, ry in rows], 5)


def shin(length: float, build: float, bulk: float, cuff: float) -> Geometry:
    """Return the shin below the knee; a trouser leg ends in a cuff of half width `cuff`."""
    foot = max(cuff, 0.019)
    rows: list[Row] = [
        (-0.97 * length, 0.0, foot, foot * 0.95),
        (-0.7 * length, -0.003, max(0.025, foot), max(0.023, foot * 0.95)),
        (-0.3 * length, -0.006, 0.034, 0.031),
        (0.0, 0.0, 0.031, 0.030),
    ]
    return limb(
        [(z, x, rx * build + bulk, ry * build + bulk) for z, x, rx, ry in rows], 5, cuff == 0.0
    )


def upper_arm(length: float, build: float, bulk: float) -> Geometry:
    """Return the upper arm below the shoulder, deltoid included."""
    rows: list[Row] = [
        (-length, 0.0, 0.022, 0.021),
        (-0.6 * length, 0.002, 0.026, 0.023),
        (-0.2 * length, 0.002, 0.031, 0.026),
        (0.0, 0.0, 0.028, 0.024),
    ]
    return limb(
        [(z, x, rx * build + bulk, ry * build + bulk) for z, x, rx, ry in rows], 4, crown=0.5
    )


def forearm(length: float, build: float, bulk: float) -> Geometry:
    """Return the forearm below the elbow."""
    rows: list[Row] = [
        (-length, 0.0, 0.0155, 0.0135),
        (-0.6 * length, 0.001, 0.021, 0.018),
        (-0.2 * length, 0.001, 0.025, 0.022),
        (0.0, 0.0, 0.022, 0.021),
    ]
    return limb([(z, x, rx * build + bulk, ry * build + bulk) for z, x, rx, ry in rows], 4)


def hand(wrist: float, side: float) -> Geometry:
    """Return a relaxed hand below a wrist at height -`wrist`; `side` is +1 on the left."""
    rows: list[Row] = [
        (-0.101, 0.016, 0.008, 0.006),
        (-0.092, 0.014, 0.014, 0.009),
        (-0.07, 0.008, 0.020, 0.0105),
        (-0.048, 0.003, 0.0235, 0.0115),
        (-0.025, 0.001, 0.022, 0.012),
        (0.004, 0.0, 0.0145, 0.0125),
    ]
    palm = column(smooth(rows, 5), 6)
    thumb = bar((0.014, -0.004 * side, -0.02), (0.031, -0.012 * side, -0.056), 0.008, 4, 0.006)
    return join([palm, thumb]).moved(z=-wrist)


def shoe(ankle: float) -> tuple[Geometry, Geometry]:
    """Return upper and sole of a shoe below an ankle joint at height `ankle`."""
    # x, height of the top above the ground, half width
    table = [
        (-0.048, 0.020, 0.010),
        (-0.045, 0.040, 0.019),
        (-0.025, 0.053, 0.0255),
        (0.0, 0.056, 0.0265),
        (0.03, 0.046, 0.0285),
        (0.065, 0.034, 0.0315),
        (0.09, 0.027, 0.0295),
        (0.105, 0.021, 0.020),
        (0.11, 0.014, 0.009),
    ]
    floor = 0.006
    rows = [
        (x, -(0.5 * (top + floor) - ankle), 0.0, 0.5 * (top - floor), half)
        for x, top, half in table
    ]
    upper = column(np.array(rows), 8, 2.6).turned((0, 1, 0), np.pi / 2)
    sole = column(
        [(-ankle, 0.031, 0, 0.081, 0.029), (0.012 - ankle, 0.031, 0, 0.082, 0.030)], 12, 2.7
    )
    sock = limb([(0.0, -0.002, 0.021, 0.020), (0.035, -0.002, 0.021, 0.020)], 2)
    return join([upper, sock]), sole


def skull() -> Geometry:
    """Return head and neck above the neck joint: chin at 0.014, crown at 0.142."""
    rows: list[Row] = [
        (0.010, 0.030, 0.014, 0.015),
        (0.016, 0.023, 0.027, 0.023),
        (0.030, 0.013, 0.042, 0.031),
        (0.050, 0.007, 0.050, 0.0375),
        (0.075, 0.003, 0.054, 0.0415),
        (0.097, 0.0, 0.056, 0.043),
        (0.116, -0.003, 0.052, 0.040),
        (0.131, -0.004, 0.038, 0.030),
        (0.139, -0.004, 0.021, 0.017),
        (0.142, -0.004, 0.006, 0.005),
    ]
    head = column(smooth(rows, 9), 11, 2.1)
    neck = column([(-0.035, -0.002, 0, 0.034, 0.036), (0.045, 0.0, 0, 0.029, 0.029)], 8)
    nose = bar((0.053, 0, 0.080), (0.064, 0, 0.058), 0.005, 6, 0.0085)
    ears = sphere(1.0, 6, 4).scaled(0.011, 0.006, 0.016).moved(-0.002, 0.043, 0.066)
    return join([head, neck, nose, ears.both_sides()])


def face() -> tuple[Geometry, Geometry]:
    """Return eyes and mouth, proud of the skull."""
    eyes = sphere(1.0, 6, 3).scaled(0.005, 0.0075, 0.0042).moved(0.0508, 0.0165, 0.080)
    mouth = box((0.008, 0.026, 0.006), (0.0515, 0.0, 0.040))
    return eyes.both_sides(), mouth
