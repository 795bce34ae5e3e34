"""Re-create one scene from its ``scenario.json`` and hold it against the files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen import __version__
from scenegen.dataset import describe_platform, open_dataset
from scenegen.errors import DatasetError
from scenegen.pipeline.draw_scene import StageClock
from scenegen.pipeline.layers import layers_of
from scenegen.pipeline.scene import write_scene
from scenegen.render import info as opengl_info
from scenegen.render import process_renderer

if TYPE_CHECKING:
    from scenegen.dataset import DatasetInfo
    from scenegen.pipeline.config import ReplayConfig


@dataclass(frozen=True)
class ReplayResult:
    """What a replay found.

    Attributes
    ----------
    compared : int
        Files compared byte by byte.
    different : tuple of str
        Paths within the scene that differ, are missing or are new.
    notes : tuple of str
        Why bytes may differ: what has changed since the data set was made.
    """

    scene_id: str
    compared: int
    different: tuple[str, ...]
    notes: tuple[str, ...]


def replay(config: ReplayConfig) -> ReplayResult:
    """Simulate, draw and write a scene again, and compare every file of it.

    Raises
    ------
    DatasetError
        The data set or the scene is not there, damaged or refined.
    """
    dataset = open_dataset(config.dataset)
    if dataset.info.refinement is not None:
        raise DatasetError(
            f"{config.dataset}: is refined, so rendering doesn't make it again; replay the data "
            "set it was made of"
        )
    scene = dataset.scene(config.scene)
    made = dataset.info.config
    renderer = process_renderer(made.get("renderer", "opengl"))
    with tempfile.TemporaryDirectory(prefix="scenegen-replay-") as folder:
        quality, layers = made.get("quality", "full"), layers_of(made.get("layers", ""))
        write_scene(scene.scenario, folder, renderer, StageClock(), quality, layers)
        again = Path(folder) / "scenes" / scene.id
        names = sorted(_names(scene.path) | _names(again))
        different = tuple(name for name in names if _read(scene.path / name) != _read(again / name))
    return ReplayResult(scene.id, len(names), different, _notes(dataset.info))


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _notes(info: DatasetInfo) -> tuple[str, ...]:
    """Say what differs between the machine that made the data set and this one."""
    here = describe_platform(opengl_info().renderer)
    notes = []
    if info.scenegen_version != __version__:
        notes.append(f"made by scenegen {info.scenegen_version}, this is {__version__}")
    if info.platform.opengl_renderer != here.opengl_renderer:
        notes.append(f"drawn by {info.platform.opengl_renderer}, this is {here.opengl_renderer}")
    if info.platform.processor != here.processor:
        notes.append(f"made on {info.platform.processor}, this is {here.processor}")
    notes += [
        f"made with {name} {version}, this is {here.packages.get(name, 'not installed')}"
        for name, version in info.platform.packages.items()
        if here.packages.get(name) != version
    ]
    return tuple(notes)
