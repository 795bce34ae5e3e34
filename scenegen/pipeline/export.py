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
from scenegen.errors import InputError, nearest
from scenegen.exports import FORMATS, ExportFolder, Format, Source
from scenegen.pipeline.export_formats import SCENE_FORMATS, SceneToExport
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
    """Write scenes, or a whole data set, in another format.

    Raises
    ------
    InputError
        No such format or sensor; neither a data set nor a scenario is given, or both; a
        scenario for a format of frames.
    OutputError
        The folder holds something already.
    StorageError
        It can't be written.
    """
    known = SCENE_FORMATS.keys() | FORMATS.keys()
    if config.format not in known:
        raise InputError(f"no format is called {config.format!r}{nearest(config.format, known)}")
    if config.format in FORMATS:
        return _export_dataset(config, FORMATS[config.format], stream)
    write = SCENE_FORMATS[config.format]
    scenes = list(_scenes(config))
    with (
        RunProgress("export", len(scenes), stream) as progress,
        ExportFolder(Path(config.out)) as folder,
    ):
        for scene in scenes:
            for name, content in write(scene).items():
                folder.write(name, content)
            progress.advance(scene.concrete.scene_id, 0)
    return ExportResult(folder.out, len(scenes), folder.names)


def _export_dataset(config: ExportConfig, layout: Format, stream: TextIO) -> ExportResult:
    if config.dataset is None or config.scenario is not None:
        raise InputError(f"format={config.format} is of frames: it takes dataset=, not scenario=")
    dataset = open_dataset(config.dataset)
    if config.filter:
        dataset = dataset.filter(config.filter)
    with (
        RunProgress("export", len(dataset), stream) as progress,
        ExportFolder(Path(config.out)) as folder,
    ):
        sensors = tuple(name.strip() for name in config.sensors.split(",") if name.strip())
        source = Source(
            dataset,
            sensors or None,
            config.validation,
            done=progress.advance,
            shard_frames=config.shard_frames,
        )
        layout.write(source, folder)
    return ExportResult(folder.out, len(dataset), folder.names)


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
