"""People: lofted bodies on the biped skeleton."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from scenegen.assets.bicycle import city_bicycle
from scenegen.assets.build import Bench, finish, settled
from scenegen.assets.figure import Figure
from scenegen.assets.kickscooter import kick_scooter
from scenegen.assets.moped import moped
from scenegen.assets.motorcycle import motorcycle
from scenegen.assets.pushed import wheelchair
from scenegen.assets.riding import riding_pose
from scenegen.assets.wardrobe import dress
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.records.trajectory import MAX_JOINTS
from scenegen.seeds import named_generator


def _person(
    asset_id: str, variant: int, category: str, figure: Figure, poses: F64 | None = None
) -> Asset:
    bench = Bench(category)
    anchors = dress(bench, figure)
    tall = figure.stature_m
    radius = 0.135 * tall
    return finish(
        asset_id,
        variant,
        category,
        bench,
        mass_kg=figure.mass_kg,
        joints=BIPED_JOINTS,
        collision=(CollisionShape("capsule", (0.0, 0.0, 0.5 * tall), (radius, radius, tall)),),
        anchors=anchors,
        poses=poses,
    )


def adult(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a pedestrian of 1.55 to 1.95 m."""
    return _person(asset_id, variant, "person", Figure.draw(rng, "adult", variant))


def child(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a child of 1.10 to 1.45 m."""
    return _person(asset_id, variant, "person", Figure.draw(rng, "child", variant))


def elder(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return an old person: shorter, fuller, grey."""
    return _person(asset_id, variant, "person", Figure.draw(rng, "elder", variant))


@cache
def _ridden(asset_id: str) -> Asset:
    builders = {
        "bicycle.city": city_bicycle,
        "motorcycle.road": motorcycle,
        "motorcycle.moped": moped,
        "motorcycle.kick_scooter": kick_scooter,
        "pushed.wheelchair": wheelchair,
    }
    return builders[asset_id](asset_id, 0, named_generator("asset", asset_id, 0), None)


def rider(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a cyclist; bounds hold while riding `bicycle.city`."""
    figure = Figure.draw(rng, "rider", variant)
    draft = _person(asset_id, variant, "rider", figure, np.zeros((1, MAX_JOINTS)))
    turns = np.linspace(-np.pi, np.pi, 48, endpoint=False)
    return settled(draft, riding_pose(_ridden("bicycle.city"), draft, turns))


def motorcyclist(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return someone in a full helmet; bounds hold on every motorcycle of the catalogue."""
    drawn = Figure.draw(rng, "rider", variant)
    figure = replace(drawn, hair="full helmet", top="jacket", bottom="trousers")
    return _on_rests(asset_id, variant, figure, ("motorcycle.road", "motorcycle.moped"))


def scooter_rider(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return someone to stand on a kick scooter, some of them with a helmet."""
    figure = Figure.draw(rng, "rider", variant)
    return _on_rests(asset_id, variant, figure, ("motorcycle.kick_scooter",))


def wheelchair_user(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return someone of any age to sit in a wheelchair, propelling it or not."""
    drawn = Figure.draw(rng, ("adult", "elder")[variant % 2], variant)
    figure = replace(drawn, backpack=False)
    draft = _person(asset_id, variant, "rider", figure, np.zeros((1, MAX_JOINTS)))
    strokes = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)
    chair = _ridden("pushed.wheelchair")
    poses = [riding_pose(chair, draft, strokes), riding_pose(chair, draft, np.zeros(1), idle=True)]
    return settled(draft, np.concatenate(poses))


def _on_rests(asset_id: str, variant: int, figure: Figure, ridden: tuple[str, ...]) -> Asset:
    """Return a rider whose bounds hold on some vehicles without pedals."""
    draft = _person(asset_id, variant, "rider", figure, np.zeros((1, MAX_JOINTS)))
    poses = [riding_pose(_ridden(vehicle), draft, 0.0) for vehicle in ridden]
    return settled(draft, np.stack(poses))
