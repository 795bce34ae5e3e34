"""Trees of several species, in leaf or bare."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.foliage import bark, clumps, leaf, lumps, mapped, sticks, twigs, unit
from scenegen.assets.lofts import bar, cylinder
from scenegen.assets.materials import matte
from scenegen.assets.species import FORMS, TREES, Species, season_of
from scenegen.assets.triangles import Geometry, join, sheets
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape
from scenegen.seeds import named_generator

_LIMBS = 13
_SPRAYS = 660
_LEFT = {"spring": 0.7, "summer": 1.0, "autumn": 0.72}
"""Share of the sprays that a crown has in each season."""
_GOLDEN_RAD = np.pi * (3.0 - np.sqrt(5.0))
_WHORLS, _BRANCHES = 15, 11


def broadleaf(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a broad-leaved tree of 5 to 11 m: six species, then the same in other seasons."""
    form, season = variant % FORMS, season_of(variant)
    # One plant keeps its shape through the year.
    rng = named_generator("plant", asset_id, form)
    species = TREES[form]
    tall = float(rng.uniform(*species.tall_m))
    bench = Bench("vegetation")
    root = bench.part("tree")
    wood = bark(species.bark)
    girth = 0.017 * tall
    centers, radii = _crown(species, tall, rng)
    trunk = np.array([(0, 0, -0.1), (0.008, 0.004, 0.4), (0.0, 0.006, 0.85)]) * tall
    low, middle, top = (tuple(p.tolist()) for p in trunk)
    bench.add(root, mapped(bar(low, middle, 1.25 * girth, 8, 0.8 * girth)), wood)
    bench.add(root, mapped(bar(middle, top, 0.8 * girth, 6, 0.15 * girth)), wood)
    # Limbs leave the trunk below the clumps that they bear.
    height = centers[:, 2] - 0.5 * np.hypot(centers[:, 0], centers[:, 1])
    height = np.maximum(height, 0.8 * species.bare * tall)
    share = height / (0.85 * tall)
    start = np.stack([0.006 * tall * share, 0.006 * tall * share, height], axis=1)
    count = len(centers)
    limbs = sticks(start, centers, np.full(count, 0.42 * girth), np.full(count, 0.12 * girth))
    bench.add(root, limbs, wood)
    if season == "winter":
        bench.add(root, _bare(centers, radii, girth, rng), wood)
    else:
        color = species.leaves[season]
        number = round(_SPRAYS * species.ample * _LEFT[season])
        inside = slice(None) if season == "summer" else slice(None, None, 2)
        core = lumps(centers[inside], 0.6 * radii[inside], rng)
        bench.add(root, core, leaf(color, 0.5), crease_rad=1.2)
        upper = clumps(centers, radii, number // 2, 0.041 * tall, rng)
        bench.add(root, upper, leaf(color))
        lower = clumps(centers, 0.9 * radii, number // 2, 0.041 * tall, rng)
        bench.add(root, lower, leaf(color, 0.72))
    soil = mapped(cylinder(0.62, 0.14, 8, top=0.5)).moved(z=-0.01)
    bench.add(root, soil, matte("soil", "5a4a3c", 0.95), "terrain")
    shape = CollisionShape("cylinder", (0, 0, 0.15 * tall), (girth, girth, 0.3 * tall))
    return finish(asset_id, variant, "vegetation", bench, 900.0, collision=(shape,))


def _crown(species: Species, tall: float, rng: np.random.Generator) -> tuple[F64, F64]:
    """Return middles and half axes (N, 3) of the clumps that a crown is made of."""
    k = np.arange(_LIMBS)
    level = 1.0 - (2.0 * k + 1.0) / _LIMBS
    flat = np.sqrt(1.0 - level * level)
    turn = _GOLDEN_RAD * k + rng.uniform(0.0, 2.0 * np.pi)
    wide, deep = 0.5 * species.wide * tall, 0.5 * (1.0 - species.bare) * tall
    middle = (species.bare + 0.5 * (1.0 - species.bare)) * tall
    reach = rng.uniform(0.55, 0.72, _LIMBS)
    # Crowns are widest below their middle.
    taper = 1.0 - 0.25 * level
    centers = np.stack(
        [
            wide * reach * taper * flat * np.cos(turn),
            wide * reach * taper * flat * np.sin(turn),
            middle + deep * 0.72 * level,
        ],
        axis=1,
    )
    radii = rng.uniform(0.36, 0.48, (_LIMBS, 3)) * np.array([wide, wide, 0.5 * (wide + deep)])
    return centers, radii


def _bare(centers: F64, radii: F64, girth: float, rng: np.random.Generator) -> Geometry:
    """Return the branches and twigs of a tree in winter."""
    each, fine, finest = 6, 5, 1
    out = rng.normal(size=(len(centers), each, 3)) + np.array([0.0, 0.0, 0.7])
    out += 0.9 * centers[:, None] / np.linalg.norm(centers[:, None], axis=2, keepdims=True)
    start = np.repeat(centers[:, None], each, axis=1).reshape(-1, 3)
    way = unit(out.reshape(-1, 3))
    end = start + 0.85 * way * np.repeat(radii, each, axis=0)
    branches = [(start, end, 0.16 * girth)]
    for count, wide, least in ((fine, 0.15 * girth, 0.25), (finest, 0.15 * girth, 0.3)):
        # Each branches off the last, upward and outward, shorter than what bears it.
        share = rng.uniform(least, 1.0, (len(start), count, 1))
        root = (start[:, None] + share * (end - start)[:, None]).reshape(-1, 3)
        length = np.repeat(np.linalg.norm(end - start, axis=1), count)[:, None]
        turn = 0.5 * rng.normal(size=root.shape) + np.array([0.0, 0.0, 0.3])
        way = unit(np.repeat(unit(end - start), count, axis=0) + turn)
        start, end = root, root + rng.uniform(0.4, 0.65, length.shape) * length * way
        end[:, 2] = np.maximum(end[:, 2], 0.3)
        branches.append((start, end, wide))
    return join(twigs(*branch, rng) for branch in branches)


def conifer(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a spruce or, two times in six, a pine; evergreen, duller in winter."""
    form, season = variant % FORMS, season_of(variant)
    rng = named_generator("plant", asset_id, form)
    tall = float(rng.uniform(8, 14))
    bench = Bench("vegetation")
    root = bench.part("tree")
    pine = form % 3 == 2
    wood = bark("c89878" if pine else str(rng.choice(("c8b8a8", "a89888"))))
    girth = 0.015 * tall
    trunk = mapped(bar((0, 0, -0.1), (0, 0, 0.96 * tall), 1.2 * girth, 7, 0.15 * girth))
    bench.add(root, trunk, wood)
    color = {"winter": "566650", "spring": "6a8458"}.get(season, "5c7450")
    if pine:
        centers, radii = _crown(_PINE, tall, rng)
        limbs = np.stack([0 * centers[:, 0], 0 * centers[:, 0], centers[:, 2] - 0.05 * tall], 1)
        half = np.full(len(centers), 0.3 * girth)
        bench.add(root, sticks(limbs, centers, half, 0.3 * half), wood)
        bench.add(root, lumps(centers, 0.62 * radii, rng), leaf(color, 0.5), crease_rad=1.2)
        bench.add(root, clumps(centers, radii, 560, 0.037 * tall, rng), leaf(color))
    else:
        cone = bar((0, 0, 0.1 * tall), (0, 0, 0.97 * tall), 0.09 * tall, 7, 0.01 * tall)
        bench.add(root, mapped(cone), leaf(color, 0.4))
        fans, inner = (_whorls(tall, share, rng) for share in (1.0, 0.72))
        bench.add(root, fans, leaf(color))
        bench.add(root, inner, leaf(color, 0.65))
    shape = CollisionShape("cylinder", (0, 0, 1.0), (girth, girth, 2.0))
    return finish(asset_id, variant, "vegetation", bench, 800.0, collision=(shape,))


_PINE = Species((8.0, 14.0), 0.48, 0.42, "c89878", {})


def _whorls(tall: float, reach: float, rng: np.random.Generator) -> Geometry:
    """Return the branches of a spruce: kites that hang from the trunk, folded lengthwise."""
    level = np.repeat(np.linspace(0.08, 0.94, _WHORLS), _BRANCHES) + rng.uniform(
        -0.025, 0.025, _WHORLS * _BRANCHES
    )
    angle = rng.uniform(0.0, 2.0 * np.pi, len(level))
    long = reach * 0.2 * tall * (1.03 - level) * rng.uniform(0.75, 1.1, len(level))
    out = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    side = np.stack([-out[:, 1], out[:, 0], 0 * angle], axis=1)
    root = np.stack([0 * angle, 0 * angle, (level + 0.045) * tall], axis=1)
    sag = np.array([0.0, 0.0, 1.0]) * long[:, None]
    wide = 0.30 * long[:, None] * side
    half = root + 0.6 * long[:, None] * out
    flat = np.stack(
        [
            root,
            half - wide - 0.5 * sag,
            root + long[:, None] * out - 0.42 * sag,
            half + wide - 0.5 * sag,
        ],
        axis=1,
    )
    flat[..., 2] = np.maximum(flat[..., 2], 0.15)
    return mapped(sheets(flat, np.zeros((*flat.shape[:2], 2))))
