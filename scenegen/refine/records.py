"""``refine.json`` of a scene: how each of its frames was made."""

from __future__ import annotations

from typing import Literal

from scenegen.records.base import Record
from scenegen.refine.gate.records import GateRecord

REFINE = "refine.json"
"""Its name, in the scene's folder."""


class RefinedFrame(Record):
    """How the colours of one frame were made.

    Attributes
    ----------
    rendered : str
        sha256 of the picture as it was rendered.
    seed : int
        Of the frame's own noise.
    carried : float or None
        Share of the noise that came along the flow from the frame before; None where noise
        doesn't move.
    strength, guidance : float
        Of the picture that was kept; a strength of 0 is the render.
    style : dict of str
        What the model was told of the whole picture.
    gate : GateRecord or None
        What the label gate said; None without one.
    """

    sensor: str
    frame: int
    rendered: str
    seed: int
    carried: float | None
    strength: float
    guidance: float
    style: dict[str, str]
    gate: GateRecord | None = None


class Flicker(Record):
    """How much of a video changes beside its motion; see `motion.change`.

    Attributes
    ----------
    pairs : int
        Neighbouring frames that were compared.
    known : float
        Share of pixels that show what the frame before showed.
    rendered, refined : float
        Root mean square over pairs, 8-bit levels; 0 without any.
    """

    pairs: int
    known: float
    rendered: float
    refined: float


class RefinedScene(Record):
    """``refine.json``.

    Attributes
    ----------
    weights, translator : str
        sha256, as in ``dataset.json``.
    flicker : dict
        By sensor; empty without flow.
    """

    version: Literal[1] = 1
    weights: str
    translator: str
    frames: tuple[RefinedFrame, ...]
    flicker: dict[str, Flicker]
