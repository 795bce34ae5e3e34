"""Who frees what was made on the GPU."""

from __future__ import annotations

from typing import Any


class Owner:
    """Holds OpenGL objects and frees them, the last one first."""

    def __init__(self) -> None:
        self._owned: list[Any] = []

    def own(self, resource: Any) -> Any:
        """Take a resource that `release` frees, and return it."""
        self._owned.append(resource)
        return resource

    def release(self) -> None:
        """Free everything that is owned."""
        while self._owned:
            self._owned.pop().release()
