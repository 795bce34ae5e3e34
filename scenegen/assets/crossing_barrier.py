"""Half barriers of level crossings: an arm that a drive lifts, and that swings away when hit."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.level_crossing import RED
from scenegen.assets.lofts import cylinder
from scenegen.assets.materials import GALVANISED, PLASTIC, REFLECTOR_WHITE
from scenegen.assets.shapes import box, rounded_box
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint, Part
from scenegen.records.taxonomy import BARRIER_JOINTS

LEAST_M, STEP_M, LENGTHS = 1.5, 0.25, 48
"""Arms come in lengths of a quarter of a metre; the variant counts them."""
HINGE_M = 0.95
_ARM = "arm"
_FRONT_M = 0.26
"""How far the arm lies before its post, so that it passes it."""
_SECTION_M = (0.05, 0.12)
_STRIPE_M = 0.5
_WEIGHT_M = (0.1, 0.7, 0.3)
_KG, _KG_PER_M = 120.0, 6.0


def barrier_variant(reach_m: float) -> int:
    """Return the variant whose arm is the longest that reaches at most so far, or the shortest."""
    return int(np.clip(np.floor((reach_m - LEAST_M) / STEP_M + 1e-9), 0, LENGTHS - 1))


def crossing_barrier(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a barrier whose arm reaches towards +y; joints at 0 are the arm lowered."""
    reach = LEAST_M + STEP_M * (variant % LENGTHS)
    work = Bench("fence")
    root = work.part("post")
    work.add(root, rounded_box((0.4, 0.5, 1.1), 0.06, (0, 0, 0.55)), GALVANISED)
    work.add(root, cylinder(0.07, 0.3, 12, "x").moved(0.16, 0, HINGE_M), PLASTIC)
    # It turns away about the post before it is lifted about its own axis.
    hinges = (Joint(1, (0.0, 0.0, 1.0)), Joint(0, (1.0, 0.0, 0.0)))
    work.part(_ARM, root, (0.0, 0.0, HINGE_M), hinges)
    count = max(2, round(reach / _STRIPE_M))
    step = reach / count
    for k in range(count):
        piece = box((_SECTION_M[0], step, _SECTION_M[1]), (_FRONT_M, (k + 0.5) * step, 0.0))
        work.add(_ARM, piece, RED if k % 2 == 0 else REFLECTOR_WHITE)
    work.add(_ARM, box(_WEIGHT_M, (_FRONT_M, -0.45, 0.0)), PLASTIC)
    return finish(
        asset_id,
        variant,
        "fence",
        work,
        _KG + _KG_PER_M * reach,
        joints=BARRIER_JOINTS,
        collision=(CollisionShape("box", (0, 0, 0.55), (0.4, 0.5, 1.1)),),
        anchors={"foot": (0.0, 0.0, 0.0), "hinge": (0.0, 0.0, HINGE_M)},
    )


def arm_shape(asset: Asset) -> tuple[Part, CollisionShape, float]:
    """Return a barrier's arm, the box that it collides as in that part's frame, and its mass."""
    part = asset.parts[[part.name for part in asset.parts].index(_ARM)]
    points = np.concatenate([surface.vertices for surface in part.surfaces])
    reach = float(points[:, 1].max())
    shape = CollisionShape(
        "box", (_FRONT_M, 0.5 * reach, 0.0), (_SECTION_M[0], reach, _SECTION_M[1])
    )
    return part, shape, _KG_PER_M * reach
