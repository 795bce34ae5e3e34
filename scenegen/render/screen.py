"""Runs programs over a whole picture."""

from __future__ import annotations

from typing import Any

from scenegen.render import programs
from scenegen.render.owner import Owner


class ScreenPrograms(Owner):
    """Owns programs that make their own vertices."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._programs: dict[tuple[str, ...], tuple[Any, Any]] = {}

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
        if key not in self._programs:
            names = f"{vertex}.vert", f"{fragment}.frag"
            program = self.own(programs.build(self._context, *names, words))
            self._programs[key] = program, self.own(self._context.vertex_array(program, []))
        return self._programs[key]


def draw_screen(
    context: Any, target: Any, vertex_array: Any, size: tuple[int, int], tests: int = 0
) -> None:
    """Run a fragment program over a whole picture, or where the tests let it."""
    target.viewport = (0, 0, *size)
    target.scissor = None
    target.use()
    context.enable_only(tests)
    vertex_array.render(vertices=3)
