"""Bigger furniture of pavements: bus shelters, advertising columns and boards, kiosks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.ink import fill, lettering, patch
from scenegen.assets.lofts import bar, lathe
from scenegen.assets.materials import GALVANISED, GLASS, STEEL, WOOD, lamp, matte
from scenegen.assets.posters import poster
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.sign_faces import FAMILIES
from scenegen.assets.signs import SHEET_M, mount
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import Vec2, Vec3
from scenegen.records.mesh import Asset, CollisionShape
from scenegen.records.taxonomy import Lamp

_FRAME = matte("shelter frame", "2b2f32", 0.45)
_BACKLIGHT = lamp("backlight", "e9e8e2", "fff4e0", 400.0, Lamp.STREET)
_CONCRETE = matte("cast concrete", "9c9890", 0.9)


def _hang(
    work: Bench,
    part: str,
    rng: np.random.Generator,
    size: Vec2,
    at: Vec3,
    turn: float,
) -> None:
    """Put a poster in front of a point of a wall whose outside is turned from +x."""
    for k, (material, drawing) in enumerate(poster(rng, *size)):
        work.add(
            part, drawing.moved(x=SHEET_M * (k + 1)).turned((0, 0, 1), turn).moved(*at), material
        )


def bus_shelter(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a shelter that is open towards +x, with a bench, a poster case and a flat roof."""
    work = Bench("building")
    root = work.part("shelter")
    y, x = (3.0, 4.2)[variant % 2], 1.4
    for s in (-0.5, 0.0, 0.5):
        work.add(root, box((0.07, 0.07, 2.4), (-0.5 * x + 0.06, s * (y - 0.1), 1.2)), _FRAME)
    work.add(root, box((0.07, 0.07, 2.4), (0.5 * x - 0.25, -0.5 * y + 0.05, 1.2)), _FRAME)
    work.add(root, rounded_box((x + 0.1, y + 0.2, 0.12), 0.03, (0, 0, 2.46)), _FRAME)
    for z in (0.25, 0.95, 1.6, 2.2):
        work.add(root, box((0.03, y, 0.04), (-0.5 * x + 0.06, 0, z)), _FRAME)
    pane = matte("frosted glass", "9fb2b6", 0.15)
    for s in (-0.25, 0.25):
        wide = 0.5 * y - 0.14
        at = (-0.5 * x + 0.06, s * (y - 0.05), 0.6)
        work.add(root, box((0.012, wide, 0.6), at), pane)
    work.add(root, box((0.36, 0.6 * y, 0.05), (-0.5 * x + 0.36, 0.1 * y, 0.46)), WOOD)
    for s in (-0.15, 0.35):
        work.add(root, box((0.05, 0.05, 0.44), (-0.5 * x + 0.36, s * y, 0.22)), STEEL)
    case = (-0.05, 0.5 * y - 0.02, 1.15)
    work.add(root, rounded_box((1.25, 0.14, 1.9), 0.02, case), _FRAME)
    for turn, side in ((0.5 * np.pi, 0.072), (-0.5 * np.pi, -0.072)):
        _hang(work, root, rng, (1.1, 1.7), (case[0], case[1] + side, case[2]), turn)
    table = (-0.5 * x + 0.09, -0.25 * y, 1.45)
    work.add(root, patch(-0.25, -0.35, 0.25, 0.35).moved(*table), matte("timetable", "e9e7dc", 0.7))
    shape = (
        CollisionShape("box", (-0.5 * x + 0.06, 0, 1.2), (0.1, y, 2.4)),
        CollisionShape("box", (case[0], case[1], 1.2), (1.25, 0.14, 2.4)),
    )
    return finish(asset_id, variant, "building", work, 900.0, collision=shape)


def bus_stop(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return the post of a bus stop with its sign and timetable; it faces +x."""
    work = Bench("traffic sign")
    root = work.part("post")
    work.add(root, bar((0, 0, 0), (0, 0, 2.75), 0.035, 12), GALVANISED, "pole")
    faces = {face.code: face for face in FAMILIES["prop.sign_information"]}
    mount(work, root, *faces["E15_bus_stop"].paint(), (0.04, 0.0, 2.5))
    number = str(int(rng.integers(2, 99)))
    board = [(-0.3, -0.09), (0.3, -0.09), (0.3, 0.09), (-0.3, 0.09)]
    sheets = [
        (matte("line board", "f0c419", 0.4), fill(board)),
        (matte("black symbol", "151515", 0.5), lettering(number, 0.12)),
    ]
    mount(work, root, np.array(board), sheets, (0.04, 0.0, 2.07))
    case = rounded_box((0.06, 0.36, 0.5), 0.02, (0.06, 0.0, 1.45))
    work.add(root, case, _FRAME, "static")
    paper = patch(-0.15, 1.23, 0.15, 1.67).moved(x=0.094)
    work.add(root, paper, matte("timetable", "e9e7dc", 0.7), "static")
    post = CollisionShape("cylinder", (0, 0, 1.4), (0.035, 0.035, 2.8))
    return finish(asset_id, variant, "traffic sign", work, 40.0, collision=(post,))


def _round_wall(radius: float, sheet: Geometry, turn: float, z: float) -> Geometry:
    """Bend a flat sheet that faces +x round an upright cylinder."""
    angle = sheet.vertices[:, 1] / radius + turn
    reach = radius + sheet.vertices[:, 0]
    bent = np.stack([reach * np.cos(angle), reach * np.sin(angle), sheet.vertices[:, 2] + z], 1)
    return Geometry(bent, sheet.faces, sheet.uv)


def _strips(wide: float, high: float) -> Geometry:
    """Return a sheet in strips, each narrow enough to be bent round a wall."""
    edges = np.linspace(-0.5 * wide, 0.5 * wide, 7)
    return join([patch(a, -0.5 * high, b, 0.5 * high) for a, b in pairwise(edges.tolist())])


def _word(rng: np.random.Generator, up: float) -> Geometry:
    return lettering(("NOVA", "MIRA", "VELO", "ORBIS")[int(rng.integers(4))], 0.13, (0.0, up))


def advertising_column(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a column for posters, after the kind that Litfaß put up in Berlin in 1855."""
    work = Bench("static")
    root = work.part("column")
    r, h = 0.62, 3.1
    work.add(root, lathe([(r + 0.06, 0), (r + 0.06, 0.35), (r, 0.4), (r, h)], 40), _CONCRETE)
    roof = [(r + 0.12, h), (r + 0.12, h + 0.08), (0.35, h + 0.28), (0.06, h + 0.45), (0, h + 0.6)]
    work.add(root, lathe(roof, 32), matte("roof metal", "3f5a4c", 0.5))
    step = 2 * np.pi / 5
    for k in range(5):
        for z, high in ((0.95, 1.0), (2.1, 1.15)):
            ground = matte(
                "poster", str(rng.choice(("f0ece0", "c8252c", "1d5f9e", "f2c12e", "e88a3a"))), 0.6
            )
            ink = matte("poster ink", str(rng.choice(("16181a", "f6f3ea", "7a1f5a"))), 0.6)
            wide = step * r - 0.06
            for sheet, material, raised in (
                (_strips(wide, high), ground, 0.006),
                (_strips(0.7 * wide, 0.35 * high).moved(z=0.18), ink, 0.012),
                (_word(rng, -0.25 * high), ink, 0.012),
            ):
                work.add(root, _round_wall(r, sheet.moved(x=raised), k * step, z), material)
    shape = (CollisionShape("cylinder", (0, 0, h / 2), (r + 0.06, r + 0.06, h)),)
    return finish(asset_id, variant, "static", work, 1500.0, collision=shape)


def poster_board(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a lit poster case on a foot; posters face +x and -x."""
    work = Bench("static")
    root = work.part("board")
    work.add(root, box((0.3, 0.5, 0.5), (0, 0, 0.25)), _FRAME)
    work.add(root, rounded_box((0.2, 1.35, 2.0), 0.04, (0, 0, 1.5)), _FRAME)
    work.add(root, box((0.202, 1.2, 0.05), (0, 0, 2.42)), _BACKLIGHT)
    for turn, side in ((0.0, 0.102), (np.pi, -0.102)):
        _hang(work, root, rng, (1.18, 1.72), (side, 0.0, 1.48), turn)
    shape = (CollisionShape("box", (0, 0, 1.25), (0.3, 1.35, 2.5)),)
    return finish(asset_id, variant, "static", work, 300.0, collision=shape)


def kiosk(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a kiosk whose counter faces +x, under an awning."""
    work = Bench("building")
    root = work.part("kiosk")
    x, y, h = 1.9, 2.8, 2.5
    wall = matte("kiosk", str(rng.choice(("2f5a45", "7a2328", "2c4a70", "c9b896"))), 0.5)
    work.add(root, box((x, y, 0.95), (0, 0, 0.475)), wall)
    work.add(root, box((x - 0.1, y - 0.1, h - 0.9), (0, 0, 0.5 * (h + 0.9))), GLASS)
    for sx in (-1, 1):
        for sy in (-1, 1):
            work.add(root, box((0.12, 0.12, h), (sx * 0.48 * x, sy * 0.48 * y, 0.5 * h)), wall)
    work.add(root, rounded_box((x + 0.3, y + 0.3, 0.22), 0.05, (0, 0, h + 0.1)), wall)
    work.add(root, box((0.35, y - 0.2, 0.05), (0.5 * x + 0.1, 0, 0.98)), WOOD)
    stripe = (matte("awning", "f1ede2", 0.8), matte("awning", "b8322c", 0.8))
    for k in range(8):
        strip = box((0.9, y / 8, 0.02), (0.45, (k - 3.5) * y / 8, 0)).turned((0, 1, 0), 0.3)
        work.add(root, strip.moved(0.5 * x + 0.02, 0, h - 0.05), stripe[k % 2])
    sign = lettering(("KIOSK", "NEWS", "SNACK")[variant % 3], 0.15).moved(
        0.5 * x + 0.156, 0, h + 0.1
    )
    work.add(root, sign, matte("kiosk letters", "f4efe0", 0.6))
    for k in range(6):
        color = matte("magazine", str(rng.choice(("c8252c", "1d5f9e", "f2c12e", "e9e4d6"))), 0.6)
        at = (-1.15 + 0.42 * k, 0.35)
        work.add(
            root, patch(at[0], at[1], at[0] + 0.3, at[1] + 0.42).moved(x=0.5 * x + 0.004), color
        )
    shape = (CollisionShape("box", (0, 0, 0.5 * h), (x, y, h)),)
    return finish(asset_id, variant, "building", work, 1200.0, collision=shape)
