"""Many environments at once, on kinematic physics: one loop over all of them for each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from scenegen.drive.actions import command_of
from scenegen.drive.env import ACTIONS, OBSERVATIONS, ActionForm, action_of
from scenegen.drive.episode import ego_wheels, vehicle_of
from scenegen.drive.observations import STATE_SIZE, WHEELS
from scenegen.drive.rewards import COLLISION, ENDINGS, REWARDS, STRAYED_M
from scenegen.drive.state import Vehicle
from scenegen.drive.vector_state import ON_LEGS, ON_WHEELS, observe
from scenegen.errors import InputError, nearest
from scenegen.records import ConcreteScenario
from scenegen.records.disturbance import PERCEIVED
from scenegen.sample import draw
from scenegen.scenario import LogicalScenario, load_scenario
from scenegen.simulate import Command
from scenegen.simulate.kinematic import Batch

F32 = npt.NDArray[np.float32]
LEGS = frozenset({"person", "animal", "rider"})


@dataclass(frozen=True)
class _Ego:
    """What of an environment doesn't change during its episode."""

    instance: int
    vehicle: Vehicle
    start_mps: float
    rows: int


@dataclass(frozen=True)
class _Speed:
    speed_mps: float


class DriveVectorEnv(VectorEnv[F32, F32, npt.NDArray[Any]]):
    """As many environments as are asked for, which step together; kinematic physics only.

    Environment `i` of ``reset(seed=s)`` has the scenes of seed ``s + i``, from the first on,
    and goes exactly as ``DriveEnv(physics="kinematic")`` does with that seed, however many others
    there are.
    An environment that is over begins its next episode at the next step, whose action it doesn't
    heed (`AutoresetMode.NEXT_STEP`). Observations are state vectors (`state_vector`).

    Parameters
    ----------
    scenario : str, LogicalScenario or sequence of them
        Of several, environments take turns.
    num_envs : int
    action, decision_hz
        As of `DriveEnv`.
    reward : str
        ``progress`` or ``no_collision``.
    endings : sequence of str
        Of ``collision`` and ``strayed``.
    scenes : int, optional
        Each environment goes round its first so many scenes, which are drawn once; without it,
        every episode has a scene of its own, and drawing them takes longer than stepping them.

    Raises
    ------
    InputError
        There is no such scenario, action, reward or ending; or a scene needs rigid bodies.
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012

    def __init__(
        self,
        scenario: str | LogicalScenario | Sequence[str | LogicalScenario] = "wet_cut_in",
        num_envs: int = 16,
        action: ActionForm = "pedals",
        reward: str = "progress",
        endings: Sequence[str] = ("collision", "strayed"),
        decision_hz: int = 10,
        scenes: int | None = None,
    ) -> None:
        named = [scenario] if isinstance(scenario, str | LogicalScenario) else list(scenario)
        self._logical = [s if isinstance(s, LogicalScenario) else load_scenario(s) for s in named]
        for what, asked, known in (
            ("action", [action], ACTIONS),
            ("reward", [reward], REWARDS),
            ("ending", endings, ENDINGS),
        ):
            for name in asked:
                if name not in known:
                    raise InputError(f"no {what} {name!r}{nearest(str(name), known)}")
        if num_envs < 1 or (scenes is not None and scenes < 1):
            raise InputError("num_envs and scenes are at least 1")
        self.num_envs = num_envs
        self.single_observation_space = OBSERVATIONS["state"]
        self.single_action_space = ACTIONS[action]
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._form, self._reward, self._endings = action, reward, tuple(endings)
        self._hz, self._scenes = decision_hz, scenes
        self._drawn: dict[tuple[int, int, int], ConcreteScenario] = {}
        self._batch: Batch | None = None
        self._first_seed, self._index = 0, np.full(num_envs, -1)

    # -- episodes -------------------------------------------------------------------------

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[F32, dict[str, Any]]:
        """Begin an episode in every environment."""
        super().reset(seed=seed)
        if options:
            raise InputError(f"reset has no option {sorted(options)[0]!r}")
        if seed is not None:
            self._first_seed = seed
            self._index[:] = -1
        n = self.num_envs
        self._over = np.zeros(n, dtype=bool)
        self._speed, self._gained = np.zeros(n), np.zeros(n)
        self._egos, self._told = np.zeros(n, np.int64), [0] * n
        self._offsets = np.zeros(n)
        self._out = np.zeros((n, STATE_SIZE), np.float32)
        self._sheets: list[_Ego] = []
        everybody = range(n)
        scenarios = [self._next(e) for e in everybody]
        if self._batch is not None:
            self._batch.close()
        self._batch = Batch(scenarios)
        control = self._batch.rates.control_hz
        if control % self._hz:
            raise InputError(
                f"decision_hz={self._hz} doesn't divide the rate of control, {control}"
            )
        self._repeat = control // self._hz
        infos: dict[str, Any] = {}
        for e in everybody:
            self._sheets.append(self._begun(e))
            infos = self._add_info(infos, self._info(e), e)
        self._describe()
        self._observe(list(everybody))
        return self._out.copy(), infos

    def _next(self, e: int) -> ConcreteScenario:
        """Return the scene of an environment's next episode."""
        self._index[e] += 1
        which = e % len(self._logical)
        index = int(self._index[e])
        if self._scenes is None:
            return _told_true(draw(self._logical[which], self._first_seed + e, index))
        key = (which, self._first_seed + e, index % self._scenes)
        if key not in self._drawn:
            self._drawn[key] = _told_true(draw(self._logical[which], *key[1:]))
        return self._drawn[key]

    @property
    def batch(self) -> Batch:
        """The scenes that go on: the explicit stepping form below the environments."""
        if self._batch is None:
            raise InputError("call reset() before anything else")
        return self._batch

    def _begun(self, e: int) -> _Ego:
        """Note what an environment's new episode is about."""
        world = self.batch.worlds[e]
        scenario, n = world.scenario, ego_wheels(world)
        self._egos[e], self._told[e], self._over[e] = n, 0, False
        self._speed[e], self._gained[e] = float(world.speed_mps[n]), 0.0
        return _Ego(
            scenario.ego.instance_id,
            vehicle_of(scenario.ego, world.fleet.specs[n]),
            max(float(np.linalg.norm(scenario.ego.velocity_mps)), 5.0),
            round(scenario.duration_s * scenario.rates.control_hz) + 1,
        )

    def _describe(self) -> None:
        """Write down what everybody is, for the compiled loop."""
        shape = self.batch.tables.actors.shape
        self._kinds, self._sizes = np.zeros(shape, np.uint8), np.zeros((*shape, 2))
        for e, world in enumerate(self.batch.worlds):
            for k, actor in enumerate(world.scenario.actors):
                on_wheels, on_legs = actor.category in WHEELS, actor.category in LEGS
                self._kinds[e, k] = ON_WHEELS * on_wheels + ON_LEGS * on_legs
                self._sizes[e, k] = actor.size_m[:2]

    def _info(self, e: int) -> dict[str, Any]:
        scenario = self.batch.worlds[e].scenario
        return {"scene_id": scenario.scene_id, "log_weight": scenario.log_weight}

    # -- steps ----------------------------------------------------------------------------

    def step(
        self, actions: F32
    ) -> tuple[F32, npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], dict[str, Any]]:
        """Go on by one decision in every environment.

        Raises
        ------
        ActionError
            An action isn't finite.
        """
        n, batch, infos = self.num_envs, self.batch, dict[str, Any]()
        rewards, ended = np.zeros(n), np.zeros(n, dtype=bool)
        truncated = np.zeros(n, dtype=bool)
        anew = np.flatnonzero(self._over).tolist()
        goes = np.flatnonzero(~self._over).tolist()
        commands = self._commands(goes, actions)
        for e in anew:
            batch.replace(e, self._next(e))
            self._sheets[e] = self._begun(e)
            infos = self._add_info(infos, self._info(e), e)
        if anew:
            self._describe()
        rows = np.array([batch.worlds[e].row for e in range(n)])
        for _ in range(self._repeat):
            left = {
                e: command
                for e, command in commands.items()
                if batch.worlds[e].row + 1 < self._sheets[e].rows and e not in batch.failed
            }
            batch.step(left)
        for e in goes:
            passed = (batch.worlds[e].row - int(rows[e])) / batch.rates.control_hz
            speed = float(batch.worlds[e].speed_mps[self._egos[e]])
            self._gained[e] = (speed - self._speed[e]) / passed if passed else 0.0
            self._speed[e] = speed
        self._observe(goes + anew)
        for e in goes:
            rewards[e], why = self._judged(e, int(rows[e]))
            over = batch.worlds[e].row + 1 >= self._sheets[e].rows
            ended[e], truncated[e] = why is not None, over and why is None
            self._over[e] = ended[e] or truncated[e]
            if self._over[e]:
                infos = self._add_info(infos, {"termination": why or "completed"}, e)
        return self._out.copy(), rewards, ended, truncated, infos

    def _commands(self, goes: list[int], actions: F32) -> dict[int, dict[int, Command]]:
        given = np.asarray(actions, dtype=np.float64)
        found = {}
        for e in goes:
            ego, speed = self._sheets[e], _Speed(float(self._speed[e]))
            command = command_of(action_of(self._form, given[e]), speed, ego.vehicle)
            found[e] = {ego.instance: command}
        return found

    def _judged(self, e: int, row: int) -> tuple[float, str | None]:
        """Return an environment's reward since a row, and why it ended, if it did."""
        batch, ego = self.batch, self._sheets[e]
        world = batch.worlds[e]
        if e in batch.failed:
            return 0.0, f"simulation: {batch.failed[e]}"
        hits = world.collisions.ledger.begun(self._told[e])
        self._told[e] += len(hits)
        touched = any(ego.instance in (hit.a, hit.b) for hit in hits)
        if self._reward == "progress":
            seconds = world.time_s - row * world.control_dt
            reward = min(max(float(self._speed[e]), 0.0) / ego.start_mps, 1.0) * seconds
            reward += COLLISION if touched else 0.0
        else:
            reward = -1.0 if touched else 0.0
        if touched and "collision" in self._endings:
            return reward, "collision"
        if "strayed" in self._endings and abs(float(self._offsets[e])) > STRAYED_M:
            return reward, "strayed"
        return reward, None

    def _observe(self, some: list[int]) -> None:
        t = self.batch.tables
        observe(
            np.array(some, np.int64), self._egos, self._kinds, self._sizes, self._gained,
            t.scenes, t.actors, t.vehicles, t.tracks, self._out, self._offsets,
        )  # fmt: skip

    def close_extras(self, **kwargs: Any) -> None:
        """Let go of all scenes."""
        if self._batch is not None:
            self._batch.close()
        self._batch = None


def _told_true(scenario: ConcreteScenario) -> ConcreteScenario:
    """Return a scene; an InputError if what its agent is told is disturbed."""
    for one in scenario.disturbances:
        if one.channel in PERCEIVED:
            raise InputError(
                f"{scenario.name}: disturbance {one.name!r} is {one.channel}, which DriveVectorEnv "
                "leaves out; take DriveEnv"
            )
    return scenario
