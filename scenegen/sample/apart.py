"""How far bodies that overlap are from standing clear of each other, in words."""

from __future__ import annotations

import re

import numpy as np

from scenegen.geometry.rectangles import Rectangles, shadows
from scenegen.sample.collide import bases
from scenegen.sample.layout import Layout, Rows

_PAIR = re.compile(r"no_overlap\((\w+), (\w+)\)")
SPARE_M = 0.01
"""Added to distances that are told, which are rounded to it."""


def how_to_part(layout: Layout, reason: str, rows: Rows) -> str:
    """Return by how much two bodies overlap in the best draw, and which distances would do.

    Parameters
    ----------
    layout : Layout
    reason : str
        Such as ``no_overlap(ego, lead)``, as `note_overlaps` says it.
    rows : ndarray of int
        Draws that it rejects.

    Returns
    -------
    str
        Empty for another reason, or where no draw is rejected.
    """
    found = _PAIR.fullmatch(reason)
    if found is None or not len(rows):
        return ""
    names = found[1], found[2]
    numbers = {body.name: number for number, body in enumerate(layout.bodies)}
    bodies = numbers[names[0]], numbers[names[1]]
    a, b = bases(layout, *bodies)
    short = np.min([reach - np.abs(off) for _, off, reach in shadows(a, b)], axis=0)[rows]
    best = int(rows[np.argmin(short)])
    sizes = " and ".join(
        f"{name!r} takes {_size(shape, best)}" for name, shape in zip(names, (a, b), strict=True)
    )
    (_, ahead, needs_ahead), (_, aside, needs_aside) = shadows(a, b)[:2]
    text = (
        f"they overlap by at least {short.min():.2f} m: {sizes}; their middles, there "
        f"{abs(ahead[best]):.2f} m apart along {names[0]!r} and {abs(aside[best]):.2f} m across "
        f"it, would have to be {needs_ahead[best] + SPARE_M:.2f} m apart along it or "
        f"{needs_aside[best] + SPARE_M:.2f} m across"
    )
    kinds = [layout.models[int(layout.bodies[k].model[best])].category for k in bodies]
    actors = [layout.bodies[k].actor for k in bodies]
    if kinds == ["person", "person"] and actors[0] != actors[1]:
        text += (
            " (with swinging arms and legs; people who walk together are placed "
            f"{{left_of: {actors[0]}, gap: 0.2 m}})"
        )
    return text


def _size(shape: Rectangles, row: int) -> str:
    length, width = shape.half_length_m[row], shape.half_width_m[row]
    return f"{2 * float(length):.2f} m x {2 * float(width):.2f} m"
