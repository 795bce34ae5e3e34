"""Versions whose colours are refined: made once, and as `refine` makes them."""

from __future__ import annotations

import json
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
from scenegen.pipeline.nightly.tracing import tracing
from scenegen.pipeline.refine_config import RefineConfig
from scenegen.pipeline.refine_plan import refiner_of
from tests.pipeline.nightly.receiver import Receiver
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
    lines = [json.loads(row) for row in (night.out / "log.jsonl").read_text().splitlines()]
    told = [line for line in lines if line.get("stage") == "refine"]
    assert {line["scene"] for line in told} == {
        f"{name}-{index:06d}" for name in ("calm", "brisk") for index in (0, 1)
    }
    assert all(line["seconds"] > 0 and line["frames"] > 0 for line in told)

    second = night.run()
    assert second.version == first.version

    night.edit("strength: 0.8", "strength: 1.6")
    third = night.run()
    assert third.ok
    assert third.version.digest != first.version.digest
    assert made_again(refined, night.entries("refine")) == 4
    assert made_again(pictures, night.entries("draw")) == 0


@pytest.mark.slow
def test_refining_belongs_to_the_trace_of_its_night(receiver: Receiver, tmp_path: Path) -> None:
    rendered, config = tiny_rendered(tmp_path / "rendered"), tiny_config(tmp_path)
    work = RefineWork(config, rendered, tmp_path / "out", Store(tmp_path / "store"))
    scene = min(path.name for path in (rendered / "scenes").iterdir())
    with tracing(True, "tiny"):
        (task,) = work.due({scene: SceneState(scene, "", labelled=Made("v", seen=scene))})
        with Executor(LocalBackend(1)) as executor:
            list(executor.run(refine_stored, Listed([task]), 600.0, lambda: False))
    named = {made.name: made for made, _ in receiver.spans}
    assert set(named) == {"night", "scene", "refine"}
    assert named["scene"].parent_span_id == named["night"].span_id
    assert named["refine"].parent_span_id == named["scene"].span_id


def tiny_config(folder: Path) -> RefineConfig:
    """Return what refines in two steps, by weights that are written into a folder."""
    return RefineConfig(
        dataset="-",
        out="-",
        weights=str(tiny_weights(folder / "tiny.safetensors")),
        design="sdedit",
        steps=2,
        c2pa={"sign": False},
    )


def loads(task: RefineTask) -> tuple[int, int]:
    """Refine a scene; return which process did, and how often it has loaded a model."""
    refine_stored(task)
    return os.getpid(), refiner_of.cache_info().misses


@pytest.mark.slow
def test_a_process_loads_the_model_once(tmp_path: Path) -> None:
    rendered = tiny_rendered(tmp_path / "rendered")
    config = tiny_config(tmp_path)
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
