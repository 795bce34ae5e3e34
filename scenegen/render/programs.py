"""Shader programs from the GLSL files of this package."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from scenegen.render.tone import CURVE

_INCLUDE = re.compile(r'^#include "([a-z_]+\.glsl)"$', re.MULTILINE)


@lru_cache(maxsize=64)
def source(name: str, defines: tuple[str, ...] = ()) -> str:
    """Return a shader's text with its includes in place.

    Parameters
    ----------
    name : str
        File in ``shaders/``.
    defines : tuple of str
        Preprocessor symbols that are set to 1, or each to what follows it after a space.
    """
    text = (files("scenegen.render") / "shaders" / name).read_text(encoding="utf-8")
    text = _INCLUDE.sub(lambda found: source(found.group(1)), text)
    if defines:
        first, rest = text.split("\n", 1)
        lines = (f"#define {word}" if " " in word else f"#define {word} 1" for word in defines)
        text = "\n".join([first, *lines, rest])
    return text


def build(
    context: Any,
    vertex: str,
    fragment: str,
    defines: tuple[str, ...] = (),
    *,
    geometry: str | None = None,
) -> Any:
    """Compile and link a program from two files of ``shaders/``, or three."""
    defines = (*defines, f"CURVE vec4{CURVE}")
    return context.program(
        vertex_shader=source(vertex, defines),
        geometry_shader=None if geometry is None else source(geometry, defines),
        fragment_shader=source(fragment, defines),
    )


def assign(program: Any, **values: Any) -> None:
    """Set uniforms by name; KeyError if the program has no such uniform."""
    for name, value in values.items():
        uniform = program[name]
        if isinstance(value, bytes):
            uniform.write(value)
        else:
            uniform.value = value
