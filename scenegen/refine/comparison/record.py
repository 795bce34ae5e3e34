"""What a comparison found, as it is written to ``comparison.json``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from scenegen.evaluate.evaluation import SetFacts
from scenegen.records.base import Record

SCHEMA_VERSION = 1

FIGURES: dict[str, tuple[str, Literal["lower", "higher", "neither"]]] = {
    "fidelity.kid": ("KID to real test", "lower"),
    "fidelity.kid_share": ("KID, share of raw's", "lower"),
    "diversity.recall": ("recall", "higher"),
    "diversity.coverage": ("coverage", "higher"),
    "diversity.vendi": ("Vendi", "higher"),
    "diversity.spread": ("spread", "neither"),
    "diversity.seeds": ("apart by seed", "neither"),
    "utility.miou": ("mIoU trained on these alone", "higher"),
    "drift.miou": ("agreement with labels", "higher"),
    "drift.share": ("agreement, share of photographs'", "higher"),
    "drift.objects": ("objects kept", "higher"),
}
"""Names of figures, as tables call them, and which way is better."""


class Figure(Record):
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


class MethodResult(Record):
    """What was found about one method.

    Attributes
    ----------
    kind : str
        ``raw``: the frames as rendered. ``recipe``: trained here. ``given``: from weights.
        ``real``: training photographs in place of frames, the floor of every figure.
    training_s : float
        Wall-clock seconds of training; 0 where nothing was trained.
    frame_s : float or None
        Seconds a frame, its reading and writing left out.
    parameters, size_bytes : int
        Numbers that the method holds when it refines, and their bytes.
    figures : dict
        By the names of `FIGURES`.
    less : dict
        By the name of another method, this one's figures less the other's on the same draws.
    """

    name: str
    kind: Literal["raw", "recipe", "given", "real"]
    training_s: float = 0.0
    frame_s: float | None = None
    parameters: int = 0
    size_bytes: int = 0
    figures: dict[str, Figure]
    less: dict[str, dict[str, Figure]] = Field(default_factory=dict)


class RefinerComparison(Record):
    """Every method's figures, and what they were made from.

    Attributes
    ----------
    sets : tuple of SetFacts
        ``train``, ``val`` and ``test`` are real; of the ``synthetic`` ones the first was learned
        from and the second refined.
    models : dict
        Digest by the name of features or segmenter.
    seconds : dict
        Wall-clock time by step of the run that wrote this.
    """

    schema_version: int = SCHEMA_VERSION
    scenegen_version: str
    config: dict[str, Any]
    sets: tuple[SetFacts, ...]
    models: dict[str, str]
    methods: tuple[MethodResult, ...]
    seconds: dict[str, float]
