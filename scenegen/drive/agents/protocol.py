"""What an agent is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from scenegen.drive.actions import Action
from scenegen.drive.state import Cast, State, Vehicle
from scenegen.errors import ScenegenError
from scenegen.records import ConcreteScenario, RoadNetwork


class AgentError(ScenegenError):
    """An agent that hangs, has died, or answers what is no action."""


@dataclass(frozen=True)
class Briefing:
    """What an agent is told before an episode.

    Attributes
    ----------
    scenario : ConcreteScenario
    network : RoadNetwork
    vehicle : Vehicle
        The ego.
    cast : Cast
    step_s : float
        Time from one decision to the next.
    seed : int
        Of whatever the agent draws; the same for the same episode.
    """

    scenario: ConcreteScenario
    network: RoadNetwork
    vehicle: Vehicle
    cast: Cast
    step_s: float
    seed: int


class Agent(Protocol):
    """Somebody at the ego's controls.

    An agent drives many episodes, one after the other: `begin`, then `act` once a decision.
    Nothing of one may change what it does in the next.

    Attributes
    ----------
    sensors : sequence of str
        Cameras and LiDARs of the scenario whose newest pictures and sweeps it wants in every
        state; asked for once `begin` is done.
    """

    @property
    def sensors(self) -> Sequence[str]: ...

    def begin(self, briefing: Briefing) -> None:
        """Take a new episode."""

    def act(self, state: State) -> Action | None:
        """Return what to do until the next decision; None leaves it to the scenario's driver."""

    def close(self) -> None:
        """Let go of everything; twice is once."""
