"""All targets with shadows against stock pyrender's RGB + depth + ids without, same scene."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np

from bench.figures import Figure, cpu_ms, cpu_ms_each
from bench.street import reference_street
from scenegen.geometry import apply, inverse
from scenegen.geometry.camera import CAMERA_FROM_GL
from scenegen.render import build_scene, make_renderer
from scenegen.render.pyrender_context import import_pyrender
from scenegen.render.scene import RenderScene

FRAMES = 9


def run() -> list[Figure]:
    """Draw the reference street with both, each in a process of its own."""
    scenario, trajectory = reference_street()
    scene = build_scene(scenario, trajectory)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        stock = pool.submit(stock_pyrender).result()
    with make_renderer("opengl") as renderer:
        renderer.load(scenario, trajectory)
        renderer.draw("front", 0)
        ours = cpu_ms_each([lambda f=f: renderer.draw("front", f) for f in range(FRAMES)])  # type: ignore[misc]
        stages = dict(renderer.last_timing)
    return [
        Figure("rendering", "meshes", len(scene.objects), ""),
        Figure("rendering", "triangles", len(scene.faces), ""),
        Figure("rendering", "stock pyrender RGB + depth, CPU", stock["rgb"], "ms"),
        Figure("rendering", "stock pyrender ids, CPU", stock["ids"], "ms"),
        Figure("rendering", "all targets with shadows, CPU", ours, "ms"),
        *[Figure("rendering", f"  of it {n}", 1000 * s, "ms") for n, s in stages.items()],
        Figure("rendering", "all targets / stock", ours / (stock["rgb"] + stock["ids"]), "x", 0.25),
    ]


def stock_pyrender() -> dict[str, float]:
    """Return the CPU ms of stock pyrender for one frame: a mesh an object, 3 lights."""
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
    rgb_ms = cpu_ms(lambda: renderer.render(scene), repeats=5)
    ids_ms = cpu_ms(lambda: renderer.render(scene, flags.SEG, seg_node_map=ids), repeats=5)
    renderer.delete()
    return {"rgb": rgb_ms, "ids": ids_ms}


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
