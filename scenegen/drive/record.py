"""What is written of an episode."""

from __future__ import annotations

from typing import Literal

from scenegen.records.base import Record

Part = Literal["front", "rear", "left", "right", "none"]
Striker = Literal["ego", "other", "both", "neither"]


class Impact(Record):
    """A contact of the ego.

    Attributes
    ----------
    time_s : float
        Of the first touch.
    other : int
        Instance id; 0 for scenery and kerbs.
    name, category : str
        Of the other.
    closing_mps : float
        How fast the two came together.
    impulse_ns : float
        Greatest impulse of a physics step.
    ego_delta_v_mps, other_delta_v_mps : float
        Greatest change of velocity in the plane within a quarter of a second.
    ego_part, other_part : str
        Where each was touched; ``none`` of scenery.
    struck_by : str
        Who moved towards the touch.
    """

    time_s: float
    other: int
    name: str
    category: str
    closing_mps: float
    impulse_ns: float
    ego_delta_v_mps: float
    other_delta_v_mps: float
    ego_part: Part
    other_part: Part
    struck_by: Striker


class EpisodeRecord(Record):
    """What came of an episode.

    Attributes
    ----------
    scene_id, scenario : str
    seed, index : int
        Of the scene.
    agent : str
        As it was named.
    termination : str
        ``completed``, ``collision``, ``off_road``, or ``agent: `` and why it could not go on.
    duration_s, way_m : float
        How long it took, and how far the ego went.
    log_weight : float
        ln of the nominal over the proposal density of the scene's parameters.
    criteria : dict of str to float or None
        Signed robustness, negative where violated; None where it never came to the question.
    violated : tuple of str
        Those that count and are violated.
    impacts : tuple of Impact
    """

    scene_id: str
    scenario: str
    seed: int
    index: int
    agent: str
    termination: str
    duration_s: float
    way_m: float
    log_weight: float
    criteria: dict[str, float | None]
    violated: tuple[str, ...]
    impacts: tuple[Impact, ...]

    @property
    def failed(self) -> bool:
        """Whether a criterion that counts is violated, or the agent failed."""
        return bool(self.violated) or self.termination.startswith("agent: ")
