"""Scenes of a data set, or one drawn afresh, in another format."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen.dataset import open_dataset
from scenegen.dataset.reader import SceneReader
from scenegen.errors import InputError, OutputError, StorageError, nearest
from scenegen.pipeline.export_formats import FORMATS, SceneToExport
from scenegen.pipeline.progress import RunProgress
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate

if TYPE_CHECKING:
    from scenegen.pipeline.config import ExportConfig
    from scenegen.records import Trajectory


@dataclass(frozen=True)
class ExportResult:
    """What was written: the folder, how many scenes, and the names of all files in it."""

    path: Path
    scenes: int
    files: tuple[str, ...]


def export(config: ExportConfig, stream: TextIO = sys.stderr) -> ExportResult:
    """Write scenes in another format.

    Raises
    ------
    InputError
        No such format; neither a data set nor a scenario is given, or both.
    OutputError
        The folder holds something already.
    StorageError
        It can't be written.
    """
    if config.format not in FORMATS:
        raise InputError(f"no format is called {config.format!r}{nearest(config.format, FORMATS)}")
    write = FORMATS[config.format]
    scenes = list(_scenes(config))
    out = Path(config.out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out}: holds something already; out= names a new or empty folder")
    names: list[str] = []
    with RunProgress("export", len(scenes), stream) as progress:
        for scene in scenes:
            files = write(scene)
            _keep(out, files)
            names += files
            progress.advance(scene.concrete.scene_id, 0)
    return ExportResult(out, len(scenes), tuple(names))


def _scenes(config: ExportConfig) -> Iterator[SceneToExport]:
    if (config.dataset is None) == (config.scenario is None):
        raise InputError("export takes the scenes of dataset=, or draws one of scenario=")
    if config.dataset is not None:
        for scene in open_dataset(config.dataset):
            yield SceneToExport(scene.scenario, partial(_read, scene), config.motion)
        return
    concrete = draw(load_scenario(str(config.scenario)), config.seed, config.index)
    yield SceneToExport(concrete, partial(simulate, concrete), config.motion)


def _read(scene: SceneReader) -> Trajectory:
    return scene.trajectory


def _keep(out: Path, files: dict[str, bytes]) -> None:
    try:
        for name, content in files.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise StorageError(f"{out}: can't be written ({error.strerror})") from error
