"""A scene as rays see it: what stands, in one mesh; what moves, part by part."""

from __future__ import annotations

import numpy as np

from scenegen import assets, roads
from scenegen.geometry import pose, quaternion_from_yaw
from scenegen.geometry.interpolation import place_in, turn_matrices
from scenegen.ranging.mesh import Mesh, Met, Soup, join, soup_of
from scenegen.ranging.parts import refresh, sort_actors
from scenegen.ranging.rays import Hits, Rays
from scenegen.ranging.reflectance import Palette
from scenegen.ranging.returns import Surfaces
from scenegen.ranging.sight import Bundles, Sight, Watch, sight_from
from scenegen.ranging.vectors import F32, Ints, dots
from scenegen.records import Asset, ConcreteScenario, RoadNetwork, Trajectory
from scenegen.records.base import F64


class RangingScene:
    """What every sensor of a scene is cast at, built once.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    live : bool
        Whether its rows become known later; see `refresh`.

    Attributes
    ----------
    origin : ndarray, shape (3,)
        A point near everything, world.
    network : RoadNetwork
    standing : Soup
        Road, props and signals, which never move: world less `origin`.
    """

    def __init__(
        self, scenario: ConcreteScenario, trajectory: Trajectory, *, live: bool = False
    ) -> None:
        self.scenario = scenario
        self.trajectory = trajectory
        self.origin: F64 = np.array(scenario.ego.position_m)
        self._palette = palette = Palette()
        self.network = network = roads.build_network(scenario.road)
        self.standing = _scenery(scenario, network, palette).moved(pose(-self.origin))
        self._parts, cells, parked = sort_actors(
            scenario, trajectory, self.origin, palette, live=live
        )
        self._static, self._cells = Mesh(join([self.standing, parked])), Mesh(cells)

    def refresh(self, rows: slice) -> None:
        """Read rows of a live scene's trajectory anew, before sweeps of them are asked for."""
        refresh(self._parts, self.scenario, self.trajectory, self.origin, rows)

    @property
    def triangle_count(self) -> int:
        """Different triangles that rays are cast at: moving actors that look alike share theirs."""
        return len(self._static.soup.corners) + len(self._cells.soup.corners)

    def surfaces(self, wavelength_m: float) -> Surfaces:
        """Return what the scene's surfaces send back in its weather, at a wavelength."""
        moving = np.unique(self._parts.instance)
        weather, network = self.scenario.weather, self.network
        return Surfaces(self._palette, weather, wavelength_m, moving, network, self.origin)

    def look(self, poses: F64, times: F64, bundles: Bundles, margin_rad: float = 0.0) -> Sight:
        """Return which moving parts the bundles of a sweep may meet.

        Parameters
        ----------
        poses : ndarray, shape (C, 4, 4)
            Of the sensor at each column of its beams, world less the scene's `origin`.
        times : ndarray, shape (C,)
        bundles : Bundles
        margin_rad : float
            Rays so far beside those of a bundle may be cast with the same sight.
        """
        watch = Watch(bundles, poses, times, self.trajectory.time_s, margin_rad)
        return watch.look(self._parts)

    def cast_from(self, eye: F32, directions: F32, time_s: float, far_m: float) -> Hits:
        """Return what rays (N, 3) from one place (3,) meet first at one moment."""
        row, share = place_in(self.trajectory.time_s, [time_s])
        sight = sight_from(eye, self._parts, int(row[0]), float(share[0]))
        count = len(directions)
        rays = Rays(np.tile(eye, (count, 1)), directions, np.full(count, time_s))
        return self.cast(rays, far_m, sight, np.zeros(count, np.int64))

    def cast(self, rays: Rays, far_m: float, sight: Sight, bundle: Ints) -> Hits:
        """Return what rays meet first, each at its own time.

        Parameters
        ----------
        rays : Rays
        far_m : float
            Nothing farther is looked for.
        sight : Sight
            From `look`.
        bundle : ndarray, shape (N,)
            The bundle of that sight that each ray belongs to.
        """
        reach = np.full(len(rays.time_s), far_m, dtype=np.float32)
        met, soup = self._static.cast(rays.origins, rays.directions, reach), self._static.soup
        distance, normal, facing = met.distance_m, met.normal, met.facing
        semantic = soup.semantic.take(met.triangle, mode="wrap")
        coat = soup.coat.take(met.triangle, mode="wrap")
        instance = soup.instance.take(met.triangle, mode="wrap")
        if len(sight.part):
            behind = np.minimum(distance, reach)
            pairs = sight.pairs(rays.directions, bundle, behind)
            ray, part, nearer = self._meet(rays, *pairs, behind)
            distance[ray], normal[ray] = nearer.distance_m, nearer.normal
            facing[ray] = nearer.facing
            semantic[ray] = self._cells.soup.semantic[nearer.triangle]
            coat[ray] = self._cells.soup.coat[nearer.triangle]
            instance[ray] = self._parts.instance[part]
        cosine = np.minimum(np.abs(facing), np.float32(1))
        return Hits(distance, semantic, instance, coat, normal, cosine)

    def _meet(self, rays: Rays, ray: Ints, part: Ints, behind: F32) -> tuple[Ints, Ints, Met]:
        """Return the rays that meet a part first, with the part, and what they met in the world."""
        parts = self._parts
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
        along = dots(towards, onward)
        radius = parts.radius[part]
        # From the sphere's near side to its far side; no farther, or it would leave its cell.
        start = np.maximum(along - radius, 0)
        enters = dots(towards, towards) - along**2 <= radius**2
        ray, part, first, turned = ray[enters], part[enters], first[enters], turned[enters]
        eye, onward, along = eye[enters], onward[enters], along[enters]
        radius, start = radius[enters], start[enters]
        begin = eye + start[:, None] * onward + parts.cell[part]
        found = self._cells.cast(begin, onward, along + radius - start)
        distance = found.distance_m + start
        met = np.flatnonzero(distance < behind[ray])
        order = met[np.lexsort((part[met], distance[met], ray[met]))]
        nearest = order[np.unique(ray[order], return_index=True)[1]]
        normal = np.einsum("ijk,ik->ij", turned[nearest], found.normal[nearest])
        normal = np.einsum("ijk,ik->ij", first[nearest, :3, :3], normal)
        met_first = Met(found.triangle[nearest], distance[nearest], normal, found.facing[nearest])
        return ray[nearest], part[nearest], met_first


def _through(vectors: F32, first: F32, turned: F32) -> F32:
    """Return row vectors (N, 3) times poses (N, 4, 4) and then times turns (N, 3, 3)."""
    halfway = np.einsum("ij,ijk->ik", vectors, first[:, :3, :3])
    return np.asarray(np.einsum("ij,ijk->ik", halfway, turned))


def _scenery(scenario: ConcreteScenario, network: RoadNetwork, palette: Palette) -> Soup:
    """Return road, props and signals, which never move, world."""
    soups = [soup_of(network.surfaces, palette)]
    for prop in scenario.props:
        asset = assets.drawn(prop)
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
