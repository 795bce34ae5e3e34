"""Scenarios to a data set: plan, run, index."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen import __version__
from scenegen.assets import list_assets
from scenegen.dataset import (
    RENDERED_FRAMES,
    DatasetInfo,
    Licence,
    ScenarioEntry,
    describe_platform,
    open_output,
    sign_dataset,
)
from scenegen.dataset.searched import summary
from scenegen.pipeline.layers import layers_of
from scenegen.pipeline.requested import requested, resolved_config
from scenegen.pipeline.scene import SceneJob, SceneResult, make_scene
from scenegen.pipeline.scene_run import run_scenes
from scenegen.pipeline.search import Search
from scenegen.render import info as opengl_info
from scenegen.sample import parse_rig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scenegen.dataset import Output
    from scenegen.pipeline.config import GenerateConfig
    from scenegen.scenario import Plan, PlanEntry


@dataclass(frozen=True)
class GenerateResult:
    """What a run made.

    Attributes
    ----------
    path : Path
    info : DatasetInfo
        As written to ``dataset.json``.
    made : tuple of SceneResult
        The scenes of this run; those kept from an earlier one are not among them.
    failed : dict
        Scene id to the message of the error that ended it.
    """

    path: Path
    info: DatasetInfo
    made: tuple[SceneResult, ...]
    failed: dict[str, str]


def generate(config: GenerateConfig, stream: TextIO = sys.stderr) -> GenerateResult:
    """Make a data set. The bytes depend on what is asked for, seed and version only.

    Parameters
    ----------
    config : GenerateConfig
    stream : text file
        Where progress goes.

    Raises
    ------
    InputError
        Before any work: a scenario, the sensors, the output folder or OpenGL is wrong. Of an
        `UnsatisfiableError`: no run is one that ``keep_if`` keeps.
    StorageError
        The disk filled up. Whole scenes stay and are indexed if there is room.
    """
    plan = requested(config)
    info = describe(config, plan)
    keys = config.c2pa.keys(info)
    with open_output(config.out, info, resume=config.resume) as output:
        jobs = jobs_of(config, plan, found(config, plan, output, stream))
        run = run_scenes("generate", output, make_scene, jobs, config.workers, stream)
        info = output.finish(complete=not run.failed)
        result = GenerateResult(output.path, info, run.made, run.failed)
        if keys is None or result.failed:
            return result
        return replace(result, info=sign_dataset(output.path, keys))


def found(
    config: GenerateConfig, plan: Plan, output: Output, stream: TextIO
) -> dict[str, list[int]]:
    """Return the numbers of the scenes of each scenario whose runs are kept by a condition."""
    if all(entry.keep_if is None for entry in plan.entries):
        return {}
    search = Search(output, config.workers, stream)
    return {
        entry.logical.name: search.find(entry, draws_of(config, entry))
        for entry in plan.entries
        if entry.keep_if is not None
    }


def draws_of(config: GenerateConfig, entry: PlanEntry) -> list[SceneJob]:
    """Return a job for each draw that may be simulated to find scenes."""
    assert entry.budget is not None
    job = _job_of(config)
    return [job(entry, index) for index in range(entry.first, entry.first + entry.budget)]


def jobs_of(
    config: GenerateConfig, plan: Plan, kept: Mapping[str, Sequence[int]] | None = None
) -> list[SceneJob]:
    """Return the jobs of a run, scenarios interleaved so that an early look sees them all.

    Parameters
    ----------
    kept : mapping of str to sequence of int, optional
        Numbers of the scenes, of scenarios that don't have all of them.
    """
    job = _job_of(config)
    numbers: list[Sequence[int]] = [
        (kept or {}).get(entry.logical.name, range(entry.first, entry.first + entry.num_scenes))
        for entry in plan.entries
    ]
    return [
        job(entry, mine[turn])
        for turn in range(max(len(mine) for mine in numbers))
        for entry, mine in zip(plan.entries, numbers, strict=True)
        if turn < len(mine)
    ]


def _job_of(config: GenerateConfig) -> Callable[[PlanEntry, int], SceneJob]:
    """Return what makes the job of an entry's scene."""
    sensors = parse_rig(config.sensors, "sensors=") if config.sensors else None
    layers = layers_of(config.layers)

    def job(entry: PlanEntry, index: int) -> SceneJob:
        return SceneJob(
            entry.logical,
            config.seed,
            index,
            config.out,
            sensors,
            config.renderer,
            quality=config.quality,
            layers=layers,
        )

    return job


def describe(config: GenerateConfig, plan: Plan) -> DatasetInfo:
    """Return what ``dataset.json`` says before the first scene."""
    own = [info for info in list_assets() if info.source == "procedural"]
    terms = sorted({(a.licence, a.creator, a.source) for a in own})
    return DatasetInfo(
        scenegen_version=__version__,
        seed=config.seed,
        config=resolved_config(config, plan),
        scenarios=tuple(
            ScenarioEntry(
                name=entry.logical.name,
                digest=entry.logical.digest,
                description=entry.logical.description,
                logical=entry.logical.canonical(),
                monitors={name: f.text for name, f in entry.logical.monitors.items()},
                search=None if entry.keep_if is None else summary(entry.keep_if.text, []),
            )
            for entry in plan.entries
        ),
        licences=tuple(
            Licence(what="3D assets and textures", licence=licence, attribution=by, source=source)
            for licence, by, source in terms
        ),
        synthetic=RENDERED_FRAMES,
        platform=describe_platform(opengl_info().renderer),
    )
