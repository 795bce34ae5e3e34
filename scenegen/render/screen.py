"""Runs programs over a whole picture."""

from __future__ import annotations

from typing import Any

from scenegen.render import programs
from scenegen.render.owner import Owner


class ScreenPrograms(Owner):
    """Owns programs that make their own vertices, and keeps those that were used last.

    Parameters
    ----------
    context : moderngl.Context
    kept : int
        How many; at least as many as one frame needs. A software rasteriser takes about 4 MB for
        each, and 5 ms to build one again.
    """

    def __init__(self, context: Any, kept: int = 12) -> None:
        super().__init__()
        self._context = context
        self._kept = kept
        self._programs: dict[tuple[str, ...], tuple[Any, Any]] = {}  # the last used last

    def _program(
        self, fragment: str, vertex: str = "screen", **defines: bool | float
    ) -> tuple[Any, Any]:
        """Return a program that makes its own vertices, and its empty vertex array.

        It is built when it is first asked for. Symbols that are True are defined, numbers as such.
        """
        words = tuple(
            name if value is True else f"{name} {value}"
            for name, value in defines.items()
            if value is not False
        )
        key = (fragment, vertex, *words)
        found = self._programs.pop(key, None)
        if found is None:
            names = f"{vertex}.vert", f"{fragment}.frag"
            program = programs.build(self._context, *names, words)
            found = program, self._context.vertex_array(program, [])
        self._programs[key] = found
        while len(self._programs) > self._kept:
            self._free(next(iter(self._programs)))
        return found

    def release(self) -> None:
        """Free the programs and everything else that is owned."""
        for key in list(self._programs):
            self._free(key)
        super().release()

    def _free(self, key: tuple[str, ...]) -> None:
        program, vertices = self._programs.pop(key)
        vertices.release()
        program.release()


def draw_screen(
    context: Any, target: Any, vertex_array: Any, size: tuple[int, int], tests: int = 0
) -> None:
    """Run a fragment program over a whole picture, or where the tests let it."""
    target.viewport = (0, 0, *size)
    target.scissor = None
    target.use()
    context.enable_only(tests)
    vertex_array.render(vertices=3)
