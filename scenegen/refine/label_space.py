"""The label space that weights were made for, told in their header and built anew from it."""

from __future__ import annotations

import json

from scenegen.errors import InputError
from scenegen.evaluate.adapters.camvid import CAMVID_11
from scenegen.evaluate.classes import LabelSpace, SpaceClass, extent, native_space
from scenegen.evaluate.spaces import SPACES
from scenegen.refine.weights import Stored

SPACE = "space"
"""The note of weights that holds their label space."""


def space_text(space: LabelSpace) -> str:
    """Return a space as the header of weights has it: each class's common classes."""
    classes = {judged.name: sorted(judged.extent) for judged in space.classes}
    return json.dumps({"name": space.name, "classes": classes})


def space_of(stored: Stored, name: str) -> LabelSpace:
    """Return the space whose ids a refiner's network knows.

    Parameters
    ----------
    name : str
        What messages call the weights.

    Raises
    ------
    InputError
        The header doesn't say what the classes hold, and they are none that have a name; or it
        says it of other classes.
    """
    wanted = stored.spec.network.classes
    if SPACE not in stored.notes:
        for known in (native_space(CAMVID_11), *SPACES.values()):
            if known.names == wanted:
                return known
        raise InputError(
            f"{name}: doesn't say what its classes {', '.join(wanted)} hold: train it anew"
        )
    try:
        told = json.loads(stored.notes[SPACE])
        classes = tuple(SpaceClass(key, extent(held)) for key, held in told["classes"].items())
        space = LabelSpace(told["name"], classes)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{name}: its label space can't be read: {error}") from None
    if space.names != wanted:
        raise InputError(f"{name}: its label space and its network have different classes")
    return space
