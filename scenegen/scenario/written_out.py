"""What a document draws, as it is written: for lists that people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scenegen.scenario.drawn import DISTRIBUTIONS


def parameters_in(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the parameters of a document, named as in data sets, and what they are drawn from.

    Those under ``parameters`` by their names, whatever they are; inline distributions by the
    path of their field, such as ``weather.cloud_cover``. Units are those that were written.
    """
    for name, value in (data.get("parameters") or {}).items():
        yield name, flow(value)
    for section, value in data.items():
        if section not in {"parameters", "require", "monitors", "odd"}:
            yield from _inline(value, section)


def _inline(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    if value.keys() & DISTRIBUTIONS.keys():
        yield path, flow(value)
        return
    for key, below in value.items():
        yield from _inline(below, f"{path}.{key}")


def flow(value: Any) -> str:
    """Return a value of YAML in one line, such as ``{uniform: [1 m, 3 m]}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)
