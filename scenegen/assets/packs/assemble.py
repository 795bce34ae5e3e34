"""Imported models as assets: joints, wheels, collision bodies, beams."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.assets.build import Bench, settled
from scenegen.assets.figure import SKIN, Figure, Kind, lay_skeleton
from scenegen.assets.headlamps import low_beam
from scenegen.assets.materials import PAINT_SHARES, PAINTS, linear, paint
from scenegen.assets.packs.finish import material_of
from scenegen.assets.packs.model import BodyFact, Model, WheelFact
from scenegen.assets.packs.rows import Row
from scenegen.assets.wheels import wheel_joints
from scenegen.records.mesh import (
    Asset,
    CollisionShape,
    Joint,
    Material,
    Part,
    Surface,
    Wheel,
)
from scenegen.records.taxonomy import BIPED_JOINTS, TAGGED_JOINTS, WHEELED_JOINTS
from scenegen.seeds import named_generator

_CLEARANCE_M = 0.2


def bare_asset(row: Row, fact: BodyFact, model: Model) -> Asset:
    """Return an imported asset in grey paint, or in the plainest clothes."""
    if row.kind == "walker":
        return _walker(row, fact, model)
    channels = TAGGED_JOINTS if len(fact.wheels) > 4 else WHEELED_JOINTS
    joints = {wheel.part: _joints(wheel, channels) for wheel in fact.wheels}
    parts = tuple(
        Part(
            part.name,
            -1 if number == 0 else 0,
            part.origin_m,
            joints.get(part.name, ()),
            _surfaces(model, part.name, row.category),
        )
        for number, part in enumerate(model.parts)
    )
    return settled(
        Asset(
            row.id,
            0,
            row.category,
            parts,
            np.zeros((2, 3)),
            row.mass_kg,
            channels if fact.wheels else (),
            _collision(row, fact),
            tuple(
                Wheel(w.hub_m, w.radius_m, w.axle == 0, w.axle == _driven(row)) for w in fact.wheels
            ),
            tuple(low_beam(place) for place in fact.beams_m),
            licence=row.licence,
            creator=row.creator,
            source=row.url,
        )
    )


def _walker(row: Row, fact: BodyFact, model: Model) -> Asset:
    """Return a person on the biped's joints."""
    bench = Bench(row.category)
    lay_skeleton(bench, Figure.draw(named_generator("asset", row.id, 0), _age(row), 0))
    origins = {part.name: part.origin_m for part in model.parts}
    parts = tuple(
        replace(
            part,
            origin_m=origins[part.name],
            surfaces=_surfaces(model, part.name, row.category),
        )
        for part in bench.parts()
    )
    return settled(
        Asset(
            row.id,
            0,
            row.category,
            parts,
            np.zeros((2, 3)),
            row.mass_kg,
            BIPED_JOINTS,
            _collision(row, fact),
            anchors=dict(fact.anchors),
            licence=row.licence,
            creator=row.creator,
            source=row.url,
        )
    )


def _age(row: Row) -> Kind:
    ages: dict[str, Kind] = {"young": "adult", "old": "elder", "child": "child"}
    return ages[row.model.partition("/")[0].rpartition("-")[2]]


def coated(asset: Asset, row: Row, variant: int) -> Asset:
    """Return an asset in the paint, or the clothes, of one of its variants."""
    rng = named_generator("asset", asset.id, variant)
    coat = _clothes(row, rng, variant) if row.kind == "walker" else _paint(rng)
    parts = tuple(
        replace(
            part,
            surfaces=tuple(
                replace(s, material=coat.get(s.material, s.material)) for s in part.surfaces
            ),
        )
        for part in asset.parts
    )
    return replace(asset, variant=variant, parts=parts)


def _paint(rng: np.random.Generator) -> dict[Material, Material]:
    return {material_of("paint"): paint(str(rng.choice(PAINTS, p=PAINT_SHARES)))}


def _clothes(row: Row, rng: np.random.Generator, variant: int) -> dict[Material, Material]:
    """Return what a walker of a variant wears, and the colour of skin and hair."""
    figure = Figure.draw(rng, _age(row), variant)
    tones = {"african": SKIN[3:], "asian": SKIN[:3], "caucasian": SKIN[:2]}
    skin = tones[row.model.partition("-")[0]]
    colors = {
        "skin": skin[variant % len(skin)],
        "hair": figure.hair_color,
        "top": figure.top_color,
        "bottom": figure.bottom_color,
        "shoes": figure.shoe_color,
    }
    return {
        material_of(role): replace(material_of(role), base_color=linear(code))
        for role, code in colors.items()
    }


def _joints(wheel: WheelFact, channels: tuple[str, ...]) -> tuple[Joint, ...]:
    """Return a wheel's joints: an axle behind the second has springs of its own, and turns
    with the second."""
    side = wheel.part.rpartition("_")[2]
    spin = "front" if wheel.axle == 0 else "rear"
    travel = ("front", "rear", "tag")[min(wheel.axle, 2)]
    return wheel_joints(channels, f"{spin}_{side}", f"{travel}_{side}", wheel.axle == 0)


def _surfaces(model: Model, part: str, semantic: str) -> tuple[Surface, ...]:
    """Return a part's surfaces, to be seen from both sides: many models have no inside."""
    return tuple(
        Surface(
            piece.vertices.astype(np.float32),
            piece.normals.astype(np.float32),
            np.zeros((len(piece.vertices), 2), dtype=np.float32),
            piece.faces.astype(np.int32),
            material_of(piece.material),
            semantic,
        )
        for piece in model.pieces
        if piece.part == part
    )


def _driven(row: Row) -> int:
    return 0 if row.category == "car" else 1


def _collision(row: Row, fact: BodyFact) -> tuple[CollisionShape, ...]:
    length, width, height = row.size_m
    if row.category in ("person", "rider"):
        radius = 0.135 * height
        return (CollisionShape("capsule", (0.0, 0.0, 0.5 * height), (radius, radius, height)),)
    if fact.cabin_m is None or row.category != "car":
        low = _CLEARANCE_M if fact.wheels else 0.0
        middle = 0.5 * (low + height)
        return (CollisionShape("box", (0.0, 0.0, middle), (length, width, height - low)),)
    rear, front, belt = fact.cabin_m
    return (
        CollisionShape(
            "box",
            (0.0, 0.0, 0.5 * (_CLEARANCE_M + belt)),
            (length, 0.92 * width, belt - _CLEARANCE_M),
        ),
        CollisionShape(
            "box",
            (0.5 * (front + rear), 0.0, 0.5 * (belt + height)),
            (front - rear, 0.75 * width, height - belt),
        ),
    )
