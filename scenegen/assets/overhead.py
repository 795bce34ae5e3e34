"""What spans roads above the traffic: gantries with their boards, and cables between poles.

A gantry is a beam and two legs, each an asset of its own, since only legs can be run into.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.ink import arrow, fill, lettering, stroke
from scenegen.assets.lofts import bar, tube
from scenegen.assets.materials import GALVANISED, PLASTIC, lamp, matte
from scenegen.assets.shapes import box, rounded_rectangle
from scenegen.assets.sign_faces import BLUE, WHITE, Sheets
from scenegen.assets.signs import mount
from scenegen.assets.triangles import join
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape
from scenegen.records.taxonomy import Lamp

CLEARANCE_M = 5.5
"""Least height of anything that hangs above a road."""
BEAM_M = 1.0
LEG_M = CLEARANCE_M + 1.4
WIRES_Y = (-0.8, -0.4, 0.4, 0.8)
_LANE_M = 3.6
_PLACES = ("NORDAU", "SEEBERG", "ALTMARK", "WESTEND", "HAFEN", "LINDAL", "OSTRAND", "MIREN")
_GREEN = matte("green sheeting", "0d6b45", 0.4)
_RED_LED = lamp("lane light red", "3a0c0c", "ff1a0c", 4_000.0, Lamp.NONE)
_GREEN_LED = lamp("lane light green", "0a3020", "10ff90", 4_000.0, Lamp.NONE)


def gantry_leg(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return the leg of a gantry: two posts, one behind the other along x, tied together."""
    work = Bench("pole")
    root = work.part("leg")
    for x in (-0.4, 0.4):
        work.add(root, box((0.5, 0.5, 0.3), (x, 0, 0.15)), matte("footing", "a09c94", 0.9))
        work.add(root, bar((x, 0, 0), (x, 0, LEG_M), 0.13, 14), GALVANISED)
    for k in range(4):
        low, high = 0.8 + 1.4 * k, 2.2 + 1.4 * k
        ends = (-0.4, 0.4) if k % 2 else (0.4, -0.4)
        work.add(root, bar((ends[0], 0, low), (ends[1], 0, high), 0.05, 8), GALVANISED)
    shape = CollisionShape("box", (0, 0, LEG_M / 2), (1.1, 0.3, LEG_M))
    return finish(asset_id, variant, "pole", work, 1500.0, collision=(shape,))


def _truss(work: Bench, root: str, y: float) -> None:
    """Add a lattice beam along y, its underside at z = 0."""
    half = 0.5 * y
    chords = [(x, z) for x in (-0.4, 0.4) for z in (0.08, BEAM_M - 0.08)]
    for x, z in chords:
        work.add(root, bar((x, -half, z), (x, half, z), 0.075, 8), GALVANISED)
    count = max(4, round(y / 1.4))
    at = np.linspace(-half + 0.1, half - 0.1, count + 1)
    ties = []
    for k in range(count):
        z0, z1 = (0.08, BEAM_M - 0.08) if k % 2 else (BEAM_M - 0.08, 0.08)
        ties += [bar((x, at[k], z0), (x, at[k + 1], z1), 0.04, 6) for x in (-0.4, 0.4)]
        ties.append(bar((-0.4, at[k], 0.08), (0.4, at[k + 1], 0.08), 0.04, 6))
    work.add(root, join(ties), GALVANISED)


def _board(rng: np.random.Generator, wide: float, exit_: bool) -> tuple[F64, Sheets]:
    """Return a direction board: two places and an arrow."""
    high = 2.0
    plate, field = (rounded_rectangle(wide - d, high - d, 0.12) for d in (0.0, 0.09))
    first, second = (str(p) for p in rng.choice(_PLACES, 2, replace=False))
    left = -0.5 * wide + 0.75
    size = min(0.34, (wide - 1.3) / 5.2)
    road = f"A{int(rng.integers(2, 99))}"
    marks = [
        lettering(first, size, (left, 0.15), align="left"),
        lettering(second, size, (left, -0.42), align="left"),
        lettering(road, 0.26, (left, 0.66), align="left"),
    ]
    tip = (-0.5 * wide + 0.62, 0.55) if exit_ else (-0.5 * wide + 0.38, 0.6)
    marks.append(arrow([(-0.5 * wide + 0.38, -0.6), (-0.5 * wide + 0.38, 0.1), tip], 0.09, 0.34))
    return plate, [
        (WHITE, fill(plate)),
        (_GREEN if exit_ else BLUE, fill(field)),
        (WHITE, join(marks)),
    ]


def gantry(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return the beam of a gantry across x, with boards that face +x; z = 0 is its underside.

    Even variants carry direction boards, odd ones a light for each lane: a green arrow, and
    in every third variant a red cross over the rightmost.
    """
    y = size[1] if size else 14.0
    work = Bench("pole")
    root = work.part("beam")
    _truss(work, root, y)
    lanes = max(1, int((y - 2.4) / _LANE_M))
    places = (np.arange(lanes) - 0.5 * (lanes - 1)) * _LANE_M
    if variant % 2 == 0:
        boards = max(1, min(lanes - 1, 3))
        wide = min(4.6, (y - 2.0) / boards - 0.3)
        for k in range(boards):
            at = (k - 0.5 * (boards - 1)) * (wide + 0.3)
            plate, sheets = _board(rng, wide, k == boards - 1 and boards > 1)
            mount(work, root, plate, sheets, (0.5, at, 0.55), "traffic sign")
            for s in (-0.3, 0.3):
                strap = box((0.06, 0.08, 1.5), (0.47, at + s * wide, 0.5))
                work.add(root, strap, GALVANISED)
    else:
        for k, at in enumerate(places.tolist()):
            shut = variant % 3 == 0 and k == lanes - 1
            work.add(root, box((0.25, 1.0, 1.0), (0.6, at, 0.5)), PLASTIC, "traffic light")
            if shut:
                mark = join([stroke([(-0.3, s * -0.3), (0.3, s * 0.3)], 0.09) for s in (-1, 1)])
            else:
                mark = arrow([(0.0, 0.36), (0.0, -0.36)], 0.1, 0.44)
            light = _RED_LED if shut else _GREEN_LED
            work.add(root, mark.moved(0.729, at, 0.5), light, "traffic light")
    return finish(asset_id, variant, "pole", work, 120.0 * y)


SAG = 0.025
"""Sag of a cable over the span between poles."""


def cables(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return four cables along x that hang between z = 0 at both ends.

    So flat a catenary is a parabola to within a millimetre.
    """
    x = size[0] if size else 40.0
    t = np.linspace(-1.0, 1.0, max(7, round(x / 3.0)))
    work = Bench("pole")
    root = work.part("cables")
    # 4 cm thick 7 m up, where the sun is as wide as 6 cm.
    wire = replace(matte("cable", "1e1f20", 0.7), shades=False)
    for y in WIRES_Y:
        sag = SAG * x * (1.0 + 0.08 * y)
        path = np.stack([0.5 * x * t, 0 * t + y, -sag * (1.0 - t * t)], axis=1)
        work.add(root, tube(path, 0.022, 3), wire)
    return finish(asset_id, variant, "pole", work, 0.4 * x * len(WIRES_Y))
