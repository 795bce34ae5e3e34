"""All targets with shadows against stock pyrender's RGB + depth + ids without, same scene."""

from __future__ import annotations

from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

import numpy as np

from bench.figures import Figure, cpu_ms, cpu_ms_each
from bench.street import reference_street
from scenegen.geometry import apply, inverse
from scenegen.geometry.camera import CAMERA_FROM_GL
from scenegen.render import QualityName, build_scene, make_renderer
from scenegen.render.pyrender_context import import_pyrender
from scenegen.render.scene import RenderScene

FRAMES = 9
ROUNDS = 5
"""All are measured in turn: whatever else the machine does meets all of them."""

CYCLES_MS = 12_300.0
"""CPU time of Blender's Cycles (`bpy`, 16 samples, with passes for depth, normals and indices)
for one frame of a like street at this size, measured once."""

BARS: dict[QualityName, tuple[float, float]] = {"fast": (6.0, 100.0), "full": (2.0, 40.0)}
"""How many times cheaper than stock pyrender and than Cycles."""


def run() -> list[Figure]:
    """Draw the reference street with both presets, and with stock pyrender in its own process."""
    scenario, trajectory = reference_street()
    scene = build_scene(scenario, trajectory)
    stages: dict[str, float] = {}
    ours: dict[QualityName, list[float]] = {"fast": [], "full": []}
    rgb, ids = [], []
    with _Stock() as stock, make_renderer("opengl") as renderer:
        draws = [lambda f=f: renderer.draw("front", f) for f in range(FRAMES)]
        for _ in range(ROUNDS):
            each = stock.measure()
            rgb.append(each[0])
            ids.append(each[1])
            for quality, measured in ours.items():
                renderer.load(scenario, trajectory, quality)
                renderer.draw("front", 0)
                measured.append(cpu_ms_each(draws))
                stages |= {f"{quality} {k}": s for k, s in renderer.last_timing.items()}
    rows = [
        Figure("rendering", "meshes", len(scene.objects), ""),
        Figure("rendering", "triangles", len(scene.faces), ""),
        Figure("rendering", "stock pyrender RGB + depth, CPU", median(rgb), "ms"),
        Figure("rendering", "stock pyrender ids, CPU", median(ids), "ms"),
        *[Figure("rendering", f"  of it {n}", 1000 * s, "ms") for n, s in stages.items()],
    ]
    stock_ms = [a + b for a, b in zip(rgb, ids, strict=True)]
    for quality, measured in ours.items():
        times = median(theirs / mine for theirs, mine in zip(stock_ms, measured, strict=True))
        bars = BARS[quality]
        rows += [
            Figure("rendering", f"{quality}: all targets with shadows", median(measured), "ms"),
            Figure("rendering", f"{quality}: stock / ours", times, "x", bars[0], "at least"),
            Figure(
                "rendering",
                f"{quality}: Cycles / ours",
                CYCLES_MS / median(measured),
                "x",
                bars[1],
                "at least",
            ),
        ]
    return rows


class _Stock:
    """Stock pyrender in a process of its own, which draws when it is told to."""

    def __enter__(self) -> _Stock:
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=stock_pyrender, args=(theirs,), daemon=True)
        self._process.start()
        return self

    def measure(self) -> tuple[float, float]:
        """Return the CPU ms of one frame: RGB + depth, and ids."""
        self._ours.send(True)
        rgb, ids = self._ours.recv()
        return rgb, ids

    def __exit__(self, *_: object) -> None:
        self._ours.send(False)
        self._process.join()


def stock_pyrender(orders: Connection) -> None:
    """Measure one frame of stock pyrender for each order: a mesh an object, 3 lights."""
    pyrender = import_pyrender()
    scenario, trajectory = reference_street()
    drawn = build_scene(scenario, trajectory)
    camera = scenario.sensors["front"].camera()
    scene = pyrender.Scene(ambient_light=[0.3, 0.3, 0.3])
    ego = scenario.ego.instance_id
    nodes = [
        scene.add(pyrender.Mesh.from_trimesh(mesh, smooth=True))
        for mesh in _meshes(drawn, hidden=ego)
    ]
    world_from_camera = (
        drawn.world_from_objects(0)[
            next(i for i, o in enumerate(drawn.objects) if o.instance_id == ego)
        ]
        @ camera.body_from_camera
    )
    view = world_from_camera @ inverse(CAMERA_FROM_GL)
    scene.add(
        pyrender.IntrinsicsCamera(
            camera.fx, camera.fy, camera.cx, camera.cy, camera.near_m, camera.far_m
        ),
        pose=view,
    )
    scene.add(pyrender.DirectionalLight(intensity=3.0), pose=view)
    for side in (-0.6, 0.6):
        lamp = view.copy()
        lamp[:3, 3] += lamp[:3, 0] * side
        spot = pyrender.SpotLight(intensity=30.0, innerConeAngle=0.2, outerConeAngle=0.5)
        scene.add(spot, pose=lamp)
    renderer = pyrender.OffscreenRenderer(camera.width, camera.height)
    ids = {node: ((i + 1) & 255, (i + 1) >> 8, 0) for i, node in enumerate(nodes)}
    flags = pyrender.RenderFlags
    while orders.recv():
        rgb_ms = cpu_ms(lambda: renderer.render(scene), repeats=3)
        ids_ms = cpu_ms(lambda: renderer.render(scene, flags.SEG, seg_node_map=ids), repeats=3)
        orders.send((rgb_ms, ids_ms))
    renderer.delete()


def _meshes(drawn: RenderScene, hidden: int) -> list[Any]:
    """Return one coloured mesh an object, as a user of pyrender would have them."""
    import trimesh  # noqa: PLC0415

    parts = drawn.world_from_parts(0)
    by_object: dict[int, list[Any]] = {}
    for drawable in drawn.drawables:
        if drawable.instance_id == hidden:
            continue
        surface = drawable.surface
        color = (*[int(255 * c) for c in drawn.materials[drawable.material].base_color], 255)
        mesh = trimesh.Trimesh(
            apply(parts[drawable.part], surface.vertices),
            surface.faces,
            vertex_normals=surface.normals @ parts[drawable.part][:3, :3].T,
            vertex_colors=np.tile(np.array(color, np.uint8), (len(surface.vertices), 1)),
            process=False,
        )
        by_object.setdefault(drawable.object, []).append(mesh)
    return [trimesh.util.concatenate(meshes) for meshes in by_object.values()]
