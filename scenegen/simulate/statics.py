"""What never moves: ground, and everything that stands, gathered into few bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import CollisionShape
from scenegen.records.base import F64
from scenegen.roads import Solid
from scenegen.simulate.engine import Engine, Surfacing, bullet
from scenegen.simulate.vectors import rotation_matrices

MOST_SHAPES = 16
"""PyBullet drops what a compound shape has beyond this, without a word."""


@dataclass(frozen=True)
class Standing:
    """A collision shape of something that stands at a place in the world.

    Attributes
    ----------
    shape : CollisionShape
        In the thing's own frame.
    position_m : ndarray, shape (3,)
    quaternion_wxyz : ndarray, shape (4,)
    """

    shape: CollisionShape
    position_m: F64
    quaternion_wxyz: F64


def add_standing(engine: Engine, things: Sequence[Standing], surfacing: Surfacing) -> list[int]:
    """Make immovable bodies of neighbouring shapes and return their numbers.

    Every body costs Bullet time in each step, wherever it stands; the shapes of one are
    found by a tree of their boxes.
    """
    if not things:
        return []
    turns = np.array([thing.quaternion_wxyz for thing in things])
    arms = np.array([thing.shape.center_m for thing in things])
    centres = np.array([thing.position_m for thing in things])
    centres += (rotation_matrices(turns) @ arms[:, :, None])[:, :, 0]
    uids = []
    for group in neighbours(centres[:, :2], MOST_SHAPES):
        members = [things[k] for k in group]
        shape = engine.gathered(
            [thing.shape for thing in members],
            centres[group].tolist(),
            turns[group].tolist(),
        )
        uids.append(engine.add_static(shape, surfacing))
    return uids


def neighbours(points_m: F64, most: int) -> Iterator[npt.NDArray[np.int64]]:
    """Divide points (n, 2) across their longer side until groups have `most` at most."""

    def divided(group: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
        if len(group) <= most:
            yield group
            return
        places = points_m[group]
        order = group[np.argsort(places[:, np.ptp(places, axis=0).argmax()], kind="stable")]
        # A whole number of full groups on one side leaves few that are not full.
        half = most * -(-len(group) // (2 * most))
        yield from divided(order[:half])
        yield from divided(order[half:])

    return divided(np.arange(len(points_m)))


def standing(solid: Solid) -> Standing:
    """Return a box of a road's structure as something that stands."""
    length, width, height = solid.size_m.tolist()
    box = CollisionShape("box", (0.0, 0.0, 0.0), (length, width, height))
    return Standing(box, solid.middle_m, solid.quaternion_wxyz)


def add_plane(engine: Engine, surfacing: Surfacing) -> int:
    """Make the immovable plane z = 0 and return its number."""
    shape = bullet.createCollisionShape(bullet.GEOM_PLANE, physicsClientId=engine.client)
    uid: int = bullet.createMultiBody(0.0, shape, -1, physicsClientId=engine.client)
    engine.set_surfacing(uid, surfacing)
    return uid


def add_heightfield(
    engine: Engine,
    corner_m: tuple[float, float],
    cell_m: float,
    heights_m: F64,
    surfacing: Surfacing,
) -> int:
    """Make immovable terrain over a grid and return its number.

    Parameters
    ----------
    corner_m : (2,)
        World x and y of ``heights_m[0, 0]``.
    heights_m : ndarray, shape (rows along y, columns along x)
    """
    rows, columns = heights_m.shape
    shape = bullet.createCollisionShape(
        bullet.GEOM_HEIGHTFIELD,
        meshScale=[cell_m, cell_m, 1.0],
        heightfieldTextureScaling=1.0,
        heightfieldData=heights_m.ravel().tolist(),
        numHeightfieldRows=columns,
        numHeightfieldColumns=rows,
        physicsClientId=engine.client,
    )
    uid = engine.add_static(shape, surfacing)
    # Bullet centres the grid and the range of its heights on the body's origin.
    middle = (
        corner_m[0] + 0.5 * cell_m * (columns - 1),
        corner_m[1] + 0.5 * cell_m * (rows - 1),
        0.5 * float(heights_m.min() + heights_m.max()),
    )
    bullet.resetBasePositionAndOrientation(uid, middle, (0, 0, 0, 1), engine.client)
    return uid
