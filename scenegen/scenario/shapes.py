"""Which mappings of a document are sections, that merge, and which are values, that replace."""

from __future__ import annotations

import types
from dataclasses import dataclass, field
from typing import Annotated, Any, Union, get_args, get_origin

from scenegen.scenario.document import Section


@dataclass(frozen=True)
class Shape:
    """What merges in a document.

    Attributes
    ----------
    keys : dict
        Shape of what is below each known key that holds a section.
    every : Shape or None
        Shape of what is below every key, where users choose the keys.
    """

    keys: dict[str, Shape] = field(default_factory=dict)
    every: Shape | None = None

    def below(self, key: str) -> Shape | None:
        """Return the shape of the section at a key; None if a value stands there."""
        return self.keys.get(key, self.every)


def shape_of(annotation: Any) -> Shape | None:
    """Return what merges in a field of a type; None if a value replaces another whole."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(arguments[0])
    if origin in {Union, types.UnionType}:
        return _union([shape_of(argument) for argument in arguments])
    if origin is dict:
        return Shape(every=shape_of(arguments[1]))
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return None if annotation.is_one_statement else _section(annotation)
    return None


def _section(model: type[Section]) -> Shape:
    shapes = {
        info.alias or name: shape_of(info.annotation) for name, info in model.model_fields.items()
    }
    return Shape({key: shape for key, shape in shapes.items() if shape is not None})


def _union(shapes: list[Shape | None]) -> Shape | None:
    """Return the shape of sections of several kinds."""
    found = [shape for shape in shapes if shape is not None]
    if len(found) <= 1:
        return found[0] if found else None
    return Shape({key: shape for one in found for key, shape in one.keys.items()})
