"""All targets with shadows against stock pyrender's RGB + depth + ids without, same scene."""

from __future__ import annotations

import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

import numpy as np

from bench.figures import Figure, cpu_ms
from bench.street import reference_street
from scenegen.geometry import apply, inverse
from scenegen.geometry.camera import CAMERA_FROM_GL
from scenegen.render import QualityName, Renderer, build_scene, make_renderer
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
    ours: dict[QualityName, list[dict[str, float]]] = {"fast": [], "full": []}
    rgb, ids = [], []
    with Stock() as stock, make_renderer("opengl") as renderer:
        for _ in range(ROUNDS):
            each = stock.measure()
            rgb.append(each[0])
            ids.append(each[1])
            for quality, rounds in ours.items():
                renderer.load(scenario, trajectory, quality)
                renderer.draw("front", 0)
                rounds.append(_median_draw(renderer))
    stock_ms = [a + b for a, b in zip(rgb, ids, strict=True)]
    return [
        Figure("rendering", "meshes", len(scene.objects), ""),
        Figure("rendering", "triangles", len(scene.faces), ""),
        Figure("rendering", "stock pyrender RGB + depth, CPU", median(rgb), "ms"),
        Figure("rendering", "stock pyrender ids, CPU", median(ids), "ms"),
        *[row for quality, rounds in ours.items() for row in _rows(quality, rounds, stock_ms)],
    ]


def _median_draw(renderer: Renderer) -> dict[str, float]:
    """Return the median CPU ms over frames of each stage, of the targets and of everything."""
    frames = []
    for index in range(FRAMES):
        started = time.process_time()
        renderer.draw("front", index)
        whole = 1000 * (time.process_time() - started)
        stages = {name: 1000 * s for name, s in renderer.last_timing.items() if name != "total"}
        # Silhouettes of what is hidden are no target: labels tell occlusion by them.
        frames.append({**stages, "targets": whole - stages["silhouettes"], "all": whole})
    return {name: median(frame[name] for frame in frames) for name in frames[0]}


def _rows(
    quality: QualityName, rounds: list[dict[str, float]], stock_ms: list[float]
) -> list[Figure]:
    def ms(name: str) -> float:
        return median(each[name] for each in rounds)

    def times(name: str) -> float:
        return median(theirs / each[name] for theirs, each in zip(stock_ms, rounds, strict=True))

    def row(name: str, value: float, unit: str, *bar: Any) -> Figure:
        return Figure("rendering", f"{quality}: {name}", value, unit, *bar)

    stock, cycles = BARS[quality]
    return [
        *[row(f"of it {n}", ms(n), "ms") for n in ("prepare", "draw", "read", "silhouettes")],
        row("all targets with shadows", ms("targets"), "ms"),
        row("stock / ours", times("targets"), "x", stock, "at least"),
        row("Cycles / ours", CYCLES_MS / ms("targets"), "x", cycles, "at least"),
        row("with every actor's silhouette", ms("all"), "ms"),
        row("stock / ours with silhouettes", times("all"), "x"),
    ]


class Stock:
    """Stock pyrender in a process of its own, which draws the street when it is told to."""

    def __enter__(self) -> Stock:
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
