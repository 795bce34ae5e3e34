"""Runs a program over a whole picture."""

from __future__ import annotations

from typing import Any


def draw_screen(
    context: Any, target: Any, vertex_array: Any, size: tuple[int, int], tests: int = 0
) -> None:
    """Run a fragment program over a whole picture, or where the tests let it."""
    target.viewport = (0, 0, *size)
    target.scissor = None
    target.use()
    context.enable_only(tests)
    vertex_array.render(vertices=3)
