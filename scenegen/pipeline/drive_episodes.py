"""One episode of a run: its scene, its agent, and its folder."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scenegen.dataset.canonical import canonical_json, readable_json, trajectory_npz
from scenegen.dataset.storage import storage_errors, sync_tree
from scenegen.drive import Drive, EpisodeRecord, drive_episode, named_agent
from scenegen.drive.agents.messages import answer_of
from scenegen.drive.agents.named import ACTIONS
from scenegen.drive.video import film
from scenegen.roads import build_network
from scenegen.sample import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenegen.pipeline.drive_config import DriveConfig
    from scenegen.records import ConcreteScenario
    from scenegen.scenario import LogicalScenario

EPISODES = "episodes"
FILM = "film.mp4"
LOG = "log.mcap"
RECORD = "episode.json"
Filmed = Literal["none", "failed", "all"]


@dataclass(frozen=True)
class EpisodeTask:
    """Everything a process needs to drive one episode."""

    logical: LogicalScenario
    index: int
    config: DriveConfig
    out: str

    @property
    def scene_id(self) -> str:
        """The name of its scene and of its folder."""
        return f"{self.logical.name}-{self.index:06d}"


def drive_task(task: EpisodeTask) -> EpisodeRecord:
    """Drive one episode with an agent of its own, and write it."""
    config = task.config
    scenario = scene_of(task.logical, task.index, config)
    driven = drive_scene(scenario, config)
    control_hz = scenario.rates.control_hz
    decision_s = 1.0 / (config.decision_hz or control_hz) if config.log == "mcap" else None
    folder = Path(task.out) / task.scene_id
    write_episode(folder, scenario, driven, config.film, decision_s)
    return driven.record


def scene_of(logical: LogicalScenario, index: int, config: DriveConfig) -> ConcreteScenario:
    """Draw a scene, with the sensors that were asked for."""
    scenario, rig = draw(logical, config.seed, index), config.rig
    return scenario if rig is None else scenario.model_copy(update={"sensors": rig})


def drive_scene(scenario: ConcreteScenario, config: DriveConfig) -> Drive:
    """Let a new agent of a run drive a scene."""
    agent = named_agent(config.agent)
    try:
        return drive_episode(
            scenario,
            agent,
            config.agent,
            decision_hz=config.decision_hz,
            counted=config.counted,
            stop_at_collision=config.stop_at_collision,
            physics=config.physics,
            quality=config.quality,
        )
    finally:
        agent.close()


def write_episode(
    folder: Path,
    scenario: ConcreteScenario,
    driven: Drive,
    filmed: Filmed = "none",
    logged_s: float | None = None,
) -> None:
    """Write all that it takes to repeat an episode; the folder is there whole or not at all.

    Parameters
    ----------
    folder : Path
    scenario : ConcreteScenario
    driven : Drive
    filmed : str
        Whether there is a film: of all, if the episode failed, or not.
    logged_s : float, optional
        Time from one action to the next, for a log in MCAP; there is none if not given.

    Raises
    ------
    StorageError
        It can't be written there.
    """
    actions = b"".join(canonical_json(answer_of(action)) for action in driven.actions)
    files = {
        "scenario.json": canonical_json(scenario.model_dump(mode="json")),
        "trajectory.npz": trajectory_npz(driven.trajectory),
        ACTIONS: actions,
        RECORD: readable_json(driven.record.model_dump(mode="json")),
    }
    with _whole(folder) as aside:
        for name, data in files.items():
            (aside / name).write_bytes(data)
        if logged_s is not None:
            # Loads protobuf, which whoever drives without logs can do without.
            from scenegen.drive.episode_log import write_log  # noqa: PLC0415

            write_log(aside / LOG, scenario, driven, logged_s)
        if filmed == "all" or (filmed == "failed" and driven.record.failed):
            film(scenario, driven.trajectory, build_network(scenario.road), aside / FILM)


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder that appears in its place with all its files or not at all."""
    aside = folder.with_name(f".{folder.name}.tmp")
    with storage_errors(folder):
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        yield aside
        sync_tree(aside)
        os.replace(aside, folder)  # noqa: PTH105 - Path.replace is the same call
