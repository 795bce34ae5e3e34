"""The production renderer: one multi-target pass for the truth, deferred light for the picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import Camera, MovingCamera
from scenegen.records import ConcreteScenario, Frame, ImagerSpec, Silhouette, Trajectory
from scenegen.records.base import F64
from scenegen.render.by_rays import ByRays
from scenegen.render.context import ContextInfo, context_info, create_context
from scenegen.render.imager import moments, taken
from scenegen.render.lens_color import through_lens
from scenegen.render.lens_frame import lens_frame
from scenegen.render.lens_pass import Truth
from scenegen.render.loaded import LoadedScene
from scenegen.render.passes import Passes
from scenegen.render.picture import draw_picture
from scenegen.render.protocol import TARGETS
from scenegen.render.quality import QUALITIES, QualityName
from scenegen.render.readback import Picture, read_color, read_picture
from scenegen.render.rolling import groups_of, rolling_colors
from scenegen.render.row_motion import RowMotion, row_motion
from scenegen.render.silhouette_pass import SilhouettePass
from scenegen.render.targets import Targets
from scenegen.render.textures import TextureArray
from scenegen.render.view import View, look

if TYPE_CHECKING:
    from types import TracebackType

Colors = Callable[[Sequence[float]], list[npt.NDArray[np.uint8]]]
"""From moments after a frame's own, s, to its colours then."""
_MOST_SIZES = 24
"""Pictures of so many sizes are kept: lenses and bands of rows have sizes of their own."""


class OpenGLRenderer:
    """Draws with moderngl on a headless EGL context; see `protocol.Renderer`."""

    name = "opengl"
    targets = TARGETS

    def __init__(self) -> None:
        self._context = create_context()
        self._passes = Passes(self._context)
        self._textures = TextureArray(self._context, *assets.textures())
        self._silhouettes = SilhouettePass(self._context, self._passes)
        self._by_rays: dict[bool, ByRays] = {}
        self._pictures: dict[tuple[int, int], Targets] = {}
        self._loaded: LoadedScene | None = None
        self._closed = False
        self.last_timing: dict[str, float] = {}

    @property
    def info(self) -> ContextInfo:
        """Vendor, renderer and version of the context."""
        return context_info(self._context)

    def load(
        self, scenario: ConcreteScenario, trajectory: Trajectory, quality: QualityName = "full"
    ) -> None:
        """Take a scene, releasing the one before."""
        with self._context:
            self._unload()
            self._textures.blend(sizes=QUALITIES[quality].blend_textures)
            self._loaded = LoadedScene(
                self._context,
                self._passes,
                self._textures,
                (scenario, trajectory),
                QUALITIES[quality],
            )
            sizes = {(s.width, s.height) for s in scenario.cameras.values()}
            for size in [size for size in self._pictures if size not in sizes]:
                self._pictures.pop(size).release()

    def draw(self, sensor: str, frame: int) -> Frame:
        """Draw what a sensor sees at a frame."""
        loaded = self._scene()
        scenario = loaded.scenario
        if not 0 <= frame < scenario.frame_count:
            raise IndexError(f"frame {frame} is not in 0..{scenario.frame_count - 1}")
        spec = scenario.cameras[sensor]
        camera, stream = spec.camera(), f"{sensor}:{frame}"
        rows = (int(scenario.frame_rows[frame]), int(scenario.frame_rows[frame + 1]))
        times, track = loaded.trajectory.time_s, loaded.camera_track(camera)
        now, then = (MovingCamera(camera, float(times[row]), times, track) for row in rows)
        motion = row_motion(loaded.gpu.scene, times, now, then)
        noise = None if spec.imager is not None and spec.imager.bayer else stream
        with self._context:  # another one may have become current since
            poses = track[rows[0]], track[rows[1]]
            drawn, colors = self._draw(camera, poses, rows, noise, motion, hide_ego=True)
            if spec.imager is None:
                return drawn
            return self._taken(drawn, colors, spec.imager, rows, stream)

    def draw_camera(
        self, camera: Camera, world_from_camera: npt.ArrayLike, row: int, *, hide_ego: bool = False
    ) -> Frame:
        """Draw from anywhere at a row of the trajectory."""
        last = len(self._scene().trajectory.step) - 1
        here = np.asarray(world_from_camera, dtype=np.float64)
        rows = (row, min(row + 1, last))
        with self._context:
            return self._draw(camera, (here, here), rows, f"free:{row}", hide_ego=hide_ego)[0]

    def _draw(
        self,
        camera: Camera,
        poses: tuple[F64, F64],
        rows: tuple[int, int],
        stream: str | None,
        motion: RowMotion | None = None,
        *,
        hide_ego: bool,
    ) -> tuple[Frame, Colors]:
        """Draw a frame, with noise from a stream of random numbers or none.

        Returns
        -------
        Frame
        callable
            From moments after the frame's own, s, to its colours then.
        """
        loaded = self._scene()
        hidden = loaded.scenario.ego.instance_id if hide_ego else 0
        started = time.process_time()
        view = look(loaded.gpu, camera, poses, rows, hidden)
        if motion is not None:
            corners = motion.corners(view.corners, motion.group[loaded.gpu.part])
            view = replace(view, motion=motion, corners=corners)
        if motion is not None or camera.lens is not None:
            return self._draw_by_rays(view, rows, hidden, stream)
        prepared = time.process_time()
        targets = self._targets(camera)
        draw_picture(self._passes, self._textures, loaded, view, targets, stream, rows[1])
        self._context.finish()
        drawn = time.process_time()
        picture = read_picture(targets, loaded.gpu.ids)
        read = time.process_time()
        silhouettes = self._silhouettes.draw(loaded.gpu, loaded.silhouette, view, picture.instance)
        ended = time.process_time()
        self.last_timing = {
            "prepare": prepared - started,
            "draw": drawn - prepared,
            "read": read - drawn,
            "silhouettes": ended - read,
            "total": ended - started,
        }
        return _frame(view, picture, silhouettes), self._later(view, rows, hidden, stream)

    def _draw_by_rays(
        self, view: View, rows: tuple[int, int], hidden: int, stream: str | None
    ) -> tuple[Frame, Colors]:
        """Draw the truth by the rays of pixels, and its colours by way of pinhole pictures."""
        loaded, started = self._scene(), time.process_time()
        rolling = view.motion is not None
        if rolling not in self._by_rays:
            self._by_rays[rolling] = ByRays(self._context, rolling=rolling)
        truth, silhouettes = self._by_rays[rolling].draw(loaded, view)
        drawn = time.process_time()
        colors = self._later(view, rows, hidden, stream)
        if view.motion is not None:
            colors = self._by_row(view.motion, truth, (rows, hidden, stream))
        rgb = colors([0.0])[0]
        colored = time.process_time()
        frame = lens_frame(loaded.gpu, view, truth, rgb, silhouettes)
        ended = time.process_time()
        self.last_timing = {
            "draw": drawn - started,
            "color": colored - drawn,
            "flow": ended - colored,
            "total": ended - started,
        }
        return frame, colors

    def _later(self, view: View, rows: tuple[int, int], hidden: int, stream: str | None) -> Colors:
        """Return what draws the colours of a view whose rows are taken at once."""
        loaded = self._scene()

        def draw(moments_s: Sequence[float]) -> list[npt.NDArray[np.uint8]]:
            moving = loaded.moving_camera(view.camera, view.world_from_camera, view.row)
            poses = moving.at(np.array(moments_s) + moving.time_s)
            there = view.next_world_from_camera
            return [
                self._colors(view.camera, (here, there), rows, hidden, stream, loaded.rows(moment))
                for here, moment in zip(poses, moments_s, strict=True)
            ]

        return draw

    def _by_row(
        self, motion: RowMotion, truth: Truth, drawn: tuple[tuple[int, int], int, str | None]
    ) -> Colors:
        """Return what draws the colours of a view whose rows are taken one after the other."""
        loaded, (rows, hidden, stream) = self._scene(), drawn
        group = groups_of(loaded.gpu, motion, truth)
        there = motion.then.at(np.array([motion.then.time_s]))[0]

        def band(face: Camera, pose: F64, later: float, number: int) -> npt.NDArray[np.uint8]:
            noise = None if stream is None else f"{stream}:{number}"
            return self._colors(face, (pose, there), rows, hidden, noise, loaded.rows(later))

        mirrors = loaded.scenario.weather.wetness > 0.0 and loaded.quality.mirrors
        whole = mirrors or loaded.on_lens is not None

        def draw(moments_s: Sequence[float]) -> list[npt.NDArray[np.uint8]]:
            return rolling_colors(motion, truth, group, moments_s, band, whole=whole)

        return draw

    def _colors(
        self,
        camera: Camera,
        poses: tuple[F64, F64],
        rows: tuple[int, int],
        hidden: int,
        stream: str | None,
        later: float = 0.0,
    ) -> npt.NDArray[np.uint8]:
        """Draw the colours alone, of things some of a row later."""
        loaded = self._scene()
        if camera.lens is not None:

            def draw_face(face: Camera, camera_from_face: F64) -> npt.NDArray[np.uint8]:
                turned = poses[0] @ camera_from_face, poses[1] @ camera_from_face
                return self._colors(face, turned, rows, hidden, stream, later)

            return through_lens(camera, draw_face)
        view = look(loaded.gpu, camera, poses, rows, hidden, later)
        targets = self._targets(camera)
        draw_picture(self._passes, self._textures, loaded, view, targets, stream, rows[1])
        return read_color(targets)

    def _taken(
        self,
        frame: Frame,
        colors: Colors,
        imager: ImagerSpec,
        rows: tuple[int, int],
        stream: str,
    ) -> Frame:
        """Return the frame with the colours that an imager makes of it."""
        loaded, started = self._scene(), time.process_time()
        times = loaded.trajectory.time_s
        moments_s = moments(imager, frame, float(times[rows[1]] - times[rows[0]])).tolist()
        pictures = [frame.rgb] if moments_s == [0.0] else colors(moments_s)
        generator = loaded.key.generator(f"imager:{stream}")
        rgb = taken(pictures, frame, imager, loaded.light.noise, generator)
        spent = time.process_time() - started
        total = self.last_timing["total"] + spent
        self.last_timing = {**self.last_timing, "imager": spent, "total": total}
        return replace(frame, rgb=rgb)

    def scene_linear(self, width: int, height: int) -> npt.NDArray[np.float32]:
        """Return the last picture of a size before glow and tone curve, (H, W, 3), exposed."""
        picture = self._pictures[width, height].lit
        pixels = np.empty((height, width, 4), dtype=np.float32)
        with self._context:
            picture.read_into(pixels)
        return pixels[..., :3]

    def _targets(self, camera: Camera) -> Targets:
        size = (camera.width, camera.height)
        if size not in self._pictures:
            if len(self._pictures) == _MOST_SIZES:
                self._pictures.pop(next(iter(self._pictures))).release()
            self._pictures[size] = Targets(self._context, *size)
        return self._pictures[size]

    def _scene(self) -> LoadedScene:
        if self._loaded is None:
            raise RuntimeError("the renderer has no scene: call load() first")
        return self._loaded

    def _unload(self) -> None:
        if self._loaded is not None:
            self._loaded.gpu.release()
            self._loaded = None

    def close(self) -> None:
        """Release every OpenGL object and the context; twice is once."""
        if self._closed:
            return
        self._closed = True
        with self._context:
            self._unload()
            for targets in self._pictures.values():
                targets.release()
            self._pictures.clear()
            for passes in self._by_rays.values():
                passes.release()
            self._silhouettes.release()
            self._textures.release()
            self._passes.release()
        self._context.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _frame(view: View, picture: Picture, silhouettes: dict[int, Silhouette]) -> Frame:
    return Frame(
        step=view.row,
        camera=view.camera,
        world_from_camera=view.world_from_camera,
        next_world_from_camera=view.next_world_from_camera,
        rgb=picture.rgb,
        depth_m=picture.depth_m,
        instance=picture.instance,
        semantic=picture.semantic,
        normal=picture.normal,
        flow_px=picture.flow_px,
        flow_valid=picture.flow_valid,
        silhouettes=silhouettes,
    )
