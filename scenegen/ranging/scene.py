"""A scene as rays see it: what stands, in one mesh; what moves, part by part.

All moving parts lie in one second mesh, each in a cell of its own, and a ray that may meet
a part is taken into the part's frame at the moment it is fired. So nothing is rebuilt from
sweep to sweep, and every ray meets the parts where they are at its own time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen import assets, roads
from scenegen.geometry import pose, quaternion_from_yaw
from scenegen.geometry.interpolation import place_in, turn_matrices, turns_between
from scenegen.ranging.mesh import F32, Ints, Mesh, Soup, join, soup_of
from scenegen.ranging.reflectance import Palette
from scenegen.records import Asset, ConcreteScenario, Trajectory
from scenegen.records.base import F64

_SLACK_M = 0.05
"""By so much the spheres around parts are too large: their test is in float32."""


@dataclass(frozen=True)
class Rays:
    """Rays, each with its own moment.

    Attributes
    ----------
    origins, directions : ndarray, shape (N, 3), float32
        World, less the scene's `origin`; directions are of unit length.
    time_s : ndarray, shape (N,)
    """

    origins: F32
    directions: F32
    time_s: F64


@dataclass(frozen=True)
class Hits:
    """What rays met first.

    Attributes
    ----------
    distance_m : ndarray, shape (N,), float32
        ``inf`` where nothing was met; the rest is meaningless there.
    semantic : ndarray, shape (N,), uint8
    instance : ndarray, shape (N,), uint16
    coat : ndarray, shape (N,), int32
    normal : ndarray, shape (N, 3), float32
        Unit, world.
    cosine : ndarray, shape (N,), float32
        Of the angle of incidence, 0 to 1.
    """

    distance_m: F32
    semantic: npt.NDArray[np.uint8]
    instance: npt.NDArray[np.uint16]
    coat: npt.NDArray[np.int32]
    normal: F32
    cosine: F32


@dataclass(frozen=True)
class _Parts:
    """Every rigid part of every actor but the ego.

    Attributes
    ----------
    owner : ndarray, shape (P,)
        Column of the trajectory; parts of an owner lie together.
    instance : ndarray, shape (P,), uint16
    cell, centre : ndarray, shape (P, 3), float32
        Where the part's frame begins in the mesh of cells; middle of the sphere around the
        part, in its own frame.
    radius : ndarray, shape (P,), float32
    poses : ndarray, shape (R, P, 4, 4), float32
        World less the scene's origin, by row of the trajectory.
    turns : ndarray, shape (R - 1, P, 3), float32
        Rotation vectors from a row to the next.
    """

    owner: Ints
    instance: npt.NDArray[np.uint16]
    cell: F32
    centre: F32
    radius: F32
    poses: F32
    turns: F32


class RangingScene:
    """What every sensor of a scene is cast at, built once.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory

    Attributes
    ----------
    origin : ndarray, shape (3,)
        A point near everything, world.
    reflectance : ndarray, shape (coats, `reflectance.BINS`)
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        self.scenario = scenario
        self.trajectory = trajectory
        self.origin: F64 = np.array(scenario.ego.position_m)
        palette = Palette()
        self._static = Mesh(_standing(scenario, palette).moved(pose(-self.origin)))
        self._parts, soup = _moving(scenario, trajectory, self.origin, palette)
        self._cells = Mesh(soup)
        self.reflectance = palette.table(scenario.weather.wetness).astype(np.float32)

    @property
    def triangle_count(self) -> int:
        """Different triangles that rays are cast at: actors that look alike share theirs."""
        return len(self._static.soup.corners) + len(self._cells.soup.corners)

    def cast(self, rays: Rays, far_m: float) -> Hits:
        """Return what rays meet first, each at its own time."""
        reach = np.full(len(rays.time_s), far_m, dtype=np.float32)
        triangle, distance = self._static.cast(rays.origins, rays.directions, reach)
        normal = self._static.normals.take(triangle, axis=0, mode="wrap")
        semantic = self._static.soup.semantic[triangle]
        coat = self._static.soup.coat[triangle]
        instance = np.zeros(len(triangle), np.uint16)
        if len(self._parts.owner) and len(rays.time_s):
            ray, part, face, nearer, turned = self._meet_parts(rays, np.minimum(distance, reach))
            distance[ray] = nearer
            normal[ray] = turned
            semantic[ray] = self._cells.soup.semantic[face]
            coat[ray] = self._cells.soup.coat[face]
            instance[ray] = self._parts.instance[part]
        cosine = np.abs(np.einsum("ij,ij->i", normal, rays.directions))
        return Hits(distance, semantic, instance, coat, normal, np.minimum(cosine, 1.0))

    def _meet_parts(self, rays: Rays, behind: F32) -> tuple[Ints, Ints, Ints, F32, F32]:
        """Return the rays that meet a part first, with part, face, distance and normal."""
        parts = self._parts
        ray, part = self._near(rays, behind)
        row, share = place_in(self.trajectory.time_s, rays.time_s[ray])
        valid = self.trajectory.valid
        there = valid[row, parts.owner[part]] & valid[row + 1, parts.owner[part]]
        ray, part, row = ray[there], part[there], row[there]
        along_row = share[there, None].astype(np.float32)
        first, second = parts.poses[row, part], parts.poses[row + 1, part, :3, 3]
        turned = turn_matrices(along_row * parts.turns[row, part])
        place = first[:, :3, 3] + along_row * (second - first[:, :3, 3])
        # A row vector times a rotation is the vector taken into the part's frame.
        eye = _through(rays.origins.take(ray, axis=0) - place, first, turned)
        onward = _through(rays.directions.take(ray, axis=0), first, turned)
        towards = parts.centre[part] - eye
        along = np.einsum("ij,ij->i", towards, onward)
        radius = parts.radius[part]
        # From the sphere's near side to its far side; no farther, or it would leave its cell.
        start = np.maximum(along - radius, 0)
        enters = np.einsum("ij,ij->i", towards, towards) - along**2 <= radius**2
        ray, part, first, turned = (a[enters] for a in (ray, part, first, turned))
        eye, onward, along = eye[enters], onward[enters], along[enters]
        radius, start = radius[enters], start[enters]
        begin = eye + start[:, None] * onward + parts.cell[part]
        face, distance = self._cells.cast(begin, onward, along + radius - start)
        distance += start
        met = np.flatnonzero(distance < behind[ray])
        order = met[np.lexsort((part[met], distance[met], ray[met]))]
        nearest = order[np.unique(ray[order], return_index=True)[1]]
        face = face[nearest]
        normal = np.einsum("ijk,ik->ij", turned[nearest], self._cells.normals[face])
        normal = np.einsum("ijk,ik->ij", first[nearest, :3, :3], normal)
        return ray[nearest], part[nearest], face, distance[nearest], normal

    def _near(self, rays: Rays, behind: F32) -> tuple[Ints, Ints]:
        """Return pairs of a ray and a part whose sphere it may enter before `behind`."""
        parts = self._parts
        span, _ = place_in(self.trajectory.time_s, [rays.time_s.min(), rays.time_s.max()])
        poses = parts.poses[span[0] : span[1] + 2]
        centres = np.einsum("rpij,pj->rpi", poses[..., :3, :3], parts.centre) + poses[..., :3, 3]
        centre = 0.5 * (centres.min(axis=0) + centres.max(axis=0))
        radius = np.linalg.norm(centres - centre, axis=2).max(axis=0) + parts.radius
        radius += np.float32(_SLACK_M)
        starts = np.flatnonzero(np.diff(parts.owner, prepend=-1))
        counts = np.diff(np.append(starts, len(parts.owner)))
        low = np.minimum.reduceat(centre - radius[:, None], starts)
        high = np.maximum.reduceat(centre + radius[:, None], starts)
        # An eye moves so little within a sweep that some of its places tell where it goes.
        places = np.concatenate([rays.origins[::64], rays.origins[-1:]])
        eye = 0.5 * (places.min(axis=0) + places.max(axis=0))
        spread = np.float32(np.linalg.norm(places - eye, axis=1).max())
        radius += spread
        whole = 0.5 * np.linalg.norm(high - low, axis=1) + spread
        towards = centre - eye
        ray, owner = _entering(rays.directions, 0.5 * (low + high) - eye, whole, behind)
        pairs = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
        ends = np.searchsorted(owner, np.arange(len(starts) + 1))
        for first, count, begin, end in zip(starts, counts, ends[:-1], ends[1:], strict=True):
            own, these = ray[begin:end], slice(first, first + count)
            near = rays.directions.take(own, axis=0)
            hit, part = _entering(near, towards[these], radius[these], behind[own])
            pairs.append((own[hit], part + first))
        return np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])


def _through(vectors: F32, first: F32, turned: F32) -> F32:
    """Return row vectors (N, 3) times poses (N, 4, 4) and then times turns (N, 3, 3)."""
    halfway = np.einsum("ij,ijk->ik", vectors, first[:, :3, :3])
    return np.asarray(np.einsum("ij,ijk->ik", halfway, turned))


def _entering(directions: F32, towards: F32, radius: F32, behind: F32) -> tuple[Ints, Ints]:
    """Return pairs (ray, sphere) of rays from one point that may enter spheres around others."""
    # A ray enters if it comes as far along as the sphere's horizon is; always from inside.
    square = np.einsum("ij,ij->i", towards, towards) - radius**2
    horizon = np.where(square > 0, np.sqrt(np.maximum(square, 0)) * (1 - 1e-5), -np.inf)
    along = towards @ directions.T
    enters = along >= horizon[:, None].astype(np.float32)
    enters &= along < behind + radius[:, None].astype(np.float32)
    pair = np.flatnonzero(enters)
    sphere, ray = np.divmod(pair, len(directions))
    return ray, sphere


def _standing(scenario: ConcreteScenario, palette: Palette) -> Soup:
    """Return road, props and signals, which never move, world."""
    network = roads.build_network(scenario.road)
    soups = [soup_of(network.surfaces, palette)]
    for prop in scenario.props:
        asset = assets.get(prop.asset_id, prop.variant, prop.size_m)
        soups.append(_at_rest(asset, pose(prop.position_m, prop.quaternion_wxyz), palette))
    for head in network.signals:
        post = assets.get(head.asset_id, 0)
        soups.append(_at_rest(post, pose(head.foot_m, quaternion_from_yaw(head.yaw_rad)), palette))
    return join(soups)


def _at_rest(asset: Asset, world_from_body: F64, palette: Palette) -> Soup:
    poses = world_from_body @ assets.body_from_parts(asset, np.zeros(len(asset.joints)))
    return join(
        [
            soup_of(part.surfaces, palette).moved(world_from_part)
            for part, world_from_part in zip(asset.parts, poses, strict=True)
            if part.surfaces
        ]
    )


def _moving(
    scenario: ConcreteScenario, trajectory: Trajectory, origin: F64, palette: Palette
) -> tuple[_Parts, Soup]:
    """Return all parts of the actors that can be seen, and the mesh of their cells.

    Actors that look alike share the cells of their parts.
    """
    cells: dict[tuple[str, int], list[tuple[int, F64, F64, float]]] = {}
    soups: list[Soup] = []
    edge = 0.0
    rows: list[tuple[int, int, F64, F64, float]] = []
    poses: list[F64] = []
    for actor in scenario.actors:
        if actor.instance_id == scenario.ego.instance_id:
            continue
        key = (actor.asset_id, actor.variant)
        asset = assets.get(*key)
        if key not in cells:
            cells[key] = []
            for index, part in enumerate(asset.parts):
                soup = soup_of(part.surfaces, palette)
                if not len(soup.corners):
                    continue
                centre, radius = _sphere(soup)
                edge += 2 * radius
                cell = np.array([edge, 0.0, 0.0]) - centre
                edge += 2 * radius
                soups.append(soup.moved(pose(cell)))
                cells[key].append((index, cell, centre, radius))
        column = trajectory.column(actor.instance_id)
        where = trajectory.position_m[:, column] - origin
        body = pose(where, trajectory.quaternion_wxyz[:, column])
        joints = trajectory.articulation[:, column, : len(asset.joints)]
        in_body = assets.body_from_parts(asset, joints)
        for index, cell, centre, radius in cells[key]:
            rows.append((column, actor.instance_id, cell, centre, radius))
            poses.append(body @ in_body[:, index])
    stacked = np.stack(poses, axis=1) if poses else np.zeros((len(trajectory.step), 0, 4, 4))
    parts = _Parts(
        owner=np.array([row[0] for row in rows], dtype=np.int64),
        instance=np.array([row[1] for row in rows], dtype=np.uint16),
        cell=np.array([row[2] for row in rows], dtype=np.float32).reshape(-1, 3),
        centre=np.array([row[3] for row in rows], dtype=np.float32).reshape(-1, 3),
        radius=np.array([row[4] for row in rows], dtype=np.float32),
        poses=stacked.astype(np.float32),
        turns=_turns(stacked).astype(np.float32),
    )
    return parts, join(soups)


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
