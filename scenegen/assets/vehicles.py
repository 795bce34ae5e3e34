"""Cars, vans and pickups, put together from body, trim, glass and wheels."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.carbody import CarShape, edges, greenhouse, lower_body
from scenegen.assets.carglass import add_glass
from scenegen.assets.carkinds import CITY, COMPACT, ESTATE, SEDAN, SUV, VAN, CarKind
from scenegen.assets.cartrim import GAP, add_front, add_rear, add_sides, headlamp_spots
from scenegen.assets.materials import PLASTIC, UNDERBODY, paint
from scenegen.assets.services import AMBULANCE, PICKUP, POLICE, TAXI
from scenegen.assets.shapes import box
from scenegen.assets.triangles import join
from scenegen.assets.wheels import WHEEL_NAMES, add_wheel, axles, wheel_part
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Part
from scenegen.records.taxonomy import WHEELED_JOINTS
from scenegen.seeds import named_generator

SHAPES = 4
"""Different bodies of each kind; colours come on top."""
PRIMER = paint("808080")


def _vary(shape: CarShape, rng: np.random.Generator) -> CarShape:
    """Return a slightly different car of the same kind."""
    length, width, height = rng.uniform((0.975, 0.985, 0.985), (1.025, 1.01, 1.02)).tolist()
    return replace(
        shape,
        length=shape.length * length,
        width=shape.width * width,
        roof_z=shape.belt_z + (shape.roof_z - shape.belt_z) * height,
        front_axle=shape.front_axle * length,
        rear_axle=shape.rear_axle * length,
        top=tuple((x * length, z) for x, z in shape.top),
        cowl_x=shape.cowl_x * length + float(rng.uniform(-0.04, 0.04)),
        header_x=shape.header_x * length + float(rng.uniform(-0.05, 0.05)),
        rear_header_x=shape.rear_header_x * length,
        rear_base_x=shape.rear_base_x * length,
        nose_rake=shape.nose_rake * float(rng.uniform(0.8, 1.2)),
    )


def car(
    kind: CarKind, asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return one of the few shapes of a kind in a colour of its own."""
    bare = _car(asset_id, variant % SHAPES, kind)
    color = paint(str(rng.choice(kind.paints, p=kind.shares)))

    r, g, b = (0.22 * value for value in color.base_color)
    coat = {PRIMER: color, GAP: replace(GAP, base_color=(r, g, b))}

    def coated(part: Part) -> Part:
        coats = [replace(s, material=coat.get(s.material, s.material)) for s in part.surfaces]
        return replace(part, surfaces=tuple(coats))

    return replace(bare, variant=variant, parts=tuple(coated(part) for part in bare.parts))


@lru_cache(maxsize=10 * SHAPES)
def _car(asset_id: str, number: int, kind: CarKind) -> Asset:
    """Return the shape of a car in primer; cars that differ in colour share its arrays."""
    rng = named_generator("shape", asset_id, number)
    shape = _vary(kind.shape, rng)
    color = PRIMER
    bench = Bench("car")
    root = bench.part("body")
    painted, trim, under = lower_body(shape, kind.trim_rows)
    skin = join([painted, trim])
    cabin = greenhouse(shape)
    bench.add(root, painted, color)
    bench.add(root, trim, PLASTIC)
    bench.add(root, under, UNDERBODY)
    bench.add(root, cabin, color)
    middle = 0.5 * (shape.front_axle + shape.rear_axle)
    span = shape.front_axle - shape.rear_axle
    bench.add(root, box((span + 0.9, 0.9, 0.2), (middle, 0.0, shape.clearance + 0.14)), UNDERBODY)
    whole = join([skin, cabin])
    add_glass(bench, root, shape, cabin, kind.side_windows)
    add_front(bench, root, shape, whole, color, rng)
    add_rear(bench, root, shape, whole, kind.side_windows == "front")
    add_sides(bench, root, shape, skin, color, kind.doors)
    if kind.fit:
        kind.fit(bench, root, shape, skin, cabin)
    width = 0.195 + 0.1 * (shape.wheel_radius - 0.3)
    wheels = axles(shape.front_axle, shape.rear_axle, shape.width - 0.27, shape.wheel_radius, True)
    spokes = int(rng.choice((5, 6, 7, 10)))
    for wheel, name in zip(wheels, WHEEL_NAMES, strict=True):
        part = wheel_part(bench, root, wheel, name, wheel.steered)
        add_wheel(bench, part, shape.wheel_radius, width, 1.0 if "left" in name else -1.0, spokes)
    return finish(
        asset_id,
        number,
        "car",
        bench,
        mass_kg=kind.mass_kg,
        joints=WHEELED_JOINTS,
        collision=_collision(shape),
        wheels=wheels,
        spots=headlamp_spots(shape, whole),
    )


def _collision(shape: CarShape) -> tuple[CollisionShape, ...]:
    """Return two boxes: the lower body and the cabin."""
    floor = shape.clearance
    front, rear, half_width = edges(shape, 0.45)
    return (
        CollisionShape(
            "box",
            (0.0, 0.0, 0.5 * (floor + shape.belt_z)),
            (shape.length, shape.width, shape.belt_z - floor),
        ),
        CollisionShape(
            "box",
            (0.5 * (front + rear), 0.0, 0.5 * (shape.belt_z + shape.roof_z)),
            (front - rear, 2.0 * half_width, shape.roof_z - shape.belt_z),
        ),
    )


KINDS = {
    "vehicle.city": CITY,
    "vehicle.compact": COMPACT,
    "vehicle.sedan": SEDAN,
    "vehicle.estate": ESTATE,
    "vehicle.suv": SUV,
    "vehicle.van": VAN,
    "vehicle.pickup": PICKUP,
    "vehicle.taxi": TAXI,
    "vehicle.police": POLICE,
    "vehicle.ambulance": AMBULANCE,
}


def shape_of(asset_id: str, variant: int) -> CarShape:
    """Return the measures that a car of `KINDS` has."""
    number = variant % SHAPES
    return _vary(KINDS[asset_id].shape, named_generator("shape", asset_id, number))


city = partial(car, CITY)
compact = partial(car, COMPACT)
sedan = partial(car, SEDAN)
estate = partial(car, ESTATE)
suv = partial(car, SUV)
van = partial(car, VAN)
pickup = partial(car, PICKUP)
taxi = partial(car, TAXI)
police = partial(car, POLICE)
ambulance = partial(car, AMBULANCE)
