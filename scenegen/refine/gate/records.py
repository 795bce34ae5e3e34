"""What a gate says of a frame, as it goes into the frame's provenance."""

from __future__ import annotations

from typing import Literal

from scenegen.records.base import Record

State = Literal["kept", "lost", "unseen"]
"""`unseen`: it isn't found in the render either, so nobody can tell."""

Rung = Literal["refined", "lowered", "ignored", "rendered"]
"""What was kept: the first picture, one of lower strength, one with moved pixels ignored, or the
render itself."""


class Score(Record):
    """How well a class of a frame is seen.

    Attributes
    ----------
    name : str
        The class.
    pixels : int
        That labels give it.
    refined, rendered : float
        Agreement of segmenter and labels in the two pictures, 0 to 1.
    needed : float or None
        What `refined` must reach; None where the segmenter can't tell.
    state : State
    """

    name: str
    pixels: int
    refined: float
    rendered: float
    needed: float | None
    state: State


class ObjectScore(Score):
    """How well one object of a frame is seen.

    Attributes
    ----------
    instance : int
        As in the instance picture; 0 for a connected region that has none.
    box : (left, top, right, bottom) px
        By pixel corners.
    outline : float or None
        How alike its outline is in both pictures, see `looks.outline`; None if the render shows
        none.
    """

    instance: int
    box: tuple[int, int, int, int]
    outline: float | None


class Verdict(Record):
    """Whether a frame still shows what its labels say.

    Attributes
    ----------
    passed : bool
        No class and no object that is large enough to be judged was lost.
    classes : tuple of Score
        Classes of at least `LEAST_PX`.
    objects : tuple of ObjectScore
        Objects of at least `LEAST_PX`.
    agreement : float or None
        Mean intersection over union of the judged classes; None without any.
    drift : float or None
        Share by which that is below the same classes' on real photographs; negative if above.
    moved : float
        Share of labelled pixels that are confirmed in the render and no longer in the
        refined picture.
    """

    passed: bool
    classes: tuple[Score, ...]
    objects: tuple[ObjectScore, ...]
    agreement: float | None
    drift: float | None
    moved: float

    @property
    def lost_classes(self) -> tuple[str, ...]:
        """Names of the classes that are not seen any more."""
        return tuple(score.name for score in self.classes if score.state == "lost")

    @property
    def lost(self) -> tuple[ObjectScore, ...]:
        """The objects that are not seen any more."""
        return tuple(score for score in self.objects if score.state == "lost")


class GateRecord(Record):
    """How a frame went through the gate.

    Attributes
    ----------
    gate : str
        The gate's digest.
    rung : Rung
    tries : int
        Pictures that were made.
    strength : float
        Of the picture that was kept; 0 for the render.
    first : Verdict
        On the picture of the first strength: what rejection is counted by.
    final : Verdict
        On what was kept.
    ignored : mapping of str to int
        Pixels that were set to ignore, by class.
    """

    gate: str
    rung: Rung
    tries: int
    strength: float
    first: Verdict
    final: Verdict
    ignored: dict[str, int]
