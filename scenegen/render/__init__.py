"""Drawing: scene and camera in, picture and exact truth out.

`make_renderer` is the way in. OpenGL libraries are imported when a renderer is made,
not before, so that everything else works on machines without them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from scenegen.records.choices import QualityName
from scenegen.render.protocol import TARGETS, Renderer
from scenegen.render.scene import RenderScene
from scenegen.render.scene_builder import build_scene

if TYPE_CHECKING:
    from scenegen.render.context import ContextInfo

RendererKind = Literal["opengl", "pyrender"]

__all__ = [
    "TARGETS",
    "QualityName",
    "RenderScene",
    "Renderer",
    "RendererKind",
    "build_scene",
    "info",
    "make_renderer",
    "process_renderer",
]


def make_renderer(kind: RendererKind = "opengl") -> Renderer:
    """Make a drawing backend.

    Parameters
    ----------
    kind : str
        ``opengl`` is the production backend; ``pyrender`` the slow, independent
        reference that tests compare with.

    Raises
    ------
    OpenGLError
        A library is missing, or this machine offers no headless OpenGL.
    ValueError
        No such backend.
    """
    if kind == "opengl":
        from scenegen.render.opengl import OpenGLRenderer  # noqa: PLC0415

        return OpenGLRenderer()
    if kind == "pyrender":
        from scenegen.render.reference import PyrenderRenderer  # noqa: PLC0415

        return PyrenderRenderer()
    raise ValueError(f"no drawing backend {kind!r}: opengl or pyrender")


@lru_cache(maxsize=1)
def process_renderer(kind: RendererKind) -> Renderer:
    """Return this process's renderer; a process holds one OpenGL context."""
    return make_renderer(kind)


def info() -> ContextInfo:
    """Return the OpenGL vendor, renderer and version of this machine.

    Raises
    ------
    OpenGLError
        This machine offers no headless OpenGL.
    """
    from scenegen.render.context import read_info  # noqa: PLC0415

    return read_info()
