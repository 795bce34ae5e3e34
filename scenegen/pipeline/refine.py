"""A data set in, a data set out: the same labels, and colours that a camera could have seen."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen.dataset import DatasetInfo, open_dataset, sign_dataset
from scenegen.dataset.layout import SCENES, read_model
from scenegen.dataset.output import Output, open_output
from scenegen.errors import OutputError
from scenegen.pipeline.refine_claims import refined_claims
from scenegen.pipeline.refine_plan import plan_of
from scenegen.pipeline.refine_scene import RefinedSceneResult, SceneToRefine, refine_scene
from scenegen.pipeline.scene_run import SceneRun, run_scenes
from scenegen.refine.gate import Rejection, rejection
from scenegen.refine.records import REFINE, Flicker, RefinedScene

if TYPE_CHECKING:
    from scenegen.dataset import Dataset
    from scenegen.pipeline.refine_config import RefineConfig


@dataclass(frozen=True)
class RefineResult:
    """What a run made.

    Attributes
    ----------
    path : Path
    info : DatasetInfo
        As written to ``dataset.json``.
    made : tuple of RefinedSceneResult
        The scenes of this run; those kept from an earlier one are not among them.
    failed : dict
        Scene id to the message of the error that ended it.
    flicker : dict of Flicker
        By sensor, over all scenes that are there.
    rejection : Rejection or None
        What the label gate did to their frames; None without one.
    """

    path: Path
    info: DatasetInfo
    made: tuple[RefinedSceneResult, ...]
    failed: dict[str, str]
    flicker: dict[str, Flicker]
    rejection: Rejection | None


def refine(config: RefineConfig, stream: TextIO = sys.stderr) -> RefineResult:
    """Refine a data set. The bytes depend on it, the weights, the settings and the versions only.

    Raises
    ------
    InputError
        Before any work: data set, weights, device or the output folder are wrong.
    StorageError
        The disk filled up. Whole scenes stay and are indexed if there is room.
    """
    dataset = open_dataset(config.dataset)
    out = Path(config.out)
    if out.resolve().is_relative_to(dataset.path.resolve()):
        raise OutputError(f"{out}: lies in the data set that is refined; choose another out=")
    plan, info = plan_of(config, dataset)
    keys = config.c2pa.keys(info)
    with open_output(out, info, resume=config.resume) as output:
        tasks = [
            SceneToRefine(config.dataset, scene, config.out, plan, config.links)
            for scene in chosen_scenes(dataset, config.limit)
        ]
        run = run_scenes("refine", output, refine_scene, tasks, config.workers, stream)
        result = finish_refined(output, run)
        if keys is None or result.failed:
            return result
        signed = sign_dataset(output.path, keys, refined_claims(dataset))
        return replace(result, info=signed)


def chosen_scenes(dataset: Dataset, limit: int | None) -> list[str]:
    """Return the ids of the first scenes, scenarios by turns."""

    def turn(scene_id: str) -> tuple[str, str]:
        scenario, _, index = scene_id.rpartition("-")
        return index, scenario

    return sorted(dataset.scene_ids, key=turn)[:limit]


def finish_refined(output: Output, run: SceneRun[RefinedSceneResult]) -> RefineResult:
    """Index a run, and tell what holds for all scenes that are there."""
    scenes = [
        read_model(output.path / SCENES / scene / REFINE, RefinedScene)
        for scene in sorted(output.done())
    ]
    rejected = _note_rejection(output, scenes)
    info = output.finish(complete=not run.failed)
    return RefineResult(output.path, info, run.made, run.failed, _flicker(scenes), rejected)


def _note_rejection(output: Output, scenes: Sequence[RefinedScene]) -> Rejection | None:
    """Return what the label gate did to all frames, and let ``dataset.json`` say so."""
    records = [f.gate for scene in scenes for f in scene.frames if f.gate is not None]
    if not records or output.info.refinement is None:
        return None
    found = rejection(records)
    made = {"rejection": found.model_dump(mode="json")}
    refinement = output.info.refinement.model_copy(update=made)
    output.info = output.info.model_copy(update={"refinement": refinement})
    return found


def _flicker(scenes: Sequence[RefinedScene]) -> dict[str, Flicker]:
    """Return each sensor's flicker over all scenes."""
    found: dict[str, list[Flicker]] = {}
    for scene in scenes:
        for sensor, flicker in scene.flicker.items():
            found.setdefault(sensor, []).append(flicker)
    return {sensor: joined_flicker(parts) for sensor, parts in sorted(found.items())}


def joined_flicker(parts: Sequence[Flicker]) -> Flicker:
    """Return the flicker over several runs of frames, each pair counting alike."""
    pairs = sum(part.pairs for part in parts)

    def mean(values: list[float]) -> float:
        weighted = sum(part.pairs * value for part, value in zip(parts, values, strict=True))
        return weighted / max(pairs, 1)

    return Flicker(
        pairs=pairs,
        known=mean([part.known for part in parts]),
        rendered=math.sqrt(mean([part.rendered**2 for part in parts])),
        refined=math.sqrt(mean([part.refined**2 for part in parts])),
    )
