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
from scenegen.pipeline.requested import requested, resolved_config
from scenegen.pipeline.scene import SceneJob, SceneResult, make_scene
from scenegen.pipeline.scene_run import run_scenes
from scenegen.render import info as opengl_info
from scenegen.sample import parse_rig

if TYPE_CHECKING:
    from scenegen.pipeline.config import GenerateConfig
    from scenegen.scenario import Plan


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
    """Make a data set. The bytes depend on scenarios, seed, sensors and version only.

    Parameters
    ----------
    config : GenerateConfig
    stream : text file
        Where progress goes.

    Raises
    ------
    InputError
        Before any work: a scenario, the sensors, the output folder or OpenGL is wrong.
    StorageError
        The disk filled up. Whole scenes stay and are indexed if there is room.
    """
    plan = requested(config)
    jobs = jobs_of(config, plan)
    info = describe(config, plan)
    keys = config.c2pa.keys(info)
    with open_output(config.out, info, resume=config.resume) as output:
        run = run_scenes("generate", output, make_scene, jobs, config.workers, stream)
        info = output.finish(complete=not run.failed)
        result = GenerateResult(output.path, info, run.made, run.failed)
        if keys is None or result.failed:
            return result
        return replace(result, info=sign_dataset(output.path, keys))


def jobs_of(config: GenerateConfig, plan: Plan) -> list[SceneJob]:
    """Return the jobs of a run, scenarios interleaved so that an early look sees them all."""
    sensors = parse_rig(config.sensors, "sensors=") if config.sensors else None
    return [
        SceneJob(
            entry.logical,
            config.seed,
            entry.first + turn,
            config.out,
            sensors,
            config.renderer,
            quality=config.quality,
        )
        for turn in range(max(entry.num_scenes for entry in plan.entries))
        for entry in plan.entries
        if turn < entry.num_scenes
    ]


def describe(config: GenerateConfig, plan: Plan) -> DatasetInfo:
    """Return what ``dataset.json`` says before the first scene."""
    logicals = [entry.logical for entry in plan.entries]
    own = [info for info in list_assets() if info.source == "procedural"]
    terms = sorted({(a.licence, a.creator, a.source) for a in own})
    return DatasetInfo(
        scenegen_version=__version__,
        seed=config.seed,
        config=resolved_config(config, plan),
        scenarios=tuple(
            ScenarioEntry(
                name=logical.name,
                digest=logical.digest,
                description=logical.description,
                logical=logical.canonical(),
                monitors={name: formula.text for name, formula in logical.monitors.items()},
            )
            for logical in logicals
        ),
        licences=tuple(
            Licence(what="3D assets and textures", licence=licence, attribution=by, source=source)
            for licence, by, source in terms
        ),
        synthetic=RENDERED_FRAMES,
        platform=describe_platform(opengl_info().renderer),
    )
