"""The actors of a scene: those that stand, and those that move, part by part and row by row.

All moving parts lie in one mesh, each in a cell of its own, and a ray that may meet a part
is taken into the part's frame at the moment it is fired. So nothing is rebuilt from sweep to
sweep, and every ray meets the parts where they are at its own time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import pose
from scenegen.geometry.interpolation import turns_between
from scenegen.ranging.mesh import Soup, join, soup_of
from scenegen.ranging.reflectance import Palette
from scenegen.ranging.vectors import F32, Ints
from scenegen.records import Actor, Asset, ConcreteScenario, Trajectory
from scenegen.records.base import F64

_STILL = 1e-6
"""A pose that changes by less is that of something that stands: m, and turns of axes."""


@dataclass(frozen=True)
class Parts:
    """Every rigid part of every actor that moves, but the ego.

    Attributes
    ----------
    owner : ndarray, shape (P,)
        Column of the trajectory; parts of an owner lie together.
    instance : ndarray, shape (P,), uint16
    piece : ndarray, shape (P,)
        Which part of its asset each is.
    cell, centre : ndarray, shape (P, 3), float32
        Where the part's frame begins in the mesh of cells; middle of the sphere around the
        part, in its own frame.
    radius : ndarray, shape (P,), float32
    poses : ndarray, shape (R, P, 4, 4), float32
        World less the scene's origin, by row of the trajectory.
    turns : ndarray, shape (R - 1, P, 3), float32
        Rotation vectors from a row to the next.
    middles : ndarray, shape (R, P, 3), float32
        Middles of the spheres, world less the scene's origin.
    """

    owner: Ints
    instance: npt.NDArray[np.uint16]
    piece: Ints
    cell: F32
    centre: F32
    radius: F32
    poses: F32
    turns: F32
    middles: F32


@dataclass(frozen=True)
class _Cell:
    """Where a part of an asset lies in the mesh of cells, and the sphere around it."""

    part: int
    start: F64
    centre: F64
    radius: float


def sort_actors(
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    origin: F64,
    palette: Palette,
    *,
    live: bool = False,
) -> tuple[Parts, Soup, Soup]:
    """Return all parts of the actors that move, the mesh of their cells, and those that stand.

    Moving actors that look alike share the cells of their parts. Parked cars and whoever else
    keeps to one pose for all of the scene are given in the world less the scene's origin.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    origin : ndarray, shape (3,)
    palette : Palette
        Gets the coats of the parts.
    live : bool
        Whether rows become known later, so that nobody is known to stand.
    """
    shelf = _Shelf(palette)
    standing: list[Soup] = []
    rows: list[tuple[Actor, _Cell]] = []
    poses: list[F64] = []
    for actor in scenario.actors:
        if actor.instance_id == scenario.ego.instance_id:
            continue
        asset = assets.drawn(actor)
        own = _part_poses(asset, trajectory, actor.instance_id, origin)
        stands = not live and _stands(own)
        if stands and trajectory.valid[:, trajectory.column(actor.instance_id)].all():
            soups = [soup_of(part.surfaces, palette) for part in asset.parts]
            moved = [soup.moved(at) for soup, at in zip(soups, own[0], strict=True)]
            standing.append(join(moved).owned_by(actor.instance_id))
            continue
        for cell in shelf.cells(actor):
            rows.append((actor, cell))
            poses.append(own[:, cell.part])
    stacked = np.stack(poses, axis=1) if poses else np.zeros((len(trajectory.step), 0, 4, 4))
    centre = np.array([cell.centre for _, cell in rows]).reshape(-1, 3)
    middles = np.einsum("rpij,pj->rpi", stacked[..., :3, :3], centre) + stacked[..., :3, 3]
    parts = Parts(
        owner=np.array([trajectory.column(a.instance_id) for a, _ in rows], dtype=np.int64),
        instance=np.array([actor.instance_id for actor, _ in rows], dtype=np.uint16),
        piece=np.array([cell.part for _, cell in rows], dtype=np.int64),
        cell=np.array([cell.start for _, cell in rows], dtype=np.float32).reshape(-1, 3),
        centre=centre.astype(np.float32),
        radius=np.array([cell.radius for _, cell in rows], dtype=np.float32),
        poses=stacked.astype(np.float32),
        turns=_turns(stacked).astype(np.float32),
        middles=middles.astype(np.float32),
    )
    return parts, join(shelf.soups), join(standing)


def refresh(
    parts: Parts, scenario: ConcreteScenario, trajectory: Trajectory, origin: F64, rows: slice
) -> None:
    """Read rows of a live scene's trajectory anew into the parts of its actors.

    Parameters
    ----------
    parts : Parts
        Of `sort_actors` with ``live=True``; its arrays by row are written to.
    rows : slice
        From one row to another, exclusive, neither left out.
    """
    around = slice(max(rows.start - 1, 0), rows.stop)
    for actor in scenario.actors:
        column = trajectory.column(actor.instance_id)
        own = np.flatnonzero(parts.owner == column)
        if not len(own):
            continue
        asset = assets.drawn(actor)
        every = _part_poses(asset, trajectory, actor.instance_id, origin, around)
        poses, centre = every[:, parts.piece[own]], parts.centre[own].astype(np.float64)
        middles = np.einsum("rpij,pj->rpi", poses[..., :3, :3], centre) + poses[..., :3, 3]
        parts.poses[around, own] = poses
        parts.middles[around, own] = middles
        parts.turns[around.start : around.stop - 1, own] = _turns(poses)


def _part_poses(
    asset: Asset, trajectory: Trajectory, instance_id: int, origin: F64, rows: slice = slice(None)
) -> F64:
    """Return poses (R, P, 4, 4) of an actor's parts by row, world less the scene's origin."""
    column = trajectory.column(instance_id)
    where = trajectory.position_m[rows, column] - origin
    body = pose(where, trajectory.quaternion_wxyz[rows, column])
    joints = trajectory.articulation[rows, column, : len(asset.joints)]
    return np.asarray(body[:, None] @ assets.body_from_parts(asset, joints))


def _stands(poses: F64) -> bool:
    return bool(np.all(np.abs(poses - poses[0]) < _STILL))


class _Shelf:
    """Lays the parts of assets side by side along x, so far apart that spheres don't touch."""

    def __init__(self, palette: Palette) -> None:
        self.soups: list[Soup] = []
        self._palette = palette
        self._edge = 0.0
        self._cells: dict[tuple[str, int, float], list[_Cell]] = {}

    def cells(self, actor: Actor) -> list[_Cell]:
        """Return the cells of the parts of an actor that have triangles."""
        key = (actor.asset_id, actor.variant, actor.detail_m)
        if key not in self._cells:
            parts = enumerate(assets.drawn(actor).parts)
            soups = [(index, soup_of(part.surfaces, self._palette)) for index, part in parts]
            self._cells[key] = [self._lay(i, soup) for i, soup in soups if len(soup.corners)]
        return self._cells[key]

    def _lay(self, part: int, soup: Soup) -> _Cell:
        centre, radius = _sphere(soup)
        start = np.array([self._edge + 2 * radius, 0.0, 0.0]) - centre
        self._edge += 4 * radius
        self.soups.append(soup.moved(pose(start)))
        return _Cell(part, start, centre, radius)


def _turns(poses: F64) -> F64:
    """Return the rotation vectors (R - 1, P, 3) from each row (R, P, 4, 4) to the next."""
    if not poses.size:
        return np.zeros((max(len(poses) - 1, 0), 0, 3))
    return turns_between(poses[:-1], poses[1:])


def _sphere(soup: Soup) -> tuple[F64, float]:
    """Return middle and radius of a sphere that holds all corners."""
    corners = soup.corners.reshape(-1, 3)
    centre = 0.5 * (corners.min(axis=0) + corners.max(axis=0))
    return centre, float(np.linalg.norm(corners - centre, axis=1).max()) + 1e-3
