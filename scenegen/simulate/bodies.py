"""One rigid body for every actor and every prop that can be hit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scenegen import assets
from scenegen.geometry import yaw_of
from scenegen.geometry.transforms import turned
from scenegen.records import Actor, Asset, CollisionShape, ConcreteScenario, Drive
from scenegen.records.base import F64, Vec2, Vec3
from scenegen.records.behaviour import Action
from scenegen.records.taxonomy import BARRIER_JOINTS
from scenegen.roads import deck_solids
from scenegen.simulate.engine import Engine, Surfacing, cg_position
from scenegen.simulate.perception import Boxes
from scenegen.simulate.specs import CLASSES, VehicleSpec, vehicle_spec
from scenegen.simulate.statics import Standing, add_standing, standing
from scenegen.simulate.vectors import rotation_matrices

CHASSIS = Surfacing(friction=0.55, restitution=0.0)
FLESH = Surfacing(friction=0.8, restitution=0.05, rolling_friction=0.02, spinning_friction=0.02)
THING = Surfacing(friction=0.55, restitution=0.25, rolling_friction=0.01, spinning_friction=0.01)
STATIC = Surfacing(friction=0.6, restitution=0.2)

NEAR_M = 30.0
"""Props farther than this from every actor's place and path are left out."""


@dataclass(frozen=True)
class Body:
    """An actor's body.

    Attributes
    ----------
    role : str
        ``vehicle``, ``walker``, ``barrier`` or ``thing``.
    spec : VehicleSpec or None
        Of vehicles.
    """

    actor: Actor
    asset: Asset
    role: str
    uid: int
    mass_kg: float
    cg_m: Vec3
    inertia_kgm2: Vec3
    spec: VehicleSpec | None = None


def role_of(actor: Actor, asset: Asset) -> str:
    """Return what moves an actor: wheels, legs, a drive in the ground, or nothing but physics."""
    if asset.wheels and actor.category in CLASSES:
        return "vehicle"
    if asset.joints and actor.category in ("person", "rider", "animal"):
        return "walker"
    if asset.joints == BARRIER_JOINTS:
        return "barrier"
    return "thing"


def is_towed(actor: Actor) -> bool:
    """Return whether an actor is a semitrailer behind a tractor, rather than a load."""
    asset = assets.get(actor.asset_id, actor.variant)
    return actor.attached_to is not None and "kingpin" in asset.anchors


def make_body(engine: Engine, actor: Actor, load_kg: float, hitched_kg: float = 0.0) -> Body:
    """Make the body of an actor in its place.

    Parameters
    ----------
    load_kg, hitched_kg : float
        What it carries at the start, and the semitrailer that it pulls.
    """
    asset = assets.get(actor.asset_id, actor.variant)
    role = role_of(actor, asset)
    shapes = asset.collision or (bounding_box(asset),)
    if role == "vehicle":
        spec = vehicle_spec(asset, actor.mass_kg, load_kg, hitched_kg)
        mass, cg, inertia = spec.mass_kg, spec.cg_m, spec.inertia_kgm2
        surfacing = CHASSIS
    else:
        spec, mass = None, actor.mass_kg
        low, high = extent(shapes)
        middle = 0.5 * (low + high)
        cg = (float(middle[0]), float(middle[1]), float(middle[2]))
        inertia = _box_inertia(mass, high - low)
        surfacing = FLESH if role == "walker" else THING
    if role == "barrier":  # stands fast
        uid = engine.add_body(shapes, cg, 0.0, (0.0, 0.0, 0.0), STATIC)
    else:
        uid = engine.add_body(shapes, cg, mass, inertia, surfacing)
    position, turn = np.array(actor.position_m), np.array(actor.quaternion_wxyz)
    engine.place(uid, cg_position(position, turn, np.array(cg)), turn)
    return Body(actor, asset, role, uid, mass, cg, inertia, spec)


def bounding_box(asset: Asset) -> CollisionShape:
    """Return the box of an asset's bounds, for assets without collision shapes of their own."""
    return CollisionShape("box", asset.center_m, asset.size_m)


def extent(shapes: tuple[CollisionShape, ...]) -> tuple[F64, F64]:
    """Return the corners (3,) of the box around shapes."""
    low, high = [], []
    for shape in shapes:
        length, width, height = shape.size_m
        half = np.array(
            [0.5 * length, 0.5 * width, 0.5 * height]
            if shape.kind == "box"
            else [length, length, 0.5 * height]
        )
        low.append(np.subtract(shape.center_m, half))
        high.append(np.add(shape.center_m, half))
    return np.min(low, axis=0), np.max(high, axis=0)


def _box_inertia(mass_kg: float, size_m: F64) -> Vec3:
    """Return the moments (3,) of a homogeneous box about its middle."""
    x, y, z = (size_m * size_m).tolist()
    return (mass_kg * (y + z) / 12.0, mass_kg * (x + z) / 12.0, mass_kg * (x + y) / 12.0)


@dataclass(frozen=True)
class Scenery:
    """Static props: the numbers of their bodies, and boxes for nearness and lines of sight.

    Attributes
    ----------
    things : tuple of Standing
        The shapes that they are made of.
    """

    uids: tuple[int, ...]
    boxes: Boxes
    things: tuple[Standing, ...]


def make_scenery(engine: Engine, scenario: ConcreteScenario) -> Scenery:
    """Make the bodies of the props that an actor could reach, and of the parapets of decks."""
    props = [(prop, assets.whole(prop).collision) for prop in scenario.props]
    solid = [(prop, shapes) for prop, shapes in props if shapes]
    places = np.array([prop.position_m for prop, _ in solid]).reshape(-1, 3)
    turns = np.array([prop.quaternion_wxyz for prop, _ in solid]).reshape(-1, 4)
    of = {shapes: np.stack(extent(shapes)) for shapes in {shapes for _, shapes in solid}}
    extents = np.array([of[shapes] for _, shapes in solid]).reshape(-1, 2, 3)
    half = 0.5 * (extents[:, 1] - extents[:, 0])
    away = _away(places[:, :2], _reach_points(scenario))
    some = np.flatnonzero(away <= NEAR_M + np.hypot(half[:, 0], half[:, 1])).tolist()
    things = [Standing(shape, places[k], turns[k]) for k in some for shape in solid[k][1]]
    arms = rotation_matrices(turns[some]) @ extents[some].mean(axis=1)[:, :, None]
    boxes = Boxes(places[some] + arms[:, :, 0], yaw_of(turns[some]), half[some])
    parapets = deck_solids(scenario.road).parapets
    if parapets:
        things += [standing(parapet) for parapet in parapets]
        walls = Boxes(
            np.array([parapet.middle_m for parapet in parapets]),
            yaw_of(np.array([parapet.quaternion_wxyz for parapet in parapets])),
            0.5 * np.array([parapet.size_m for parapet in parapets]),
        )
        boxes = boxes.and_of(walls)
    return Scenery(tuple(add_standing(engine, things, STATIC)), boxes, tuple(things))


def _away(places_m: F64, points_m: F64) -> F64:
    """Return how far each of places (n, 2) is from the nearest of points (m, 2)."""
    x, y = (places_m[:, None] - points_m).transpose(2, 0, 1)
    return np.asarray(np.hypot(x, y).min(axis=1))


def _path_of(action: Action, actor: Actor) -> tuple[Vec2, ...]:
    """Return the path of an action; of one that is laid where the actor is, as from its start."""
    path: tuple[Vec2, ...] = getattr(action, "path", ())
    here, yaw = np.array(actor.position_m[:2]), float(yaw_of(np.array(actor.quaternion_wxyz)))
    if isinstance(action, Drive) and action.frame == "body":
        points = here + turned(np.array(path), yaw)
        return tuple((x, y) for x, y in points.tolist())
    return path


def _reach_points(scenario: ConcreteScenario) -> F64:
    """Return points (n, 2) along every actor's start and paths, at most 20 m apart."""
    points = [actor.position_m[:2] for actor in scenario.actors]
    for actor in scenario.actors:
        for action in actor.actions:
            path = _path_of(action, actor)
            for a, b in pairwise(path):
                parts = max(int(np.hypot(b[0] - a[0], b[1] - a[1]) // 20.0) + 1, 1)
                points += [
                    (a[0] + (b[0] - a[0]) * k / parts, a[1] + (b[1] - a[1]) * k / parts)
                    for k in range(parts + 1)
                ]
    return np.array(points)
