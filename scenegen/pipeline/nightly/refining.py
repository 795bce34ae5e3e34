"""The fourth stage: the colours of a scene refined; its labels stay where they are."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import open_dataset, open_output, sign_dataset
from scenegen.dataset.derived import DerivedScene
from scenegen.dataset.layout import SCENES, read_manifest
from scenegen.dataset.storage import storage_errors
from scenegen.pipeline.nightly.code import code_digest
from scenegen.pipeline.nightly.mending import let_go_refined
from scenegen.pipeline.nightly.observing import watched_stage, worker_name
from scenegen.pipeline.nightly.soundness import REFINED, files_digest
from scenegen.pipeline.nightly.store import Made, Store, finish, key_of
from scenegen.pipeline.nightly.tracing import carrier
from scenegen.pipeline.refine import finish_refined
from scenegen.pipeline.refine_claims import refined_claims
from scenegen.pipeline.refine_plan import RefinePlan, plan_of
from scenegen.pipeline.refine_scene import SceneToRefine, refine_scene
from scenegen.pipeline.scene_run import SceneRun
from scenegen.refine.weights import read_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenegen.dataset.schema import Refinement
    from scenegen.pipeline.nightly.scenes import SceneState
    from scenegen.pipeline.refine_config import RefineConfig

REFINING = "scenegen.pipeline.refine_scene"
WHOLE = "whole"


class RefineWork:
    """The refinement of one version.

    Parameters
    ----------
    config : RefineConfig
        Without folders.
    rendered, out : Path
        The data set as it was rendered, and where the refined one goes.
    """

    def __init__(self, config: RefineConfig, rendered: Path, out: Path, store: Store) -> None:
        self._config = config.model_copy(update={"dataset": str(rendered), "out": str(out)})
        self._rendered, self._out, self._store = rendered, out, store
        self._plan, self._info = plan_of(self._config, open_dataset(rendered))

    def keys(self, states: Mapping[str, SceneState]) -> dict[str, str]:
        """Return the key of each scene's refined pictures."""
        made = self._info.refinement
        assert made is not None
        return {
            name: refine_key(state.labelled, made)
            for name, state in states.items()
            if state.labelled is not None
        }

    def due(self, states: Mapping[str, SceneState]) -> list[RefineTask]:
        """Return what is to be refined; what is stored and damaged is let go of."""
        headers, store = carrier(), self._store
        return [
            RefineTask(str(self._store.root), key, str(self._rendered), name, self._plan, headers)
            for name, key in self.keys(states).items()
            if let_go_refined(store, name, key) or store.made("refine", key) is None
        ]

    def assemble(self, states: Mapping[str, SceneState]) -> None:
        """Write the refined data set, signed if the plan asks for it."""
        keys = self._config.c2pa.keys(self._info)
        with open_output(self._out, self._info, resume=True) as output:
            done = output.done()
            for name, key in self.keys(states).items():
                if name not in done:
                    place_refined(self._store, key, self._rendered, name, self._out)
            result = finish_refined(output, SceneRun((), {}))
        if keys is not None:
            sign_dataset(result.path, keys, refined_claims(open_dataset(self._rendered)))


def refiner_digest(config: RefineConfig) -> str:
    """Return the digest of a refiner's weights and of the code that applies them.

    Raises
    ------
    InputError
        There are no such weights.
    """
    weights = read_weights(config.weights).digest
    return key_of("refine", {"code": code_digest(REFINING), "by": weights})


@dataclass(frozen=True)
class RefineTask:
    """A scene to refine.

    Attributes
    ----------
    dataset : str
        The rendered one.
    carrier : dict of str to str
        Of the trace that it belongs to.
    """

    store: str
    key: str
    dataset: str
    scene_id: str
    plan: RefinePlan
    carrier: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refined:
    """What came of it.

    Attributes
    ----------
    worker : str
        Machine and process.
    """

    made: Made
    worker: str
    seconds: float


def refine_key(labelled: Made, made: Refinement) -> str:
    """Return the key of a scene's refined pictures: of what the refiner sees, and of the refiner.

    Parameters
    ----------
    made : Refinement
        As ``dataset.json`` of the refined set has it before any scene.
    """
    told = made.model_dump(mode="json", exclude={"source", "notes", "rejection"})
    return key_of("refine", {"code": code_digest(REFINING), "seen": labelled.seen, "by": told})


def refine_stored(task: RefineTask) -> Refined:
    """Refine a scene and store the files that differ from the rendered ones.

    Raises
    ------
    DatasetError
        A file of the scene is missing or damaged.
    """
    root = Path(task.store)
    with watched_stage(root, task.scene_id, "refine", task.carrier) as seconds:
        made = _refine(Store(root), task)
    return Refined(made, worker_name(), seconds())


def _refine(store: Store, task: RefineTask) -> Made:
    rendered = _manifest_files(Path(task.dataset), task.scene_id)
    with store.making("refine", task.key) as folder:
        whole = folder / WHOLE
        result = refine_scene(
            SceneToRefine(task.dataset, task.scene_id, str(whole), task.plan, links=True)
        )
        scene = whole / SCENES / task.scene_id
        hashes = {}
        for name, entry in read_manifest(scene).files.items():
            if rendered.get(name) == entry.sha256:
                (scene / name).unlink()
                continue
            place = folder / REFINED / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (scene / name).rename(place)
            hashes[name] = entry.sha256
        shutil.rmtree(whole)
        made = Made(value=files_digest(hashes), frames=result.frames)
        finish(folder, made)
    return made


def place_refined(store: Store, key: str, rendered: Path, scene_id: str, out: Path) -> None:
    """Put a refined scene into a data set: stored pictures, and the rendered scene's labels.

    Parameters
    ----------
    rendered, out : Path
        The data set that it was made from, and the one that it is for.
    """
    files = store.folder("refine", key) / REFINED
    with DerivedScene(open_dataset(rendered).scene(scene_id), out, links=True) as scene:
        for path in sorted(path for path in files.rglob("*") if path.is_file()):
            with storage_errors(path):
                scene.write(path.relative_to(files).as_posix(), path.read_bytes())


def _manifest_files(dataset: Path, scene_id: str) -> dict[str, str]:
    manifest = read_manifest(dataset / SCENES / scene_id)
    return {name: entry.sha256 for name, entry in manifest.files.items()}
