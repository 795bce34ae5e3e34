"""One scene, refined camera by camera and frame by frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from scenegen.dataset import FrameReader, SceneReader, open_dataset
from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.codecs import encode_rgb, encode_semantic
from scenegen.dataset.derived import DerivedScene
from scenegen.dataset.reader import TRUTH
from scenegen.evaluate.adapters.scenegen_set import scene_attributes
from scenegen.pipeline.refine_gate import Kept, kept
from scenegen.pipeline.refine_plan import RefinePlan, refiner_of
from scenegen.pipeline.refine_video import Film, Step
from scenegen.refine.protocol import Shown
from scenegen.refine.records import REFINE, Flicker, RefinedFrame, RefinedScene
from scenegen.refine.spec import STYLES


@dataclass(frozen=True)
class SceneToRefine:
    """A scene of a data set, for a worker.

    Attributes
    ----------
    out : str
        The folder of the data set that is made.
    """

    dataset: str
    scene_id: str
    out: str
    plan: RefinePlan
    links: bool = False


@dataclass(frozen=True)
class RefinedSceneResult:
    """What came of a scene: its id and how many frames were refined."""

    scene_id: str
    frames: int


def refine_scene(task: SceneToRefine) -> RefinedSceneResult:
    """Refine all camera frames of one scene and write it, whole or not at all.

    Raises
    ------
    DatasetError
        A file of the scene is missing, damaged or not what its manifest says.
    StorageError
        No space left.
    """
    plan = task.plan
    scene = open_dataset(task.dataset).scene(task.scene_id)
    style = _style(scene, plan)
    frames: list[RefinedFrame] = []
    flicker: dict[str, Flicker] = {}
    with _one_thread(), DerivedScene(scene, Path(task.out), task.links) as made:
        cameras = {reader.sensor for reader in scene.frames() if "rgb" in reader.entry.layers}
        for sensor in sorted(cameras):
            film = Film(scene.id, sensor, plan.seed, plan.video, plan.carry)
            for step, found in _refined(plan, film, scene.frames(sensor), style):
                made.write(_name(scene, step.reader, "rgb"), encode_rgb(found.rgb))
                if found.semantic is not None:
                    semantic = step.reader.path("semantic").read_bytes()
                    made.write(_name(scene, step.reader, TRUTH), semantic)
                    made.write(
                        _name(scene, step.reader, "semantic"), encode_semantic(found.semantic)
                    )
                frames.append(_record(plan, scene, step, found))
            if film.flicker.pairs:
                flicker[sensor] = film.flicker
        record = RefinedScene(
            weights=plan.digest,
            translator=refiner_of(plan).digest,
            frames=tuple(frames),
            flicker=flicker,
        )
        made.write(REFINE, canonical_json(record.model_dump(mode="json")))
    return RefinedSceneResult(task.scene_id, len(frames))


def _refined(
    plan: RefinePlan, film: Film, readers: Sequence[FrameReader], style: dict[str, str]
) -> Iterator[tuple[Step, Kept]]:
    """Refine the frames of one camera in the order of time."""
    refiner = refiner_of(plan)
    at_once = 1 if plan.carry else plan.settings.batch
    for first in range(0, len(readers), at_once):
        some = readers[first : first + at_once]
        steps: list[Step] = []
        for reader in some:
            shown = Shown(reader.rgb, plan.mapping.apply(reader.semantic), style)
            steps.append(film.step(reader, shown, refiner.noise_sizes(shown)))
        pictures = refiner.refined(
            [step.shown for step in steps],
            [step.noise for step in steps],
            [step.lead for step in steps],
        )
        for step, picture in zip(steps, pictures, strict=True):
            found = kept(plan.gate, refiner, step, picture)
            film.keep(step, found.rgb)
            yield step, found


def _name(scene: SceneReader, reader: FrameReader, kind: str) -> str:
    return reader.path(kind).relative_to(scene.path).as_posix()


def _record(plan: RefinePlan, scene: SceneReader, step: Step, found: Kept) -> RefinedFrame:
    return RefinedFrame(
        sensor=step.reader.sensor,
        frame=step.reader.index,
        rendered=scene.manifest.files[_name(scene, step.reader, "rgb")].sha256,
        seed=step.seed,
        carried=step.carried,
        strength=found.strength,
        guidance=plan.settings.guidance,
        style=dict(step.shown.style),
        gate=found.record,
    )


def _style(scene: SceneReader, plan: RefinePlan) -> dict[str, str]:
    """Return what the model is told of a whole scene."""
    known = scene_attributes(scene.path / "scenario.json")
    told = {key: str(known[key]) for key in STYLES if key in known}
    return {**told, **dict(plan.style)}


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch use one thread: sums in another order would be other bytes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
