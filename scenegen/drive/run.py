"""A whole episode: an agent through a scenario, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scenegen.drive.actions import Action, ActionError
from scenegen.drive.agents.protocol import Agent, AgentError, Briefing
from scenegen.drive.course import Course
from scenegen.drive.criteria import robustness
from scenegen.drive.episode import Episode
from scenegen.drive.impacts import impacts
from scenegen.drive.physics import Physics
from scenegen.drive.record import EpisodeRecord
from scenegen.errors import InputError, SimulationError
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.records.choices import COUNTED
from scenegen.render import QualityName

AFTER_COLLISION_S = 1.0


@dataclass(frozen=True)
class Drive:
    """What came of an episode, and what it takes to repeat it.

    Attributes
    ----------
    record : EpisodeRecord
    trajectory : Trajectory
    actions : tuple of Action or None
        One for each decision.
    """

    record: EpisodeRecord
    trajectory: Trajectory
    actions: tuple[Action | None, ...]


def drive_episode(
    scenario: ConcreteScenario,
    agent: Agent,
    name: str,
    *,
    decision_hz: int | None = None,
    counted: Collection[str] = COUNTED,
    stop_at_collision: bool = True,
    physics: Physics = "rigid",
    quality: QualityName = "full",
) -> Drive:
    """Let an agent drive a scenario's ego to the end.

    Whatever the agent does ends its episode at most: one that hangs, dies or answers nonsense
    has its reason in ``record.termination``.

    Parameters
    ----------
    name : str
        Of the agent, for the record.
    counted : collection of str
        Criteria whose violation is a failure.
    stop_at_collision : bool
        Whether the episode ends one second after the ego's first contact.
    physics : str
        ``rigid`` or ``kinematic``.
    quality : str
        Of the pictures that the agent asks for.

    Raises
    ------
    InputError
        The ego can't be driven, or the scene needs rigid bodies.
    """
    actions: list[Action | None] = []
    with Episode(scenario, decision_hz, physics=physics) as episode:
        termination = _drive(episode, agent, actions, stop_at_collision, quality)
        trajectory = episode.trajectory(termination)
    course = Course(scenario, trajectory)
    margins = robustness(course)
    broken = [n for n, value in margins.items() if value is not None and value < 0]
    record = EpisodeRecord(
        scene_id=scenario.scene_id,
        scenario=scenario.name,
        seed=scenario.seed,
        index=scenario.index,
        agent=name,
        termination=termination,
        duration_s=float(trajectory.time_s[-1]),
        way_m=round(course.way_m, 3),
        log_weight=scenario.log_weight,
        criteria=margins,
        violated=tuple(n for n in broken if n in counted),
        impacts=impacts(course),
    )
    return Drive(record, trajectory, tuple(actions))


def _sense(episode: Episode, agent: Agent, quality: QualityName) -> None:
    """Give an agent the sensors that it wants; AgentError where there are none of that name."""
    try:
        episode.sense(agent.sensors, quality)
    except InputError as error:
        raise AgentError(f"asks for a sensor that isn't there: {error}") from error


def _drive(
    episode: Episode,
    agent: Agent,
    actions: list[Action | None],
    stop_at_collision: bool,
    quality: QualityName,
) -> str:
    """Go through an episode, and return why it ended."""
    scenario = episode.scenario
    briefing = Briefing(
        scenario,
        episode.network,
        episode.vehicle,
        episode.cast,
        episode.step_s,
        scenario.seed * 1_000_003 + scenario.index,
    )
    until: float | None = None
    try:
        agent.begin(briefing)
        _sense(episode, agent, quality)
        while not episode.over:
            action = agent.act(episode.told)
            state = episode.step(action)
            actions.append(action)
            if state.touched and until is None and stop_at_collision:
                until = state.time_s + AFTER_COLLISION_S
            if until is not None and state.time_s >= until:
                return "collision"
    except (AgentError, ActionError) as error:
        return f"agent: {error}"
    except SimulationError as error:
        return f"simulation: {error}"
    return "completed"
