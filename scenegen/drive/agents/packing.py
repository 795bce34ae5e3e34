"""How pictures and sweeps go to agents outside of this process.

``png`` and ``raw`` are text within JSON; ``frames`` are binary frames beside it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.drive.agents.protocol import AgentError
from scenegen.drive.sensed import Picture, Sensed

Form = Literal["png", "raw"]
FORMS: tuple[Form, ...] = ("png", "raw")


def wanted(answer: dict[str, Any]) -> tuple[tuple[str, ...], Form]:
    """Return which sensors an answer to ``begin`` asks for, and in which form.

    Raises
    ------
    AgentError
        ``sensors`` is no list of names, or ``pictures`` no form.
    """
    names = answer.get("sensors", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise AgentError(f"an answer whose sensors are no list of names: {str(names)[:120]}")
    form = answer.get("pictures", "png")
    if form not in FORMS:
        raise AgentError(f"an answer with pictures {form!r}; there are {', '.join(FORMS)}")
    return tuple(dict.fromkeys(names)), form


def as_text(found: Sensed, form: Form) -> dict[str, Any]:
    """Return what JSON says of a picture or a sweep: bytes in base64, and how to read them."""
    if isinstance(found, Picture) and form == "png":
        return {"time_s": found.time_s, "png": _text(png(found.rgb))}
    pixels = array_of(found)
    return {**_described(found, pixels), "data": _text(pixels.tobytes())}


def as_frame(found: Sensed, form: Form, frames: list[bytes]) -> dict[str, Any]:
    """Return what JSON says of a picture or a sweep whose bytes are appended to `frames`."""
    if isinstance(found, Picture) and form == "png":
        frames.append(png(found.rgb))
        return {"time_s": found.time_s, "form": "png", "frame": len(frames)}
    pixels = array_of(found)
    frames.append(pixels.tobytes())
    return {**_described(found, pixels), "frame": len(frames)}


def array_of(found: Sensed) -> npt.NDArray[np.generic]:
    """Return a picture (H, W, 3) or the points (N, 4) of a sweep."""
    return found.rgb if isinstance(found, Picture) else found.points


def png(rgb: npt.NDArray[np.uint8]) -> bytes:
    """Return a picture as a PNG file, packed fast rather than small."""
    _, data = cv2.imencode(".png", rgb[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return data.tobytes()


def specs(sensors: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return what agents are told of the sensors that there are."""
    return {name: spec.model_dump(mode="json") for name, spec in sensors}


def _described(found: Sensed, pixels: npt.NDArray[np.generic]) -> dict[str, Any]:
    return {"time_s": found.time_s, "form": str(pixels.dtype), "shape": list(pixels.shape)}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
