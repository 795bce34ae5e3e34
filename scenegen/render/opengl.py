"""The production renderer: one multi-target pass for the truth, deferred light for the picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import Camera, MovingCamera
from scenegen.records import ConcreteScenario, Frame, ImagerSpec, Trajectory
from scenegen.records.base import F64
from scenegen.records.choices import QualityName
from scenegen.render.by_rays import ByRays
from scenegen.render.context import ContextInfo, context_info, create_context, flush
from scenegen.render.imager import moments, taken
from scenegen.render.lens_frame import lens_frame
from scenegen.render.loaded import LoadedScene
from scenegen.render.painter import Begun, Painter, Shot
from scenegen.render.passes import Passes
from scenegen.render.protocol import TARGETS
from scenegen.render.quality import QUALITIES
from scenegen.render.readback import frame_of, read_picture
from scenegen.render.rolling_color import RollingColors
from scenegen.render.row_motion import RowMotion, row_motion
from scenegen.render.silhouette_pass import SilhouettePass
from scenegen.render.targets import Targets
from scenegen.render.textures import TextureArray
from scenegen.render.view import View, look

if TYPE_CHECKING:
    from types import TracebackType

Colors = Callable[[Sequence[float]], npt.NDArray[np.uint8]]
"""From moments around a frame's own, s, to its colours from the light of all of them."""


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
        self._painter = Painter(self._context, self._passes, self._textures)
        self._loaded: LoadedScene | None = None
        self._begun: Begun | None = None
        self._closed = False
        self.last_timing: dict[str, float] = {}

    @property
    def info(self) -> ContextInfo:
        """Vendor, renderer and version of the context."""
        return context_info(self._context)

    def load(
        self,
        scenario: ConcreteScenario,
        trajectory: Trajectory,
        quality: QualityName = "full",
        *,
        live: bool = False,
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
                live=live,
            )
            self._painter.keep({(s.width, s.height) for s in scenario.cameras.values()})

    def holds(self, trajectory: Trajectory) -> bool:
        """Return whether the scene of a trajectory is the one that was loaded last."""
        return self._loaded is not None and self._loaded.trajectory is trajectory

    def refresh(self, rows: slice) -> None:
        """Read rows of a live scene's trajectory anew."""
        follow = self._scene().follow
        if follow is None:
            raise RuntimeError("the scene isn't live: load(…, live=True)")
        self._begun = None
        follow.take(rows)

    def draw(self, sensor: str, frame: int) -> Frame:
        """Draw what a sensor sees at a frame."""
        return self._finish(self._begin(sensor, frame))

    def draw_all(self, asked: Sequence[tuple[str, int]]) -> Iterator[Frame]:
        """Draw frames one after the other, each while the one before it is used."""
        begun = None
        for this, following in zip_longest(asked, asked[1:]):
            # Whatever else was drawn meanwhile took its place.
            if begun is None or begun is not self._begun:
                begun = self._begin(*this)
            frame = self._finish(begun)
            begun = self._begin(*following) if following else None
            yield frame

    def _begin(self, sensor: str, frame: int) -> Begun:
        """Send the commands that draw a frame."""
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
        poses = track[rows[0]], track[rows[1]]
        shot = Shot(rows, scenario.ego.instance_id, noise)
        exposure = None if spec.imager is None else (spec.imager, stream)
        return self._send(camera, poses, shot, motion, exposure)

    def draw_camera(
        self, camera: Camera, world_from_camera: npt.ArrayLike, row: int, *, hide_ego: bool = False
    ) -> Frame:
        """Draw from anywhere at a row of the trajectory."""
        loaded = self._scene()
        here = np.asarray(world_from_camera, dtype=np.float64)
        rows = (row, min(row + 1, len(loaded.trajectory.step) - 1))
        hidden = loaded.scenario.ego.instance_id if hide_ego else 0
        return self._finish(self._send(camera, (here, here), Shot(rows, hidden, f"free:{row}")))

    def _send(
        self,
        camera: Camera,
        poses: tuple[F64, F64],
        shot: Shot,
        motion: RowMotion | None = None,
        exposure: tuple[ImagerSpec, str] | None = None,
    ) -> Begun:
        """Send what of a frame needs no answer; `exposure`: an imager and its random numbers."""
        loaded, targets = self._scene(), None
        started = time.process_time()
        with self._context:  # another one may have become current since
            view = look(loaded.gpu, camera, poses, shot.rows, shot.hidden)
            prepared = time.process_time()
            if motion is not None:
                view = replace(view, motion=motion)
            elif camera.lens is None:
                targets = self._painter.draw(loaded, view, shot)
                flush()
        sent = time.process_time()
        timing = {"prepare": prepared - started, "draw": sent - prepared}
        self._begun = Begun(view, shot, targets, exposure, timing)
        return self._begun

    def _finish(self, begun: Begun) -> Frame:
        """Return the frame that was begun last."""
        self._begun = None
        with self._context:
            if begun.targets is None:
                frame, colors = self._draw_by_rays(begun.view, begun.shot)
            else:
                frame, colors = self._read(begun, begun.targets)
            if begun.exposure is None:
                return frame
            return self._taken(frame, colors, begun.shot.rows, *begun.exposure)

    def _read(self, begun: Begun, targets: Targets) -> tuple[Frame, Colors]:
        """Return a frame once it is drawn, and what draws its colours at other moments.

        Its silhouettes are drawn only now, for they are those of what the picture shows.
        """
        loaded, view, started = self._scene(), begun.view, time.process_time()
        self._context.finish()
        drawn = time.process_time()
        picture = read_picture(targets, loaded.gpu.ids)
        read = time.process_time()
        silhouettes = self._silhouettes.draw(loaded.gpu, loaded.silhouette, view, picture.instance)
        ended = time.process_time()
        self.last_timing = {
            "prepare": begun.timing["prepare"],
            "draw": begun.timing["draw"] + drawn - started,
            "read": read - drawn,
            "silhouettes": ended - read,
            "total": sum(begun.timing.values()) + ended - started,
        }
        return frame_of(loaded.gpu, view, picture, silhouettes), self._exposed(view, begun.shot)

    def _draw_by_rays(self, view: View, shot: Shot) -> tuple[Frame, Colors]:
        """Draw the truth by the rays of pixels, and its colours by way of pinhole pictures."""
        loaded, started = self._scene(), time.process_time()
        rolling = view.motion is not None
        if rolling not in self._by_rays:
            self._by_rays[rolling] = ByRays(self._context, rolling=rolling)
        truth, silhouettes = self._by_rays[rolling].draw(loaded, view)
        drawn = time.process_time()
        colors = self._exposed(view, shot)
        if view.motion is None:
            rgb = colors([0.0])
        else:
            rolling_colors = RollingColors(self._painter, loaded, shot, view.motion, truth)
            rgb, colors = rolling_colors.sharp(), rolling_colors.exposed
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

    def _exposed(self, view: View, shot: Shot) -> Colors:
        """Return what draws the colours of a view whose rows are taken at once."""
        loaded = self._scene()

        def draw(moments_s: Sequence[float]) -> npt.NDArray[np.uint8]:
            moving = loaded.moving_camera(view.camera, view.world_from_camera, view.row)
            poses = moving.at(np.array(moments_s) + moving.time_s)
            there = view.next_world_from_camera
            exposure = list(zip(poses, map(loaded.rows, moments_s), strict=True))
            return self._painter.colors(loaded, view.camera, exposure, there, shot)

        return draw

    def _taken(
        self,
        frame: Frame,
        colors: Colors,
        rows: tuple[int, int],
        imager: ImagerSpec,
        stream: str,
    ) -> Frame:
        """Return the frame with the colours that an imager makes of it."""
        loaded, started = self._scene(), time.process_time()
        times = loaded.trajectory.time_s
        moments_s = moments(imager, frame, float(times[rows[1]] - times[rows[0]])).tolist()
        picture = frame.rgb if moments_s == [0.0] else colors(moments_s)
        generator = loaded.key.generator(f"imager:{stream}")
        rgb = taken(picture, frame, imager, loaded.light.noise, generator)
        spent = time.process_time() - started
        total = self.last_timing["total"] + spent
        self.last_timing = {**self.last_timing, "imager": spent, "total": total}
        return replace(frame, rgb=rgb)

    def scene_linear(self, width: int, height: int) -> npt.NDArray[np.float32]:
        """Return the last picture of a size before glow and tone curve, (H, W, 3), exposed."""
        picture = self._painter.lit(width, height)
        pixels = np.empty((height, width, 4), dtype=np.float32)
        with self._context:
            picture.read_into(pixels)
        return pixels[..., :3]

    def _scene(self) -> LoadedScene:
        if self._loaded is None:
            raise RuntimeError("the renderer has no scene: call load() first")
        return self._loaded

    def _unload(self) -> None:
        self._begun = None
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
            self._painter.release()
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
