"""pyrender's OpenGL context, made to live beside others of the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.errors import OpenGLError


def import_pyrender() -> Any:
    """Import pyrender for EGL and for numpy 2.

    Raises
    ------
    OpenGLError
        pyrender or PyOpenGL is missing, or has no EGL.
    """
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")  # PyOpenGL reads it when imported
    if not hasattr(np, "infty"):
        setattr(np, "infty", np.inf)  # noqa: B010  # pyrender.mesh still uses the old name
    try:
        import pyrender  # noqa: PLC0415
        import pyrender.platforms.egl  # noqa: PLC0415
    except (ImportError, RuntimeError, AttributeError) as error:
        raise OpenGLError(
            f"the reference backend needs pyrender with EGL ({error}); pip install pyrender and "
            "install the OpenGL libraries, on Debian or Ubuntu: apt-get install libegl1"
        ) from error
    return pyrender


class PyrenderContext:
    """A pyrender `Renderer` in its own EGL context, current only while it draws.

    `pyrender.OffscreenRenderer` stays current after drawing and, when deleted, terminates
    the EGL display that every other context of the process lives on. Here the context
    that was current before comes back after every call, and the display is left alone.

    Raises
    ------
    OpenGLError
        EGL offers no context.
    """

    def __init__(self) -> None:
        self._pyrender = import_pyrender()
        from pyrender.platforms import egl  # noqa: PLC0415

        with _current_context_kept():
            try:
                device = egl.get_device_by_index(int(os.environ.get("EGL_DEVICE_ID", "0")))
                self._platform = egl.EGLPlatform(1, 1, device=device)
                self._platform.init_context()
            except Exception as error:  # PyOpenGL and asserts, whatever EGL lacks
                raise OpenGLError(
                    f"no headless OpenGL through EGL for pyrender ({error}); on Debian or "
                    "Ubuntu: apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri"
                ) from error
            self._renderer = self._pyrender.Renderer(1, 1)

    def draw_ids(
        self, scene: Any, colors: dict[Any, tuple[int, int, int]], width: int, height: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Draw the segmentation pass.

        Parameters
        ----------
        scene : pyrender.Scene
        colors : dict
            24-bit number of every node that is to appear, lowest byte first.
        width, height : int

        Returns
        -------
        number : ndarray, shape (H, W), int64
            0 where nothing was drawn.
        depth_m : ndarray, shape (H, W), float32
            ``inf`` where nothing was drawn.
        """
        color, depth = self._render(scene, self._pyrender.RenderFlags.SEG, width, height, colors)
        number = color.astype(np.int64) @ np.array([1, 1 << 8, 1 << 16])
        return number, np.where(depth > 0, depth, np.inf).astype(np.float32)

    def draw_color(self, scene: Any, width: int, height: int) -> npt.NDArray[np.uint8]:
        """Draw the colour pass (H, W, 3)."""
        color, _ = self._render(scene, self._pyrender.RenderFlags.NONE, width, height, None)
        return np.ascontiguousarray(color)

    def close(self) -> None:
        """Free everything on the GPU and the context, but not the display; twice is once."""
        if self._platform is None:
            return
        from OpenGL import EGL  # noqa: PLC0415

        with _current_context_kept():
            self._platform.make_current()
            self._renderer.delete()
            EGL.eglDestroyContext(self._platform._egl_display, self._platform._egl_context)
        self._platform = self._renderer = None

    def _render(
        self, scene: Any, flags: int, width: int, height: int, colors: Any
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
        offscreen = self._pyrender.RenderFlags.OFFSCREEN
        with _current_context_kept():
            self._platform.make_current()
            self._renderer.viewport_width = width
            self._renderer.viewport_height = height
            color, depth = self._renderer.render(scene, flags | offscreen, colors)
            return color, depth


@contextmanager
def _current_context_kept() -> Iterator[None]:
    """Make the EGL context that is current now current again afterwards."""
    from OpenGL import EGL  # noqa: PLC0415

    display = EGL.eglGetCurrentDisplay()
    context = EGL.eglGetCurrentContext()
    surfaces = [EGL.eglGetCurrentSurface(which) for which in (EGL.EGL_DRAW, EGL.EGL_READ)]
    try:
        yield
    finally:
        now = EGL.eglGetCurrentDisplay()
        if not (context and _make_current(display, surfaces, context)) and now:
            none = EGL.EGL_NO_SURFACE
            EGL.eglMakeCurrent(now, none, none, EGL.EGL_NO_CONTEXT)


def _make_current(display: Any, surfaces: list[Any], context: Any) -> bool:
    """Make a context current; False if its owner has destroyed it while it was current."""
    from OpenGL import EGL  # noqa: PLC0415
    from OpenGL.error import GLError  # noqa: PLC0415

    try:
        EGL.eglMakeCurrent(display, *surfaces, context)
    except GLError as error:
        if error.err != EGL.EGL_BAD_CONTEXT:
            raise
        return False
    return True
