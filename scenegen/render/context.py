"""Headless OpenGL through EGL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
