"""Headless OpenGL through EGL."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.errors import OpenGLError

GL_VERSION = 430
"""Shader storage buffers and indirect draws; Mesa's llvmpipe and any GPU of this decade have it."""

_REMEDY = (
    "install the OpenGL libraries, on Debian or Ubuntu: "
    "apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri"
)


@dataclass(frozen=True)
class ContextInfo:
    """Who draws: part of what makes a data set reproducible."""

    vendor: str
    renderer: str
    version: str


def create_context() -> Any:
    """Create a headless OpenGL context.

    Raises
    ------
    OpenGLError
        moderngl is missing, or EGL offers no context of version 4.3.
    """
    try:
        import moderngl  # noqa: PLC0415
    except ImportError as error:
        raise OpenGLError(f"drawing needs moderngl ({error}): pip install moderngl") from error
    try:
        options: dict[str, Any] = {"standalone": True, "backend": "egl"}
        return moderngl.create_context(require=GL_VERSION, **options)
    except Exception as error:  # moderngl raises bare Exception for whatever EGL lacks
        raise OpenGLError(f"no headless OpenGL 4.3 through EGL ({error}); {_REMEDY}") from error


def context_info(context: Any) -> ContextInfo:
    """Return what a context says about itself."""
    read = context.info
    return ContextInfo(read["GL_VENDOR"], read["GL_RENDERER"], read["GL_VERSION"])


def read_info() -> ContextInfo:
    """Open a context, ask, and close it.

    Raises
    ------
    OpenGLError
        As `create_context`.
    """
    context = create_context()
    try:
        return context_info(context)
    finally:
        context.release()


def copy_texture(source: Any, target: Any, region: tuple[int, int, int, int]) -> None:
    """Copy a region (left, top, width, height) of a two-dimensional texture to another.

    moderngl copies colour only; a depth texture takes OpenGL 4.3's own call. Both
    belong to the context that is current, and have the same form.
    """
    left, top, width, height = region
    place = (_TEXTURE_2D, 0, left, top, 0)
    _opengl().glCopyImageSubData(source.glo, *place, target.glo, *place, width, height, 1)


def clear(values: tuple[npt.NDArray[np.float32] | npt.NDArray[np.uint32], ...]) -> None:
    """Clear the framebuffer in use, integer and float attachments each in kind, and its depth.

    moderngl clears all of them with floats, which leaves garbage in integer ones.

    Parameters
    ----------
    values : tuple of ndarray, shape (4,), float32 or uint32
        One for each attachment.
    """
    library = _opengl()
    for index, value in enumerate(values):
        call = library.glClearBufferfv if value.dtype == np.float32 else library.glClearBufferuiv
        call(_COLOR, index, value.ctypes.data_as(ctypes.c_void_p))
    farthest = np.ones(1, dtype=np.float32)
    library.glClearBufferfv(_DEPTH, 0, farthest.ctypes.data_as(ctypes.c_void_p))


def flush() -> None:
    """Let the GPU begin with what was sent, without waiting for it."""
    _opengl().glFlush()


_TEXTURE_2D, _COLOR, _DEPTH = 0x0DE1, 0x1800, 0x1801


@lru_cache(maxsize=1)
def _opengl() -> ctypes.CDLL:
    for name in ("libOpenGL.so.0", "libGL.so.1"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise OpenGLError("neither libOpenGL.so.0 nor libGL.so.1 is here; apt-get install libgl1")
