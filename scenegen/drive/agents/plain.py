"""Agents without eyes: the scenario's own driver, one that holds its course, one that repeats."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.drive.actions import Action, Target
from scenegen.drive.agents.protocol import AgentError, Briefing
from scenegen.drive.state import State


class Scripted:
    """Leaves the ego to the driver that the scenario gives it."""

    sensors: Sequence[str] = ()

    def begin(self, briefing: Briefing) -> None:
        """Take a new episode."""

    def act(self, state: State) -> Action | None:
        """Return None."""
        return None

    def close(self) -> None:
        """There is nothing to let go of."""


class Constant(Scripted):
    """Holds the speed that it has at the start, straight on."""

    def begin(self, briefing: Briefing) -> None:
        """Take a new episode."""
        self._speed_mps: float | None = None

    def act(self, state: State) -> Action | None:
        """Return the speed of the first decision, without curvature."""
        if self._speed_mps is None:
            self._speed_mps = state.speed_mps
        return Target(self._speed_mps, 0.0)


class Replay(Scripted):
    """Repeats the actions of another episode.

    Parameters
    ----------
    actions : sequence of Action or None
    """

    def __init__(self, actions: Sequence[Action | None]) -> None:
        self._actions = list(actions)

    def begin(self, briefing: Briefing) -> None:
        """Start again with the first action."""
        self._next = 0

    def act(self, state: State) -> Action | None:
        """Return the next action.

        Raises
        ------
        AgentError
            There are no more.
        """
        if self._next >= len(self._actions):
            raise AgentError(f"the log has {len(self._actions)} actions, and one more is asked for")
        self._next += 1
        return self._actions[self._next - 1]
