"""Which optional layers a run is asked for."""

from __future__ import annotations

from scenegen.errors import InputError, nearest
from scenegen.records.pixels import OPTIONAL_LAYERS, OptionalLayer

ALL = "all"


def layers_of(names: str) -> tuple[OptionalLayer, ...]:
    """Return the layers that a comma list names, in their own order.

    Parameters
    ----------
    names : str
        ``all``, or names of `OPTIONAL_LAYERS`; empty for none.

    Raises
    ------
    InputError
        There is no such layer.
    """
    asked = {name.strip() for name in names.split(",")} - {""}
    for name in sorted(asked - {ALL}):
        if name not in OPTIONAL_LAYERS:
            raise InputError(
                f"layers={names!r}: no layer {name!r}{nearest(name, (*OPTIONAL_LAYERS, ALL))}"
            )
    return tuple(name for name in OPTIONAL_LAYERS if name in asked or ALL in asked)
