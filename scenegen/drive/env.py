"""Scenarios as a Gymnasium environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from scenegen.drive.actions import Action, Pedals, Target, Waypoints
from scenegen.drive.episode import Episode
from scenegen.drive.observations import (
    FARTHEST,
    PIXELS,
    PLANES,
    STATE_SIZE,
    Observe,
    Raster,
    observers,
)
from scenegen.drive.physics import Physics, check_physics
from scenegen.drive.rewards import ENDINGS, REWARDS, Ending, Reward, Step
from scenegen.drive.sensor_spaces import check_spaces, sensor_of, sensor_space
from scenegen.errors import InputError, SimulationError, nearest
from scenegen.records import ConcreteScenario
from scenegen.render import QualityName
from scenegen.sample import draw
from scenegen.sample.rig import parse_rig
from scenegen.scenario import LogicalScenario, load_scenario

ActionForm = Literal["pedals", "target", "waypoints"]
WAYPOINTS, WAYPOINTS_EVERY_S = 6, 0.5
MOST_MPS, MOST_1PM = 50.0, 0.2
REACH_M = 100.0

OBSERVATIONS: dict[str, spaces.Box] = {
    "state": spaces.Box(-FARTHEST, FARTHEST, (STATE_SIZE,), np.float32),
    "raster": spaces.Box(0, 255, (len(PLANES), PIXELS, PIXELS), np.uint8),
}
ACTIONS: dict[ActionForm, spaces.Box] = {
    "pedals": spaces.Box(-1.0, 1.0, (2,), np.float32),
    "target": spaces.Box(
        np.array([0.0, -MOST_1PM], np.float32), np.array([MOST_MPS, MOST_1PM], np.float32)
    ),
    "waypoints": spaces.Box(-REACH_M, REACH_M, (WAYPOINTS, 2), np.float32),
}

Observation = Any
"""An array, or a dict of several by their names."""


class DriveEnv(gym.Env[Observation, npt.NDArray[np.float32]]):
    """The ego of scenarios, driven by actions; registered as ``scenegen/Drive-v0``.

    ``reset(seed=s)`` takes scene 0 of seed `s`, and each further ``reset()`` the next one of it;
    ``options={"scenario": name or ConcreteScenario, "index": 7}`` choose another. Scenes are those
    that ``generate`` makes of the same scenario, seed and index. An episode ends (`terminated`)
    by an ending, and is cut off (`truncated`) when the scenario's time is up. No step touches
    OpenGL unless a camera is observed.

    Parameters
    ----------
    scenario : str or LogicalScenario
        From the library, a path, or loaded; with mix-ins after ``+``.
    observations : sequence of str
        ``state`` (see `state_vector`), ``raster`` (see `Raster`), ``camera.NAME`` and
        ``lidar.NAME`` (see `sensor_space`); of several, observations are a dict.
    action : str
        ``pedals``: steering and pedals, -1 to 1 each. ``target``: speed in m/s and curvature in
        1/m. ``waypoints``: six points (x, y) in m in the ego's frame, half a second from each to
        the next.
    reward : str or callable
        Of `REWARDS`, or a function of a `Step`.
    endings : sequence of str or callable
        Of `ENDINGS`, or functions of a `Step`.
    decision_hz : int
        Steps a second; it divides the scenario's rate of control.
    render_mode : str, optional
        ``rgb_array``: `render` returns the raster as a picture.
    physics : str
        ``rigid``, or ``kinematic`` (see `DriveVectorEnv` for many environments at once).
    sensors : dict, optional
        In place of the scenario's: written as the language's ``sensors`` section.
    quality : str
        Of cameras' pictures: ``full`` or ``fast``.

    Raises
    ------
    InputError
        There is no such scenario, observation, action, reward or ending.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012 - Gymnasium's

    def __init__(
        self,
        scenario: str | LogicalScenario = "wet_cut_in",
        observations: Sequence[str] = ("state",),
        action: ActionForm = "pedals",
        reward: str | Reward = "progress",
        endings: Sequence[str | Ending] = ("collision", "strayed"),
        decision_hz: int = 10,
        render_mode: str | None = None,
        physics: Physics = "rigid",
        sensors: dict[str, Any] | None = None,
        quality: QualityName = "full",
    ) -> None:
        self._logical = _loaded(scenario)
        self._names = tuple(observations)
        if not self._names:
            raise InputError(f"observations= is empty; there are {', '.join(OBSERVATIONS)}")
        self._rig = None if sensors is None else parse_rig(sensors, "sensors=")
        self._sensing = tuple(name for name in self._names if sensor_of(name) is not None)
        self._quality = quality
        shown = self._spaces()
        self.action_space = _known("action", action, ACTIONS)
        self._reward = _known("reward", reward, REWARDS)
        self._endings = [_known("ending", ending, ENDINGS) for ending in endings]
        self._shown = shown
        self.observation_space = (
            spaces.Dict(dict(shown)) if len(shown) > 1 else shown[self._names[0]]
        )
        if render_mode not in (None, "rgb_array"):
            raise InputError(f"render_mode={render_mode!r}; there is rgb_array")
        self.render_mode = render_mode
        check_physics(physics)
        self._form, self._hz, self._physics = action, decision_hz, physics
        self._seed, self._index = 0, -1
        self._episode: Episode | None = None
        self._observers: dict[str, Observe] = {}
        self._ended = True

    def _spaces(self) -> dict[str, spaces.Box]:
        """Return the space of each observation; those of sensors by the scenario's first scene."""
        first = self._rigged(draw(self._logical, 0, 0)) if self._sensing else None
        return {
            name: _known("observation", name, OBSERVATIONS)
            if first is None or name not in self._sensing
            else sensor_space(name, first)
            for name in self._names
        }

    def _rigged(self, scenario: ConcreteScenario) -> ConcreteScenario:
        rig = self._rig
        return scenario if rig is None else scenario.model_copy(update={"sensors": rig})

    @property
    def episode(self) -> Episode:
        """The episode that goes on: the explicit stepping form below the environment."""
        if self._episode is None:
            raise gym.error.ResetNeeded("call reset() before anything else")
        return self._episode

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin an episode."""
        super().reset(seed=seed)
        if seed is not None:
            self._seed, self._index = seed, -1
        scenario = self._rigged(self._scene(options or {}))
        check_spaces(self._sensing, self.observation_space, scenario)
        self.close()
        self._episode = Episode(
            scenario, self._hz, record=bool(self._sensing), physics=self._physics
        )
        self._episode.sense([str(sensor_of(name)) for name in self._sensing], self._quality)
        self._observers = observers(self._shown, self._episode)
        self._ended = False
        return self._observe(), {"scene_id": scenario.scene_id, "log_weight": scenario.log_weight}

    def _scene(self, options: Mapping[str, Any]) -> ConcreteScenario:
        unknown = sorted(set(options) - {"scenario", "index"})
        if unknown:
            hint = nearest(unknown[0], ("scenario", "index"))
            raise InputError(f"reset has no option {unknown[0]!r}{hint}")
        asked = options.get("scenario")
        if isinstance(asked, ConcreteScenario):
            return asked
        self._index = int(options.get("index", self._index + 1))
        if asked is not None:
            self._logical = _loaded(asked)
        return draw(self._logical, self._seed, self._index)

    def step(
        self, action: npt.NDArray[np.float32]
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Go on by one decision.

        Raises
        ------
        ActionError
            The action isn't finite.
        """
        episode = self.episode
        if self._ended:
            raise gym.error.ResetNeeded("the episode is over; call reset()")
        before, info = episode.state, dict[str, Any]()
        try:
            after = episode.step(action_of(self._form, action))
        except SimulationError as error:
            self._ended = True
            info["termination"] = f"simulation: {error}"
            return self._observe(), 0.0, True, False, info
        step = Step(episode, before, after)
        reasons = [why for ending in self._endings if (why := ending(step)) is not None]
        truncated = episode.over and not reasons
        self._ended = bool(reasons) or truncated
        if self._ended:
            info["termination"] = reasons[0] if reasons else "completed"
        return self._observe(), float(self._reward(step)), bool(reasons), truncated, info

    def _observe(self) -> Observation:
        found = {name: make(self.episode.told) for name, make in self._observers.items()}
        return found if len(found) > 1 else found[self._names[0]]

    def render(self) -> npt.NDArray[np.uint8]:
        """Return the raster as a picture (H, W, 3), uint8."""
        planes = Raster(self.episode).draw(self.episode.state)
        picture = np.full((*planes.shape[1:], 3), 40, np.uint8)
        for name, color in _COLORS.items():
            picture[planes[PLANES.index(name)] > 0] = color
        return picture

    def close(self) -> None:
        """Free the physics world; twice is once."""
        if self._episode is not None:
            self._episode.close()
        self._episode = None


_COLORS = {
    "beside": (60, 80, 60),
    "driving": (90, 90, 95),
    "crosswalk": (150, 150, 150),
    "way": (230, 230, 120),
    "vehicles": (80, 140, 240),
    "people": (240, 90, 90),
    "stop": (255, 0, 0),
}
"""Of the raster's planes, the lowest first."""


def action_of(form: ActionForm, values: npt.NDArray[np.floating]) -> Action:
    """Return the action that numbers stand for."""
    given = np.asarray(values, dtype=np.float64)
    if form == "pedals":
        return Pedals(*given.tolist())
    if form == "target":
        return Target(*given.tolist())
    return Waypoints(given, WAYPOINTS_EVERY_S)


def _loaded(scenario: str | LogicalScenario) -> LogicalScenario:
    return scenario if isinstance(scenario, LogicalScenario) else load_scenario(scenario)


def _known(what: str, asked: Any, options: Mapping[Any, Any]) -> Any:
    """Return the option that a name stands for; what is no name stands for itself."""
    if not isinstance(asked, str):
        return asked
    if asked not in options:
        raise InputError(
            f"no {what} {asked!r}{nearest(asked, options) or f'; there are {sorted(options)}'}"
        )
    return options[asked]


if "scenegen/Drive-v0" not in gym.registry:
    gym.register(
        "scenegen/Drive-v0",
        entry_point="scenegen.drive.env:DriveEnv",
        vector_entry_point="scenegen.drive.vector:DriveVectorEnv",
    )
