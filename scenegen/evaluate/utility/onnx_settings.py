"""How pictures go into a finished network and what comes out, as its files say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from scenegen.errors import InputError, nearest
from scenegen.records.base import Record, Vec3

Positive = Annotated[float, Field(gt=0)]
Pixels = Annotated[int, Field(gt=0)]


class OnnxSettings(Record):
    """What the shapes of a network don't tell.

    Attributes
    ----------
    input, output : str
        Names; the first ones by default.
    size : (width, height) px, optional
        That the network takes; by default what its input says, or the picture's own.
    layout : str
        ``nchw`` or ``nhwc``, of input and logits.
    channels : str
        ``rgb`` or ``bgr``.
    scale : float
        Bytes are multiplied by it first.
    mean, std : tuple of float
        Then the mean is subtracted, and the rest divided; by channel, in the order above.
        ImageNet's by default.
    classes : tuple of str, optional
        Names by output channel or id; those that are not judged count as none of the
        judged. By default the judged classes in their order.
    """

    input: str = ""
    output: str = ""
    size: tuple[Pixels, Pixels] | None = None
    layout: Literal["nchw", "nhwc"] = "nchw"
    channels: Literal["rgb", "bgr"] = "rgb"
    scale: Positive = 1 / 255
    mean: Vec3 = (0.485, 0.456, 0.406)
    std: tuple[Positive, Positive, Positive] = (0.229, 0.224, 0.225)
    classes: tuple[str, ...] | None = None


def read_settings(path: Path, metadata: dict[str, str]) -> OnnxSettings:
    """Return what ``NAME.json`` beside ``NAME.onnx`` says, or else the file's own metadata.

    Parameters
    ----------
    metadata : dict
        Texts by name; JSON where it is no plain word. Other names are passed over.

    Raises
    ------
    InputError
        The file is no JSON object, or a name or a value is not right.
    """
    beside = path.with_suffix(".json")
    where = path
    chosen: Any = {k: _value(v) for k, v in metadata.items() if k in OnnxSettings.model_fields}
    try:
        if beside.is_file():
            where = beside
            chosen = json.loads(beside.read_text(encoding="utf-8"))
        return OnnxSettings.model_validate(chosen)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        hint = (
            nearest(name, OnnxSettings.model_fields) if first["type"] == "extra_forbidden" else ""
        )
        raise InputError(f"{where}: {name or 'settings'}: {first['msg']}{hint}") from error
    except ValueError as error:
        raise InputError(f"{where}: no JSON ({error})") from error


def _value(text: str) -> Any:
    """Return JSON as what it says, and anything else as the text that it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text
