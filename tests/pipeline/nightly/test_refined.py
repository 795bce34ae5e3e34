"""Versions whose colours are refined: made once, and as `refine` makes them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import scenegen
from scenegen.dataset import open_dataset
from scenegen.pipeline.nightly.executor import Executor, Listed
from scenegen.pipeline.nightly.local_backend import LocalBackend
from scenegen.pipeline.nightly.refining import RefineTask, RefineWork, refine_stored
from scenegen.pipeline.nightly.scenes import SceneState
from scenegen.pipeline.nightly.store import Made, Store
from scenegen.pipeline.refine_config import RefineConfig
from scenegen.pipeline.refine_plan import refiner_of
from tests.pipeline.tiny_refiner import refine_tiny, tiny_rendered, tiny_weights


@pytest.mark.slow
def test_refined_nights(night, made_again, tmp_path: Path) -> None:
    weights = tiny_weights(tmp_path / "tiny.safetensors")
    keys = f"weights: {weights}, design: sdedit, strength: 0.8, steps: 2, c2pa: {{sign: false}}"
    night.edit("quality: fast", f"quality: fast\nrefine: {{{keys}}}")
    first = night.run()
    assert first.ok
    folder = night.out / "tiny/versions" / first.version.id
    assert open_dataset(folder / "data").info.refinement is not None
    assert open_dataset(folder / "rendered").info.refinement is None
    alone = refine_tiny(folder / "rendered", weights, tmp_path / "alone", c2pa={"sign": False})
    assert scenegen.digest(str(alone.path)) == first.version.digest
    assert scenegen.verify(dataset=str(folder / "data")).ok
    refined, pictures = night.entries("refine"), night.entries("draw")
    assert len(refined) == 4

    second = night.run()
    assert second.version == first.version

    night.edit("strength: 0.8", "strength: 1.6")
    third = night.run()
    assert third.ok
    assert third.version.digest != first.version.digest
    assert made_again(refined, night.entries("refine")) == 4
    assert made_again(pictures, night.entries("draw")) == 0


def loads(task: RefineTask) -> tuple[int, int]:
    """Refine a scene; return which process did, and how often it has loaded a model."""
    refine_stored(task)
    return os.getpid(), refiner_of.cache_info().misses


@pytest.mark.slow
def test_a_process_loads_the_model_once(tmp_path: Path) -> None:
    rendered = tiny_rendered(tmp_path / "rendered")
    config = RefineConfig(
        dataset="-",
        out="-",
        weights=str(tiny_weights(tmp_path / "tiny.safetensors")),
        design="sdedit",
        steps=2,
        c2pa={"sign": False},
    )
    work = RefineWork(config, rendered, tmp_path / "out", Store(tmp_path / "store"))
    scenes = [path.name for path in sorted((rendered / "scenes").iterdir())]
    made = {
        f"{night} {scene}": SceneState(scene, "", labelled=Made("v", seen=f"{night} {scene}"))
        for night in range(2)
        for scene in scenes
    }
    tasks = [
        RefineTask(task.store, task.key, task.dataset, made[task.scene_id].scene_id, task.plan)
        for task in work.due(made)
    ]
    with Executor(LocalBackend(1)) as executor:
        found = [came for _, came in executor.run(loads, Listed(tasks), 600.0, lambda: False)]
    assert len(found) == 4
    assert len(set(found)) == 1
    assert found[0][1] == 1
