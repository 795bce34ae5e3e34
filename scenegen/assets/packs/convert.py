"""From a package's model to parts that roll, shine and can be painted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenegen.assets.packs.ac3d import read_ac
from scenegen.assets.packs.dress import material_keys, pieces, whole
from scenegen.assets.packs.fittings import Fitter
from scenegen.assets.packs.human import read_human
from scenegen.assets.packs.model import BodyFact, Model, ModelPart, ModelPiece, WheelFact
from scenegen.assets.packs.rows import Row
from scenegen.assets.packs.simplify import simplified
from scenegen.assets.packs.source_mesh import SourceMesh, as_body, read_obj
from scenegen.assets.packs.walker import walker
from scenegen.assets.packs.wheels import FoundWheel, find_wheels, laid_wheels
from scenegen.assets.wheels import wheel_shapes
from scenegen.errors import AssetError
from scenegen.records.base import Vec3

LEVELS: dict[str, float] = {"fine": 1.0, "middle": 0.3, "coarse": 0.08}
"""Levels of detail: share of a row's triangles."""

_CHANGES = (
    "turned and scaled to x ahead, z up, metres; triangles decimated to levels of detail; "
    "pictures replaced by a colour for each triangle"
)
_CHANGES_OF_WALKERS = (
    "two targets applied, scaled, posed with arms down, dressed in its own helper shell, cut into "
    "rigid parts; triangles decimated to levels of detail"
)
_CHANGES_OF_PICTURED = (
    "turned and scaled to x ahead, z up, metres; triangles split by their pictures into few colours"
)
_CHANGES_OF_VEHICLES = "; lamps and number plates without real numbers added; wheels "


@dataclass(frozen=True)
class Converted:
    """An asset at every level of detail, finest first, and the facts of the finest."""

    models: dict[str, Model]
    fact: BodyFact


def changes(row: Row) -> str:
    """Return what is done to a model, as CC-BY asks to say."""
    if row.kind == "walker":
        return _CHANGES_OF_WALKERS
    done = _CHANGES_OF_PICTURED if row.pictures else _CHANGES
    if row.kind != "vehicle":
        return done
    wheels = "replaced" if row.new_wheels or row.axles else "parted from the body"
    return f"{done}{_CHANGES_OF_VEHICLES}{wheels}"


def convert(row: Row, files: dict[str, bytes]) -> Converted:
    """Make an asset of a model.

    Parameters
    ----------
    row : Row
    files : dict
        The model's folder in its archive, by name.

    Raises
    ------
    AssetError
        The archive lacks the model, or a vehicle's wheels can't be told apart.
    """
    mesh = _read(row, files, 1.0)
    wheels: tuple[FoundWheel, ...] = ()
    if row.axles:
        wheels = laid_wheels(mesh, row.axles)
    elif row.kind == "vehicle":
        rubber = [number for number, name in enumerate(mesh.names) if name in row.tyre]
        try:
            wheels = find_wheels(mesh, np.isin(mesh.material, rubber), row.new_wheels)
        except AssetError as error:
            raise AssetError(f"{row.id}: {error}") from None
    built = {}
    for level, share in LEVELS.items():
        if mesh.pictured and share < 1.0:
            mesh = _read(row, files, share)
            wheels = laid_wheels(mesh, row.axles)
        built[level] = _level(row, mesh, wheels, share)
    facts = tuple(
        WheelFact(part=_name(wheel), axle=wheel.axle, hub_m=wheel.hub_m, radius_m=wheel.radius_m)
        for wheel in wheels
    )
    beams = built["fine"][1]
    return Converted(
        {level: model for level, (model, _) in built.items()},
        BodyFact(wheels=facts, beams_m=beams, cabin_m=_cabin(mesh) if wheels else None),
    )


def _read(row: Row, files: dict[str, bytes], share: float) -> SourceMesh:
    """Return a model in the body frame without what is dropped, its pictures at a fineness."""
    if row.model.endswith((".ac", ".acc")):
        mesh = read_ac(files, row.model, int(share * row.triangles))
    else:
        mesh = read_obj(files, row.model)
    mesh = as_body(mesh, row.size_m, row.turn_deg, row.lift_m)
    dropped = [number for number, name in enumerate(mesh.names) if name in row.drop]
    return mesh.only(~np.isin(mesh.material, dropped))


def convert_walker(row: Row, wheel: Path) -> Converted:
    """Make a walker of MakeHuman's body; errors as `human.read_human`."""
    human = read_human(wheel, row.model)
    models: dict[str, Model] = {}
    anchors: dict[str, Vec3] = {}
    for level, share in LEVELS.items():
        body = walker(human, row.size_m[2], int(share * row.triangles))
        made: list[ModelPiece] = []
        for name, mesh in body.parts.items():
            x, y, z = body.joints[name].tolist()
            keys = [mesh.names[number] for number in mesh.material.tolist()]
            made += pieces(name, mesh.vertices, mesh.faces, keys, (x, y, z))
        parts = tuple(ModelPart(name, origin) for name, origin in body.origins().items())
        models[level] = Model(parts, tuple(made))
        anchors = anchors or body.anchors
    return Converted(models, BodyFact(anchors=anchors))


def _level(
    row: Row, mesh: SourceMesh, wheels: tuple[FoundWheel, ...], share: float
) -> tuple[Model, tuple[Vec3, ...]]:
    """Return one level of detail, and where its low beams are."""
    wanted = min(share * row.triangles / len(mesh.faces), 1.0)
    rolling = np.zeros(len(mesh.faces), dtype=bool)
    for wheel in wheels:
        rolling |= wheel.faces
    kept = (*mesh.pictured, *(row.glass if share == 1.0 else ()))
    body = _fewer(mesh.only(~rolling), wanted, kept)
    parts = [ModelPart("body")]
    made: list[ModelPiece] = list(
        pieces("body", body.vertices, body.faces, material_keys(body, row))
    )
    for wheel in wheels:
        parts.append(ModelPart(_name(wheel), wheel.hub_m))
        if row.new_wheels or row.axles:
            made += _new_wheel(wheel, row)
            continue
        own = _fewer(mesh.only(wheel.faces), wanted)
        keys = material_keys(own, row)
        made += pieces(_name(wheel), own.vertices, own.faces, keys, wheel.hub_m)
    fitter = Fitter(whole(body), row.size_m)
    if row.kind == "vehicle":
        made += fitter.fit(row.lamps)
    return Model(tuple(parts), tuple(made)), tuple(fitter.beams)


def _new_wheel(wheel: FoundWheel, row: Row) -> list[ModelPiece]:
    """Return a wheel as the procedural vehicles have it."""
    lorry = row.category != "car"
    spokes, share = (8, 0.58) if lorry else (5, 0.7)
    width = 0.28 if lorry else 0.195 + 0.1 * (wheel.radius_m - 0.3)
    shapes = wheel_shapes(wheel.radius_m, width, wheel.side, spokes, share)
    made: list[ModelPiece] = []
    for shape, material in zip(shapes, ("tyre", "underbody", "alloy"), strict=True):
        made += pieces(_name(wheel), shape.vertices, shape.faces, [material] * len(shape.faces))
    return made


def _fewer(mesh: SourceMesh, share: float, kept: tuple[str, ...] = ()) -> SourceMesh:
    """Return a share of the triangles; panes of two sheets would come through each other."""
    return simplified(mesh, max(int(share * len(mesh.faces)), 1), kept)


def _name(wheel: FoundWheel) -> str:
    return f"wheel_{wheel.axle}_{'left' if wheel.side > 0 else 'right'}"


def _cabin(mesh: SourceMesh) -> tuple[float, float, float]:
    """Return rear x, front x and foot z of the box around what is high up in a vehicle."""
    points = mesh.vertices[mesh.faces.ravel()]
    foot = 0.62 * float(points[:, 2].max())
    high = points[points[:, 2] > 1.15 * foot]
    rear, front = np.quantile(high[:, 0], (0.01, 0.99)).tolist()
    return (rear, front, foot)
