"""Stock pyrender as the independent reference: slow, plain, and right at pixel centres.

It shares kinematics and the scene's drawables with the production backend, and nothing
that draws: other library, other shaders, other depth coding, other ids.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from scenegen.errors import InputError
from scenegen.geometry import Camera, inverse
from scenegen.geometry.camera import CAMERA_FROM_GL
from scenegen.records import ConcreteScenario, Frame, Trajectory
from scenegen.records.base import F64
from scenegen.records.choices import QualityName
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.render.photometry import LightState, light_state
from scenegen.render.pyrender_context import PyrenderContext, import_pyrender
from scenegen.render.pyrender_scene import NodeGroup, gather_nodes
from scenegen.render.scene_builder import build_scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SKY = CLASS_BY_NAME["sky"].id
_GAMMA = 2.2
"""What pyrender's shader codes its colours with."""


class PyrenderRenderer:
    """Draws colour, depth and ids with stock pyrender; see `protocol.Renderer`.

    Everything is drawn in the camera's frame, so that float32 matrices lose nothing far
    from the world's origin. Depth and ids come from pyrender's segmentation pass, which
    samples pixel centres; its colour pass is multisampled and gives colour only. Sun and
    sky are one directional light and one ambient term without shadows.

    Raises
    ------
    OpenGLError
        pyrender is missing, or this machine offers no headless OpenGL.
    """

    name = "pyrender"
    targets = frozenset({"rgb", "depth_m", "instance", "semantic"})

    def __init__(self) -> None:
        self._context: PyrenderContext | None = PyrenderContext()
        self.last_timing: dict[str, float] = {}
        self._scenario: ConcreteScenario | None = None

    def load(
        self,
        scenario: ConcreteScenario,
        trajectory: Trajectory,
        quality: QualityName = "full",
        *,
        live: bool = False,
    ) -> None:
        """Take a scene, releasing the one before; its colours have one quality."""
        del quality, live
        self._open()
        self._scenario, self._trajectory = scenario, trajectory
        self._drawn = build_scene(scenario, trajectory)
        town = scenario.road.surroundings in ("urban", "suburban")
        self._light = light_state(scenario.light, scenario.weather, town=town)
        self._nodes = gather_nodes(self._drawn, self._light.exposure)
        self._scene, self._sun = _pyrender_scene(self._light, self._nodes)
        ids = [group.instance_id for group in self._nodes]
        self._instance_of = np.array([0, *ids], dtype=np.uint16)
        classes = [group.semantic for group in self._nodes]
        self._semantic_of = np.array([_SKY, *classes], dtype=np.uint8)

    def holds(self, trajectory: Trajectory) -> bool:
        """Return whether the scene of a trajectory is the one that was loaded last."""
        return self._scenario is not None and self._trajectory is trajectory

    def refresh(self, rows: slice) -> None:
        """Read the trajectory anew: all of it, as this backend is for comparisons."""
        del rows
        self.load(self._loaded(), self._trajectory)

    def draw(self, sensor: str, frame: int) -> Frame:
        """Draw what a sensor sees at a frame; see `protocol.Renderer.draw`."""
        scenario = self._loaded()
        camera = scenario.cameras[sensor].camera()
        if camera.lens is not None:
            raise InputError(f"sensor {sensor!r} has a lens, which only renderer=opengl draws")
        if camera.readout_s:
            raise InputError(f"sensor {sensor!r} has a readout, which only renderer=opengl draws")
        if not 0 <= frame < scenario.frame_count:
            raise IndexError(f"frame {frame} of a scene that has {scenario.frame_count}")
        row, next_row = scenario.frame_rows[frame : frame + 2].tolist()
        ego = next(o for o in self._drawn.objects if o.instance_id == scenario.ego.instance_id)
        poses = [ego.world_from_body[r] @ camera.body_from_camera for r in (row, next_row)]
        return self._draw(camera, poses[0], poses[1], row, hide_ego=True)

    def draw_all(self, asked: Sequence[tuple[str, int]]) -> Iterator[Frame]:
        """Draw frames one after the other; see `protocol.Renderer.draw_all`."""
        return (self.draw(sensor, frame) for sensor, frame in asked)

    def draw_camera(
        self, camera: Camera, world_from_camera: npt.ArrayLike, row: int, *, hide_ego: bool = False
    ) -> Frame:
        """Draw from anywhere at a row; see `protocol.Renderer.draw_camera`."""
        self._loaded()
        pose = np.array(world_from_camera, dtype=np.float64)
        return self._draw(camera, pose, pose, row, hide_ego=hide_ego)

    def close(self) -> None:
        """Release everything; twice is once."""
        if self._context is not None:
            self._context.close()
        self._context = self._scenario = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _draw(
        self, camera: Camera, world_from_camera: F64, after: F64, row: int, *, hide_ego: bool
    ) -> Frame:
        context = self._open()
        start = time.process_time()
        colors = self._place(camera, world_from_camera, row, hide_ego=hide_ego)
        placed = time.process_time()
        index, depth = context.draw_ids(self._scene, colors, camera.width, camera.height)
        ids_done = time.process_time()
        rgb = context.draw_color(self._scene, camera.width, camera.height)
        self.last_timing = {
            "place": placed - start,
            "ids": ids_done - placed,
            "color": time.process_time() - ids_done,
        }
        return Frame(
            step=row,
            camera=camera,
            world_from_camera=world_from_camera,
            next_world_from_camera=after,
            rgb=rgb,
            depth_m=depth,
            instance=self._instance_of[index],
            semantic=self._semantic_of[index],
            normal=None,
            flow_px=None,
            flow_valid=None,
            silhouettes={},
        )

    def _place(
        self, camera: Camera, world_from_camera: F64, row: int, *, hide_ego: bool
    ) -> dict[Any, tuple[int, int, int]]:
        """Move everything into the camera's frame; return the id colours of what is there."""
        camera_from_world = inverse(world_from_camera)
        camera_from_parts = camera_from_world @ self._drawn.world_from_parts(row)
        valid = self._drawn.valid[row]
        lamps = self._drawn.lamps[row]
        ego = self._loaded().ego.instance_id
        colors: dict[Any, tuple[int, int, int]] = {}
        for number, group in enumerate(self._nodes, start=1):
            shown = bool(valid[group.object]) and not (hide_ego and group.instance_id == ego)
            group.node.mesh.is_visible = shown
            if not shown:
                continue
            pose = camera_from_world if group.part is None else camera_from_parts[group.part]
            self._scene.set_pose(group.node, pose)
            group.light(int(lamps[group.object]))
            colors[group.node] = (number & 255, number >> 8 & 255, number >> 16)
        self._scene.set_pose(self._sun, camera_from_world @ _shining_from(self._light.direction))
        _set_camera(self._scene, camera)
        return colors

    def _open(self) -> PyrenderContext:
        if self._context is None:
            raise ValueError("the renderer is closed")
        return self._context

    def _loaded(self) -> ConcreteScenario:
        if self._scenario is None:
            raise ValueError("no scene is loaded, or the renderer is closed")
        return self._scenario


def _pyrender_scene(light: LightState, nodes: list[NodeGroup]) -> tuple[Any, Any]:
    """Return a scene lit by sun and sky, and the sun's node."""
    pyrender = import_pyrender()
    ambient = np.full(3, light.exposure * light.sky_lux / np.pi)
    sky = np.clip(light.exposure * light.horizon, 0, 1) ** (1 / _GAMMA)
    scene = pyrender.Scene(bg_color=[*sky, 1.0], ambient_light=ambient)
    for group in nodes:
        scene.add_node(group.node)
    strength = float(light.direct_lux.max())
    color = light.direct_lux / strength if strength else np.ones(3)
    sun = pyrender.DirectionalLight(color=color, intensity=light.exposure * strength)
    return scene, scene.add(sun)


def _set_camera(scene: Any, camera: Camera) -> None:
    """Replace the camera: at the origin, looking along OpenCV's z."""
    pyrender = import_pyrender()
    intrinsics = pyrender.IntrinsicsCamera(
        camera.fx, camera.fy, camera.cx, camera.cy, znear=camera.near_m, zfar=camera.far_m
    )
    if scene.main_camera_node is None:
        scene.add(intrinsics, pose=CAMERA_FROM_GL)
    else:
        scene.main_camera_node.camera = intrinsics


def _shining_from(direction: F64) -> F64:
    """Return a pose (4, 4) whose -z points away from a unit direction."""
    helper = np.array([1.0, 0.0, 0.0]) if abs(direction[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    x = np.cross(helper, direction)
    x /= np.linalg.norm(x)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([x, np.cross(direction, x), direction], axis=1)
    return pose


__all__ = ["PyrenderRenderer"]
